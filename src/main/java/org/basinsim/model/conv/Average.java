package org.basinsim.model.conv;

/**
 * Population descent with average output and no overlap (BG17): f(x; w) = (1∕k) Σ_i σ(w·x_i), loss
 * E(f − f*)². Closed on (x, y), the filter along and beside the teacher's.
 *
 * <p>With β = (k² − k)∕2π, γ = β + k∕2 and κ the arc-cosine kernel,
 *
 * <pre>
 *   ℓ  = k⁻² [ γ(‖w‖² + ‖w*‖²) − 2k κ(w, w*) − 2β‖w‖‖w*‖ ],   κ(w, w*) = ‖w‖‖w*‖ g(φ) ∕ 2π
 *   ∇ℓ = k⁻² [ 2γ w − (k∕π)(‖w*‖ sin φ · w∕‖w‖ + (π − φ) w*) − 2β‖w*‖ w∕‖w‖ ]
 * </pre>
 *
 * Critical points: w = 0, the only minimum w*, and for k > 1 a degenerate saddle at −(β∕γ) w*.
 */
public final class Average {
  private final int k;
  private final double teacherNorm;
  private final double slope;
  private final double bent;
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
   * With leaky ReLU, of which E σ(u·x)σ(v·x) = α u·v + (1−α)² κ(u, v): β is (1−α)² times that of
   * ReLU, γ = β + (1 + α²) k∕2, and α u·v + (1−α)² κ stands for κ.
   *
   * @param slope α, 0 ≤ α < 1
   */
  public Average(Teacher teacher, double slope) {
    this.slope = slope;
    this.bent = (1 - slope) * (1 - slope);
    this.k = teacher.patches();
    this.teacherNorm = teacher.filterNorm();
    this.beta = bent * ((double) k * k - k) / (2 * Math.PI);
    this.gamma = beta + k * (1 + slope * slope) / 2.0;
  }

  /** k²∕γ: from this step size on descent cannot settle at the teacher. */
  public static double divergentStepSize(int patches) {
    double k = patches;
    return k * k / ((k * k - k) / (2 * Math.PI) + k / 2);
  }

  /**
   * The same bound with leaky ReLU.
   *
   * @param slope α
   */
  public static double divergentStepSize(int patches, double slope) {
    double k = patches;
    double beta = (1 - slope) * (1 - slope) * (k * k - k) / (2 * Math.PI);
    return k * k / (beta + k * (1 + slope * slope) / 2);
  }

  /** Population loss E(f − f*)². */
  public double loss(ConvState s) {
    double n = s.filterNorm();
    double kernel =
        bent * n * teacherNorm * Learned.g(s.angle()) / (2 * Math.PI) + slope * s.x() * teacherNorm;
    return (gamma * (n * n + teacherNorm * teacherNorm)
            - 2 * k * kernel
            - 2 * beta * n * teacherNorm)
        / ((double) k * k);
  }

  /** The gradient along and beside w*: {∂ℓ∕∂x, ∂ℓ∕∂y}. */
  public double[] gradient(ConvState s) {
    double n = s.filterNorm();
    double radial = 2 * gamma - (bent * k / Math.PI * s.y() / n + 2 * beta) * teacherNorm / n;
    double toTeacher =
        bent * k / Math.PI * (Math.PI - s.angle()) * teacherNorm + 2 * k * slope * teacherNorm;
    double scale = 1 / ((double) k * k);
    return new double[] {scale * (radial * s.x() - toTeacher), scale * radial * s.y()};
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

  /** β∕γ: with ReLU the degenerate saddle lies at −(β∕γ) w*, for k > 1. */
  public double saddle() {
    return beta / gamma;
  }
}
