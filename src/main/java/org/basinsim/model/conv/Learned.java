package org.basinsim.model.conv;

/**
 * Population loss and gradients with learned output weights, in full dimension: the formulas of
 * DU18, for a teacher with unit filter and output weights b* = ‖w*‖ a*.
 */
public final class Learned {
  private Learned() {}

  /** g(φ) = (π − φ) cos φ + sin φ, from π at 0 to 0 at π. */
  public static double g(double angle) {
    return (Math.PI - angle) * Math.cos(angle) + Math.sin(angle);
  }

  /** {@link #loss(Teacher, Activation, double[], double[])} with ReLU. */
  public static double loss(Teacher teacher, double[] v, double[] a) {
    return loss(teacher, Activation.RELU, v, a);
  }

  /**
   * ½ E(f − f*)² = (s∕4π) [(G(0)−1)‖a‖² + (1ᵀa)² − 2((G(φ)−1) aᵀb* + 1ᵀa 1ᵀb*) + (G(0)−1)‖b*‖² +
   * (1ᵀb*)²].
   *
   * @param v filter, length p, not zero
   * @param a output weights, length k
   */
  public static double loss(Teacher teacher, Activation activation, double[] v, double[] a) {
    double[] b = teacher.scaledOutput();
    double own = activation.most() - 1;
    double cross = activation.g(teacher.project(v).angle()) - 1;
    double sum = sum(a);
    double teacherSum = sum(b);
    return activation.bent()
        * (own * dot(a, a)
            + sum * sum
            - 2 * (cross * dot(a, b) + sum * teacherSum)
            + own * dot(b, b)
            + teacherSum * teacherSum)
        / (4 * Math.PI);
  }

  /** {@link #outputGradient(Teacher, Activation, double[], double[])} with ReLU. */
  public static double[] outputGradient(Teacher teacher, double[] v, double[] a) {
    return outputGradient(teacher, Activation.RELU, v, a);
  }

  /** ∂ℓ∕∂a = (s∕2π) [(11ᵀ + (G(0)−1)I) a − (11ᵀ + (G(φ)−1)I) b*], length k. */
  public static double[] outputGradient(
      Teacher teacher, Activation activation, double[] v, double[] a) {
    double[] b = teacher.scaledOutput();
    double own = activation.most() - 1;
    double cross = activation.g(teacher.project(v).angle()) - 1;
    double sums = sum(a) - sum(b);
    double scale = activation.bent() / (2 * Math.PI);
    double[] gradient = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      gradient[j] = scale * (sums + own * a[j] - cross * b[j]);
    }
    return gradient;
  }

  /** {@link #filterGradient(Teacher, Activation, double[], double[])} with ReLU. */
  public static double[] filterGradient(Teacher teacher, double[] v, double[] a) {
    return filterGradient(teacher, Activation.RELU, v, a);
  }

  /** ∂ℓ∕∂v = −s(π−φ+b) aᵀb* ∕ (2π‖v‖) · (I − v̂v̂ᵀ) w*∕‖w*‖, length p. */
  public static double[] filterGradient(
      Teacher teacher, Activation activation, double[] v, double[] a) {
    ConvState state = teacher.project(v);
    double n = state.filterNorm();
    double left = Math.PI - state.angle() + activation.tilt();
    double product = dot(a, teacher.scaledOutput());
    double factor = -activation.bent() * left * product / (2 * Math.PI * n);
    double[] w = teacher.unitFilter();
    double[] gradient = new double[v.length];
    for (int i = 0; i < v.length; i++) {
      gradient[i] = factor * (w[i] - state.x() / n * v[i] / n);
    }
    return gradient;
  }

  private static double sum(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value;
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
