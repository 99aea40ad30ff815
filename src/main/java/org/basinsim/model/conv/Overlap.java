package org.basinsim.model.conv;

/**
 * Population loss with average output and patches that may overlap (BG17): f(x; w) = (1∕k) Σ_i
 * σ(w_i·x), w_i the filter placed at patch i of a standard normal input x of (k − 1)·stride + p
 * numbers, loss E(f − f*)².
 *
 * <p>With κ(u, v) = E σ(u·x)σ(v·x) = ‖u‖‖v‖ g(θ) ∕ 2π, θ the angle between u and v,
 *
 * <pre>
 *   ℓ  = k⁻² Σ_ij [ κ(w_i, w_j) − 2κ(w_i, w*_j) + κ(w*_i, w*_j) ]
 *   ∇ℓ = (1∕πk²) Σ_ij { ‖w‖ [sin θ_ij ŵ + (π − θ_ij) T ŵ] − ‖w*‖ [sin θ*_ij ŵ + (π − θ*_ij) T ŵ*] }
 * </pre>
 *
 * A term depends on the signed shift s = i − j alone: (T v)_c = v_{c + s·stride}, 0 outside; there
 * are k − |s| such pairs. Patches that have nothing in common are orthogonal. Angles are 2 atan2(‖û
 * − v̂‖, ‖û + v̂‖), accurate at both ends.
 *
 * <p>With leaky ReLU π − θ + b stands for π − θ everywhere, in g too, and s times the loss: see
 * {@link Activation}.
 *
 * <p>Without overlap this is {@link Average}. With it there may be minima beside the teacher.
 */
public final class Overlap {
  /** ‖∇ℓ‖ ∕ ‖w*‖ up to which a filter counts as stationary in double precision. */
  private static final double STATIONARY = 1e-9;

  /** A gradient is a sum of about so many numbers of its terms' size, each rounded once. */
  private static final double ROUNDINGS = 64;

  /** Of second derivatives in double precision, relative to ‖w‖. */
  private static final double DIFFERENCE = 1e-6;

  /** Steps in a row that a filter has to be stationary for before its curvature is looked at. */
  public static final int QUIET_STEPS = 100;

  /** Loss of a minimum that is not the teacher's, relative to E f*²; there it is 0. */
  private static final double BAD_LOSS = 1e-6;

  /** The least curvature of a minimum, relative to the mean one: what differences still resolve. */
  public static final double LEAST_CURVATURE = 1e-4;

  private final int k;
  private final int p;
  private final int stride;
  private final int reach;
  private final double teacherNorm;
  private final double[] teacher;
  private final Activation activation;

  /** The population of an experiment. */
  public static Overlap of(ConvExperiment experiment) {
    return new Overlap(
        experiment.teacher(),
        experiment.network().stride(),
        new Activation(experiment.network().slope()));
  }

  /** With ReLU. */
  public Overlap(Teacher teacher, int stride) {
    this(teacher, stride, Activation.RELU);
  }

  /**
   * @param teacher its filter and its number of patches
   * @param stride 1 … p
   * @param activation σ
   */
  public Overlap(Teacher teacher, int stride, Activation activation) {
    this.activation = activation;
    this.k = teacher.patches();
    this.p = teacher.patchSize();
    this.stride = stride;
    this.reach = Math.min((p - 1) / stride, k - 1);
    this.teacherNorm = teacher.filterNorm();
    this.teacher = teacher.unitFilter();
  }

  /** The largest shift between two patches that have an input in common. */
  public int reach() {
    return reach;
  }

  /** Number of ordered pairs of patches at a shift. */
  public double pairs(int shift) {
    return k - Math.abs(shift);
  }

  /** Number of ordered pairs of patches that have no input in common. */
  public double pairsApart() {
    double apart = (double) k * k;
    for (int s = -reach; s <= reach; s++) {
      apart -= pairs(s);
    }
    return apart;
  }

  /** ‖w*‖. */
  public double teacherNorm() {
    return teacherNorm;
  }

  /** ‖∇ℓ‖ up to which a filter counts as stationary: rounding sets it in single precision. */
  public double stationaryGradient(double unitRoundoff) {
    return Math.max(STATIONARY, ROUNDINGS * unitRoundoff) * teacherNorm;
  }

  /**
   * By how much to move a filter for second derivatives, relative to its norm: rounding spoils a
   * smaller difference in single precision, where errors of its square, u^⅔, and of u over it meet.
   */
  public static double difference(double unitRoundoff) {
    return Math.max(
        DIFFERENCE, unitRoundoff > DIFFERENCE * DIFFERENCE ? Math.cbrt(unitRoundoff) : 0);
  }

  /** Population loss E(f − f*)² of a filter. */
  public double loss(double[] w) {
    double n = norm(w);
    double[] unit = scaled(w, 1 / n);
    double apart = pairsApart();
    double sum = apart * (n - teacherNorm) * (n - teacherNorm);
    for (int s = -reach; s <= reach; s++) {
      double own = activation.g(angle(unit, unit, s)) * n * n;
      double cross = activation.g(angle(unit, teacher, s)) * n * teacherNorm;
      double labels = activation.g(angle(teacher, teacher, s)) * teacherNorm * teacherNorm;
      sum += pairs(s) * (own - 2 * cross + labels);
    }
    return activation.bent() * sum / (2 * Math.PI * k * k);
  }

