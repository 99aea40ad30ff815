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

  /**
   * ½ E(f − f*)² = (1∕4π) [(π−1)‖a‖² + (1ᵀa)² − 2((g(φ)−1) aᵀb* + 1ᵀa 1ᵀb*) + (π−1)‖b*‖² +
   * (1ᵀb*)²].
   *
   * @param v filter, length p, not zero
   * @param a output weights, length k
   */
  public static double loss(Teacher teacher, double[] v, double[] a) {
    double[] b = teacher.scaledOutput();
    double g = g(teacher.project(v).angle());
    double sum = sum(a);
    double teacherSum = sum(b);
    return ((Math.PI - 1) * dot(a, a)
            + sum * sum
            - 2 * ((g - 1) * dot(a, b) + sum * teacherSum)
            + (Math.PI - 1) * dot(b, b)
            + teacherSum * teacherSum)
        / (4 * Math.PI);
  }

  /** ∂ℓ∕∂a = (1∕2π) [(11ᵀ + (π−1)I) a − (11ᵀ + (g(φ)−1)I) b*], length k. */
  public static double[] outputGradient(Teacher teacher, double[] v, double[] a) {
    double[] b = teacher.scaledOutput();
    double g = g(teacher.project(v).angle());
    double sums = sum(a) - sum(b);
    double[] gradient = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      gradient[j] = (sums + (Math.PI - 1) * a[j] - (g - 1) * b[j]) / (2 * Math.PI);
    }
    return gradient;
  }

  /** ∂ℓ∕∂v = −(π−φ) aᵀb* ∕ (2π‖v‖) · (I − v̂v̂ᵀ) w*∕‖w*‖, length p. */
  public static double[] filterGradient(Teacher teacher, double[] v, double[] a) {
    ConvState state = teacher.project(v);
    double n = state.filterNorm();
    double factor = -(Math.PI - state.angle()) * dot(a, teacher.scaledOutput()) / (2 * Math.PI * n);
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
