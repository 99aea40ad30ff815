package org.basinsim.model.twolayer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    assertTrue(network.state(turned).gradient() < 1e-15 * 40 * k);
    assertEquals(1, network.state(turned).norm());
  }

  /** Two students that share a teacher: their sum is all that counts. */
  @Test
  void aTeacherMayBeSplit() {
    double[][] w = {{0.25, 0}, {0.75, 0}, {0, 1}};
    assertEquals(0, new TwoLayer(2).loss(w), 1e-15);
    assertTrue(new TwoLayer(2).state(w).gradient() < 1e-14);
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