  /** Population gradient at a filter, length p. */
  public double[] gradient(double[] w) {
    double n = norm(w);
    double[] unit = scaled(w, 1 / n);
    double radial = pairsApart() * (n - teacherNorm);
    double[] gradient = new double[p];
    for (int s = -reach; s <= reach; s++) {
      double own = angle(unit, unit, s);
      double cross = angle(unit, teacher, s);
      radial += pairs(s) * (n * Math.sin(own) - teacherNorm * Math.sin(cross));
      addShifted(gradient, pairs(s) * n * (activation.most() - own), unit, s);
      addShifted(gradient, -pairs(s) * teacherNorm * (activation.most() - cross), teacher, s);
    }
    for (int c = 0; c < p; c++) {
      gradient[c] = activation.bent() * (gradient[c] + radial * unit[c]) / (Math.PI * k * k);
    }
    return gradient;
  }

  /** Second derivatives at a filter, p × p, by central differences of the gradient. */
  public double[][] hessian(double[] w) {
    // The gradient has kinks of second order where filters are parallel: the error is of order h.
    double h = DIFFERENCE * norm(w);
    double[][] hessian = new double[p][p];
    for (int i = 0; i < p; i++) {
      double[] above = w.clone();
      double[] below = w.clone();
      above[i] += h;
      below[i] -= h;
      double[] up = gradient(above);
      double[] down = gradient(below);
      for (int j = 0; j < p; j++) {
        double value = (up[j] - down[j]) / (4 * h);
        hessian[i][j] += value;
        hessian[j][i] += value;
      }
    }
    return hessian;
  }

  /** Whether a stationary filter is at a minimum that is not the teacher. */
  public boolean isBadMinimum(double[] w) {
    return loss(w) > badLoss() && curvesUpwards(w);
  }

  /** A minimum of a larger loss is not the teacher's. */
  public double badLoss() {
    return BAD_LOSS * teacherNorm * teacherNorm / divergentStepSize();
  }

  /** 2πk² E f*² ∕ s, the part that patches without a common input add left out. */
  public double labels() {
    double sum = 0;
    for (int s = -reach; s <= reach; s++) {
      sum += pairs(s) * activation.g(angle(teacher, teacher, s));
    }
    return sum * teacherNorm * teacherNorm;
  }

  /** Whether the loss curves upwards in every direction, by the pivots of Cholesky. */
  public boolean curvesUpwards(double[] w) {
    double[][] a = hessian(w);
    double trace = 0;
    for (int i = 0; i < p; i++) {
      trace += a[i][i];
    }
    for (int i = 0; i < p; i++) {
      a[i][i] -= LEAST_CURVATURE * trace / p;
    }
    for (int i = 0; i < p; i++) {
      if (!(a[i][i] > 0)) {
        return false;
      }
      for (int j = i + 1; j < p; j++) {
        double factor = a[j][i] / a[i][i];
        for (int c = i; c < p; c++) {
          a[j][c] -= factor * a[i][c];
        }
      }
    }
    return true;
  }

  /**
   * ‖w*‖² ∕ E f*²: from this step size on descent cannot settle at the teacher, where the loss
   * curves by 2 E f*² ∕ ‖w*‖² along w*.
   */
  public double divergentStepSize() {
    double sum = pairsApart() + labels() / (teacherNorm * teacherNorm);
    return 2 * Math.PI * k * k / (activation.bent() * sum);
  }

  /**
   * Where p = 2 and stride = 1 with ReLU have their bad minimum: at −c w* for the teacher w* = (−u,
   * u), by BG17.
   *
   * @param patches k ≥ 2
   * @return c
   */
  public static double badMinimum(int patches) {
    double k = patches;
    double far = (k - 1) * (k - 2);
    double root = Math.sqrt(3) / 2;
    return (2 * (k - 1) * (root + Math.PI / 3) + far)
        / (Math.PI * k + 2 * (k - 1) * (root - Math.PI / 6) + far);
  }

  /** The angle between unit filter u at patch s and unit filter v at patch 0. */
  private double angle(double[] u, double[] v, int s) {
    double difference = 0;
    double sum = 0;
    int from = s * stride;
    for (int at = Math.min(from, 0); at < Math.max(from, 0) + p; at++) {
      double x = at >= from && at < from + p ? u[at - from] : 0;
      double y = at >= 0 && at < p ? v[at] : 0;
      difference += (x - y) * (x - y);
      sum += (x + y) * (x + y);
    }
    return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum));
  }

  private void addShifted(double[] target, double factor, double[] v, int s) {
    int by = s * stride;
    for (int c = Math.max(0, -by); c < Math.min(p, p - by); c++) {
      target[c] += factor * v[c + by];
    }
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double[] scaled(double[] vector, double factor) {
    double[] result = vector.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }
}
