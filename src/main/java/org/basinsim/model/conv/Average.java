package org.basinsim.model.conv;

/**
 * Population descent with average output and no overlap (BG17): f(x; w) = (1∕k) Σ_i σ(w·x_i), loss
 * E(f − f*)². Closed on (x, y), the filter along and beside the teacher's.
 *
 * <p>With β = (k² − k)∕2π and s, b and G(φ) of the {@link Activation}, γ = β + k(π + b)∕2π = β +
 * k(1 + α²)∕2s (with ReLU s = 1, b = 0 and G = g),
 *
 * <pre>
 *   ℓ  = (s∕k²) [ γ(‖w‖² + ‖w*‖²) − (k∕π) ‖w‖‖w*‖ G(φ) − 2β‖w‖‖w*‖ ]
 *   ∇ℓ = (s∕k²) [ 2γ w − (k∕π)(‖w*‖ sin φ · w∕‖w‖ + (π − φ + b) w*) − 2β‖w*‖ w∕‖w‖ ]
 * </pre>
 *
 * Critical points: w = 0, from where the loss falls towards w*, the only minimum w*, and where b <
 * k − 1 a saddle at −((β − kb∕2π)∕γ) w*, degenerate with ReLU. With a slope it is not: as G falls
 * all the way to φ = π, and is flat there with G″ = b, the loss has its maximum over all directions
 * there. So no restart is spurious, whatever the slope.
 */
public final class Average {
  private final int k;
  private final double teacherNorm;
  private final Activation activation;
  private final double beta;
  private final double gamma;

  /** The population of an experiment. */
  public static Average of(ConvExperiment experiment) {
    return new Average(experiment.teacher(), experiment.network().slope());
  }

  /** With ReLU. */
  public Average(Teacher teacher) {
    this(teacher, 0);
  }

  /**
   * With leaky ReLU.
   *
   * @param slope α, 0 ≤ α < 1
   */
  public Average(Teacher teacher, double slope) {
    this.activation = new Activation(slope);
    this.k = teacher.patches();
    this.teacherNorm = teacher.filterNorm();
    this.beta = ((double) k * k - k) / (2 * Math.PI);
    this.gamma = beta + k * (1 + slope * slope) / (2 * activation.bent());
  }

  /** k²∕γ: from this step size on descent cannot settle at the teacher. */
  public static double divergentStepSize(int patches) {
    return divergentStepSize(patches, 0);
  }

  /**
   * k²∕(sγ) = k²∕((1−α)²β + (1+α²) k∕2), the same bound with leaky ReLU.
   *
   * @param slope α
   */
  public static double divergentStepSize(int patches, double slope) {
    double k = patches;
    double beta = new Activation(slope).bent() * (k * k - k) / (2 * Math.PI);
    return k * k / (beta + k * (1 + slope * slope) / 2);
  }

  /** Population loss E(f − f*)². */
  public double loss(ConvState s) {
    double n = s.filterNorm();
    double cross = k / Math.PI * activation.g(s.angle()) + 2 * beta;
    return scale() * (gamma * (n * n + teacherNorm * teacherNorm) - cross * n * teacherNorm);
  }

  /** s∕k², in front of loss and gradient. */
  public double scale() {
    return activation.bent() / ((double) k * k);
  }

  /** β. */
  public double beta() {
    return beta;
  }

  /** γ. */
  public double gamma() {
    return gamma;
  }

  /** The gradient along and beside w*: {∂ℓ∕∂x, ∂ℓ∕∂y}. */
  public double[] gradient(ConvState s) {
    double n = s.filterNorm();
    double radial = 2 * gamma - (k / Math.PI * s.y() / n + 2 * beta) * teacherNorm / n;
    double left = Math.PI - s.angle() + activation.tilt();
    double toTeacher = k / Math.PI * left * teacherNorm;
    return new double[] {scale() * (radial * s.x() - toTeacher), scale() * radial * s.y()};
  }

  /** The same gradient in full dimension, length p. */
  public double[] gradient(Teacher teacher, double[] w) {
    ConvState s = teacher.project(w);
    double[] plane = gradient(s);
    double[] unit = teacher.unitFilter();
    double[] gradient = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      double beside = s.y() == 0 ? 0 : (w[i] - s.x() * unit[i]) / s.y();
      gradient[i] = plane[0] * unit[i] + plane[1] * beside;
    }
    return gradient;
  }

  /** One step of descent of size η. */
  public ConvState step(ConvState s, double stepSize) {
    double[] gradient = gradient(s);
    return new ConvState(
        s.x() - stepSize * gradient[0], Math.abs(s.y() - stepSize * gradient[1]), 0, 0, 0);
  }

  /** ‖w*‖. */
  public double teacherNorm() {
    return teacherNorm;
  }

  /** ‖w − w*‖. */
  public double distance(ConvState s) {
    double along = s.x() - teacherNorm;
    return Math.sqrt(along * along + s.y() * s.y());
  }

  /** (β − kb∕2π)∕γ: where it is positive, that many times −w* is the saddle. */
  public double saddle() {
    return (beta - k * activation.tilt() / (2 * Math.PI)) / gamma;
  }
}
