package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The closed forms of DU18 against samples of the network and against differences. */
class LearnedTest {
  @Test
  void gIsPiOneAndZeroAtItsThreeLandmarks() {
    assertEquals(Math.PI, Learned.g(0));
    assertEquals(1, Learned.g(Math.PI / 2), 1e-16);
    assertEquals(0, Learned.g(Math.PI), 1e-15);
  }

  @Test
  void theLossIsTheMeanOverGaussianInputs() {
    SplittableRandom random = new SplittableRandom(1);
    for (Teacher teacher : Networks.teachers()) {
      double[] v = Networks.normals(random, teacher.patchSize());
      double[] a = Networks.normals(random, teacher.patches());
      double norm = Networks.norm(v);
      double[] losses = new double[10_000];
      for (int i = 0; i < losses.length; i++) {
        double residual = 0;
        for (int j = 0; j < a.length; j++) {
          double[] z = Networks.normals(random, v.length);
          residual += a[j] * Math.max(dot(v, z) / norm, 0);
          residual -= teacher.output()[j] * Math.max(dot(teacher.filter(), z), 0);
        }
        losses[i] = residual * residual / 2;
      }
      assertMean(losses, Learned.loss(teacher, v, a));
    }
  }

  /** 6 standard errors: 2·10⁻⁹ each, below 10⁻⁶ for the 70 teachers together. */
  static void assertMean(double[] sample, double expectation) {
    double mean = Networks.sum(sample) / sample.length;
    double square = 0;
    for (double value : sample) {
      square += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(square / (sample.length - 1.0) / sample.length);
    assertEquals(expectation, mean, 6 * error);
  }

  @Test
  void theGradientsAreThoseOfTheLoss() {
    SplittableRandom random = new SplittableRandom(2);
    for (Teacher teacher : Networks.teachers()) {
      double[] v = Networks.normals(random, teacher.patchSize());
      double[] a = Networks.normals(random, teacher.patches());
      assertDerivatives(w -> Learned.loss(teacher, w, a), v, Learned.filterGradient(teacher, v, a));
      assertDerivatives(b -> Learned.loss(teacher, v, b), a, Learned.outputGradient(teacher, v, a));
    }
  }

  /**
   * Central differences over 2h = 2·10⁻⁵: off by h²f‴∕6 + 2⁻⁵³f∕h, below 10⁻⁷ where values and
   * third derivatives are below 10³, as they are here.
   */
  static void assertDerivatives(ToDoubleFunction<double[]> f, double[] at, double[] gradient) {
    assertEquals(at.length, gradient.length);
    double h = 1e-5;
    for (int i = 0; i < at.length; i++) {
      double[] above = at.clone();
      double[] below = at.clone();
      above[i] += h;
      below[i] -= h;
      assertEquals((f.applyAsDouble(above) - f.applyAsDouble(below)) / (2 * h), gradient[i], 1e-7);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
