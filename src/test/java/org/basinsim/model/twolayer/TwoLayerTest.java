package org.basinsim.model.twolayer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed forms of SS18 against their definitions. */
class TwoLayerTest {
  private static double[][] students(int n, int k, long seed) {
    Random random = new Random(seed);
    double[][] w = new double[n][k];
    for (double[] row : w) {
      for (int c = 0; c < k; c++) {
        row[c] = random.nextGaussian() / Math.sqrt(k);
      }
    }
    return w;
  }

  private static double output(double[][] w, double[] x) {
    double sum = 0;
    for (double[] row : w) {
      double z = 0;
      for (int c = 0; c < x.length; c++) {
        z += row[c] * x[c];
      }
      sum += Math.max(z, 0);
    }
    return sum;
  }

  private static double[][] basis(int k) {
    double[][] v = new double[k][k];
    for (int j = 0; j < k; j++) {
      v[j][j] = 1;
    }
    return v;
  }

  /** The mean of 200,000 draws lies within 5.5 standard errors but for 4·10⁻⁸ of all cases. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "3, 5", "7, 7", "11, 13"})
  void theLossIsHalfTheMeanSquare(int k, int n) {
    double[][] w = students(n, k, 5);
    double[][] v = basis(k);
    Random random = new Random(17);
    int draws = 200_000;
    double[] x = new double[k];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      for (int c = 0; c < k; c++) {
        x[c] = random.nextGaussian();
      }
      double residual = output(w, x) - output(v, x);
      double value = residual * residual / 2;
      sum += value;
      squares += value * value;
    }
    double mean = sum / draws;
    double error = Math.sqrt((squares / draws - mean * mean) / draws);
    assertEquals(mean, new TwoLayer(k).loss(w), 5.5 * error);
  }

  /** Central differences of step 10⁻⁵ are off by 10⁻¹⁰ of a third derivative and ε F∕10⁻⁵. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "3, 5", "7, 7", "11, 13", "5, 2"})
  void theGradientIsThatOfTheLoss(int k, int n) {
    TwoLayer network = new TwoLayer(k);
    double[][] w = students(n, k, 6);
    double[][] gradient = network.gradient(w);
    double h = 1e-5;
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < k; c++) {
        double at = w[i][c];
        w[i][c] = at + h;
        double above = network.loss(w);
        w[i][c] = at - h;
        double below = network.loss(w);
        w[i][c] = at;
        assertEquals((above - below) / (2 * h), gradient[i][c], 1e-7, i + " " + c);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20})
  void anyOrderOfTheTeachersIsAGlobalMinimum(int k) {
    double[][] turned = new double[k][];
    for (int i = 0; i < k; i++) {
      turned[(i + 1) % k] = basis(k)[i];
    }
    TwoLayer network = new TwoLayer(k);
    // n(n + k) kernels, each off by a few roundings.
    assertEquals(0, network.loss(turned), 1e-15 * 4 * k * k);
    TwoLayerState state = network.state(turned, network.gradient(turned));
    assertTrue(state.gradient() < 1e-15 * 40 * k);
    assertEquals(1, state.norm());
  }

  /**
   * Rayleigh quotients of the Hessian, by differences of the gradient along random directions and
   * those that power iteration makes of them, stay below the bound; and it is not idle.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "7, 7", "11, 13"})
  void theCurvatureIsBounded(int k, int n) {
    TwoLayer network = new TwoLayer(k);
    for (int seed = 0; seed < 5; seed++) {
      double[][] w = students(n, k, seed);
      double bound = network.curvature(w, new double[n][k], 0.1);
      double[][] direction = students(n, k, 100 + seed);
      double quotient = 0;
      for (int i = 0; i < 15; i++) {
        double[][] image = alongHessian(network, w, unit(direction));
        quotient = Math.abs(product(unit(direction), image));
        direction = image;
        assertTrue(quotient <= bound + 1e-5, quotient + " > " + bound);
      }
      assertTrue(bound < 60 * quotient, bound + " says little about " + quotient);
    }
  }

  /** (∂F(W + hU) − ∂F(W − hU))∕2h. */
  private static double[][] alongHessian(TwoLayer network, double[][] w, double[][] u) {
    double h = 1e-6;
    double[][] above = network.gradient(sum(w, h, u));
    double[][] below = network.gradient(sum(w, -h, u));
    return sum(new double[w.length][u[0].length], 1 / (2 * h), sum(above, -1, below));
  }

