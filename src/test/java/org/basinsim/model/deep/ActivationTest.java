package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the limit of infinite width takes from an activation, against sums and samples. */
class ActivationTest {
  /** Variances and covariance of (u, v): alike, apart, against each other, the same. */
  private static final double[][] COVARIANCES = {
    {1, 0.3, 1}, {0.4, -0.35, 0.9}, {1, 1, 1}, {0.8, 0, 0.2}, {1, 0.999, 1}
  };

  /** Differences err by h²σ''' ∕ 6 and by rounding, 2⁻⁵³·σ ∕ h: below 10⁻⁹ both. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void slopesAreThoseOfTheValues(Activation activation) {
    double h = 1e-5;
    for (double z = -6.03; z < 6; z += 0.05) {
      double difference = (activation.value(z + h) - activation.value(z - h)) / (2 * h);
      assertEquals(difference, activation.slope(z), 1e-9, "at " + z);
    }
  }

  @Test
  void valuesAreFiniteFarOut() {
    assertEquals(800, Activation.SOFTPLUS.value(800));
    assertEquals(0, Activation.SOFTPLUS.value(-800));
    for (Activation activation : Activation.values()) {
      for (double z : new double[] {-1e300, -745, 745, 1e300}) {
        double slope = activation.slope(z);
        assertTrue(slope >= 0 && slope <= 2, activation + " at " + z + ": " + slope);
        assertTrue(Double.isFinite(activation.value(z)), activation + " at " + z);
      }
    }
  }

  /**
   * The trapezoidal rule, which is exact to rounding for what is analytic in so wide a strip: its
   * error is e^{−2πε∕h}, with h = 0.1 and ε above 1. The quadrature's own is e^{−ε√160}, ε = π∕2 of
   * tanh and π of softplus; the error function's is its closed form's.
   */
  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"SOFTPLUS", "TANH", "ERF"})
  void expectationsAreSumsOverAGrid(Activation activation) {
    double tolerance = activation == Activation.TANH ? 1e-8 : 1e-12;
    for (double[] c : COVARIANCES) {
      String what = activation + " " + c[0] + " " + c[1] + " " + c[2];
      assertEquals(
          grid(activation::value, c),
          activation.expectedProduct(c[0], c[1], c[2]),
          tolerance,
          what);
      assertEquals(
          grid(activation::slope, c), activation.expectedSlopes(c[0], c[1], c[2]), tolerance, what);
      assertEquals(mean(activation, c[0]), activation.expected(c[0]), tolerance, what);
    }
  }

  /** The closed forms of the error function against the quadrature that the others go by. */
  @Test
  void quadratureGivesTheClosedFormsOfTheErrorFunction() {
    for (double[] c : COVARIANCES) {
      assertEquals(
          Activation.ERF.expectedProduct(c[0], c[1], c[2]),
          GaussHermite.expectation(Activation.ERF::value, c[0], c[1], c[2]),
          1e-12);
      assertEquals(
          Activation.ERF.expectedSlopes(c[0], c[1], c[2]),
          GaussHermite.expectation(Activation.ERF::slope, c[0], c[1], c[2]),
          1e-12);
    }
  }

  /**
   * Means of 40,000 samples, within 6.5 of their standard errors: a false alarm in 10⁻¹⁰ for each
   * of 60 means. Where a mean has no error, it is exact.
   */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void expectationsAreMeansOfSamples(Activation activation) {
    int samples = 40_000;
    SplittableRandom random = new SplittableRandom(11);
    for (double[] c : COVARIANCES) {
      double along = c[1] / Math.sqrt(c[0]);
      double across = Math.sqrt(Math.max(0, c[2] - along * along));
      double[] sums = new double[3];
      double[] squares = new double[3];
      for (int i = 0; i < samples; i++) {
        double s = random.nextGaussian();
        double u = Math.sqrt(c[0]) * s;
        double v = along * s + across * random.nextGaussian();
        double[] seen = {
          activation.value(u) * activation.value(v),
          activation.slope(u) * activation.slope(v),
          activation.value(u)
        };
        for (int k = 0; k < 3; k++) {
          sums[k] += seen[k] / samples;
          squares[k] += seen[k] * seen[k] / samples;
        }
      }
      double[] expected = {
        activation.expectedProduct(c[0], c[1], c[2]),
        activation.expectedSlopes(c[0], c[1], c[2]),
        activation.expected(c[0])
      };
      for (int k = 0; k < 3; k++) {
        double error = Math.sqrt(Math.max(0, squares[k] - sums[k] * sums[k]) / samples);
        assertEquals(expected[k], sums[k], 6.5 * error + 1e-9, activation + " " + k + " " + c[1]);
      }
    }
  }

  /** Cho, Saul (2009): parallel, orthogonal and opposite. */
  @Test
  void arcCosineKernelsHaveTheirKnownValues() {
    Activation relu = Activation.RELU;
    assertEquals(0.5, relu.expectedProduct(1, 1, 1), 1e-15);
    assertEquals(0.5, relu.expectedSlopes(1, 1, 1), 1e-15);
    assertEquals(1 / (2 * Math.PI), relu.expectedProduct(1, 0, 1), 1e-15);
    assertEquals(0.25, relu.expectedSlopes(1, 0, 1), 1e-15);
    assertEquals(0, relu.expectedProduct(1, -1, 1), 1e-15);
    assertEquals(0, relu.expectedSlopes(1, -1, 1), 1e-15);
    assertEquals(2, relu.normalization(), 1e-15);
    // A sixth of a turn, 2 and 3 long.
    double sixth = Math.PI / 3;
    assertEquals(
        6 * (Math.sin(sixth) + 2 * sixth * 0.5) / (2 * Math.PI),
        relu.expectedProduct(4, 3, 9),
        1e-14);
    assertEquals(1.0 / 3, relu.expectedSlopes(4, 3, 9), 1e-15);
  }

  /** A column of zeros is seen alike by all units: σ(0), and the slope there. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void nothingSeenIsAConstant(Activation activation) {
    double mean = activation.expected(0.7);
    assertEquals(
        activation.value(0) * mean, activation.expectedProduct(0, 0, 0.7), 1e-12, "product");
    assertEquals(
        activation.value(0) * mean, activation.expectedProduct(0.7, 0, 0), 1e-12, "product");
    double slope = Math.sqrt(activation.expectedSlopes(0, 0, 0));
    assertEquals(activation.slope(0), slope, 1e-12, "slope");
  }

  private static double grid(DoubleUnaryOperator g, double[] c) {
    double h = 0.1;
    double along = c[1] / Math.sqrt(c[0]);
    double across = Math.sqrt(Math.max(0, c[2] - along * along));
    double sum = 0;
    for (int i = -85; i <= 85; i++) {
      double s = i * h;
      double inner = 0;
      for (int j = -85; j <= 85; j++) {
        double t = j * h;
        inner += Math.exp(-t * t / 2) * g.applyAsDouble(along * s + across * t);
      }
      sum += Math.exp(-s * s / 2) * g.applyAsDouble(Math.sqrt(c[0]) * s) * inner;
    }
    return sum * h * h / (2 * Math.PI);
  }

  private static double mean(Activation activation, double variance) {
    double h = 0.1;
    double sum = 0;
    for (int i = -85; i <= 85; i++) {
      double s = i * h;
      sum += Math.exp(-s * s / 2) * activation.value(Math.sqrt(variance) * s);
    }
    return sum * h / Math.sqrt(2 * Math.PI);
  }
}