  private static double[][] sum(double[][] a, double factor, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int c = 0; c < a[0].length; c++) {
        sum[i][c] = a[i][c] + factor * b[i][c];
      }
    }
    return sum;
  }

  private static double product(double[][] a, double[][] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      for (int c = 0; c < a[0].length; c++) {
        product += a[i][c] * b[i][c];
      }
    }
    return product;
  }

  private static double[][] unit(double[][] a) {
    return sum(new double[a.length][a[0].length], 1 / Math.sqrt(product(a, a)), a);
  }

  /** From random starts, at the largest step for which the bound speaks. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "7, 7", "6, 11"})
  void aStepOfTwoOverTheCurvatureNeverRaisesTheLoss(int k, int n) {
    TwoLayer network = new TwoLayer(k);
    for (int seed = 0; seed < 3; seed++) {
      double[][] w = students(n, k, seed);
      for (int t = 0; t < 40; t++) {
        double[][] gradient = network.gradient(w);
        double step = 1;
        while (step > 2 / network.curvature(w, gradient, step)) {
          step *= 0.9;
        }
        assertTrue(step > 1e-3, "step " + step);
        double[][] next = sum(w, -step, gradient);
        assertTrue(network.loss(next) <= network.loss(w) + 1e-13, "step " + t);
        w = next;
      }
    }
  }

  /** Beside the teachers: above the bound descent leaves them, a tenth below it comes closer. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 20})
  void fromTheUnstableStepSizeOnDescentLeavesTheTeachers(int k) {
    TwoLayer network = new TwoLayer(k);
    double limit = network.unstableStepSize();
    for (double factor : new double[] {0.9, 1.005}) {
      double[][] away = new double[k][k];
      for (double[] row : away) {
        Arrays.fill(row, 1e-6);
      }
      double[][] w = sum(basis(k), 1, away);
      double before = network.loss(w);
      for (int t = 0; t < 20; t++) {
        w = sum(w, -factor * limit, network.gradient(w));
      }
      assertTrue(factor < 1 ? network.loss(w) < before : network.loss(w) > before, "k " + k);
    }
  }

  /** Two students that share a teacher: their sum is all that counts. */
  @Test
  void aTeacherMayBeSplit() {
    double[][] w = {{0.25, 0}, {0.75, 0}, {0, 1}};
    TwoLayer network = new TwoLayer(2);
    assertEquals(0, network.loss(w), 1e-15);
    assertTrue(network.state(w, network.gradient(w)).gradient() < 1e-14);
  }

  /** Against the angle by construction, as close to the ends as doubles go. */
  @Test
  void anglesAreAccurateNearTheirEnds() {
    for (double small : new double[] {0.3, 1e-3, 1e-8, 1e-13, 0}) {
      double[] u = {3, 0};
      double[] near = {5 * Math.cos(small), 5 * Math.sin(small)};
      double[] far = {-near[0], near[1]};
      assertEquals(small, TwoLayer.angle(u, near), 1e-15);
      assertEquals(Math.PI - small, TwoLayer.angle(u, far), 1e-15);
    }
    assertEquals(Math.PI / 2, TwoLayer.angle(new double[] {0, 2}, new double[] {7, 0}), 1e-15);
  }

  @Test
  void kernelsOfKnownAngles() {
    double[] u = {2, 0};
    assertEquals(2, TwoLayer.kernel(u, u), 1e-15);
    assertEquals(6 / (2 * Math.PI), TwoLayer.kernel(u, new double[] {0, 3}), 1e-15);
    assertEquals(0, TwoLayer.kernel(u, new double[] {-3, 0}), 1e-15);
    assertArrayEquals(new double[] {1, 0}, TwoLayer.kernelGradient(u, u), 1e-15);
  }
}
