package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Kernels from inner products against those of gradients written out. */
class TangentKernelTest {
  private static final int SAMPLES = 3;
  private static final int POSITIONS = 5;
  private static final int ROWS = SAMPLES * POSITIONS;

  private final SplittableRandom random = new SplittableRandom(1);

  /** ∂f_i∕∂W = Σ_p δ_ip φ_ipᵀ of two layers, and ∂f_i∕∂a = x_i. */
  @Test
  void sumsAreThoseOfTheGradients() {
    double[] phi1 = drawn(7);
    double[] delta1 = drawn(4);
    double[] phi2 = drawn(11);
    double[] delta2 = drawn(2);
    double[] outputs = drawn(6);
    TangentKernel.Sum sum = new TangentKernel.Sum(SAMPLES, POSITIONS);
    sum.add(products(phi1, 7), products(delta1, 4));
    sum.add(products(phi2, 11), products(delta2, 2));
    sum.addOutput(products(outputs, 6));
    TangentKernel kernel = sum.kernel();

    double[][] first = gradients(phi1, 7, delta1, 4);
    double[][] second = gradients(phi2, 11, delta2, 2);
    assertEquals(SAMPLES, kernel.samples());
    for (int i = 0; i < SAMPLES; i++) {
      for (int j = 0; j < SAMPLES; j++) {
        double last = dot(second[i], second[j]);
        double output = 0;
        for (int k = 0; k < POSITIONS * 6; k++) {
          output += outputs[i * POSITIONS * 6 + k] * outputs[j * POSITIONS * 6 + k];
        }
        assertEquals(last, kernel.last()[i * SAMPLES + j], 1e-12);
        assertEquals(
            dot(first[i], first[j]) + last + output, kernel.tangent()[i * SAMPLES + j], 1e-12);
      }
    }
  }

  /** diag(1, 2) and what is 3 and 5 further along its axes. */
  @Test
  void distancesAreTheLargestEigenvalueOfTheDifference() {
    TangentKernel kernel = new TangentKernel(new double[] {1, 0, 0, 2}, new double[] {3, 0, 0, 3});
    TangentKernel other = new TangentKernel(new double[] {4, 0, 0, -3}, new double[4]);
    assertEquals(5, kernel.distance(other), 1e-15);
    assertEquals(5, other.distance(kernel), 1e-15);
    assertArrayEquals(new double[] {1, 2}, kernel.extremes(), 1e-15);
    assertArrayEquals(new double[] {3, 3}, kernel.lastExtremes(), 1e-15);
  }

  private double[] drawn(int columns) {
    return random.doubles(ROWS * columns, -1, 1).toArray();
  }

  private static double[] products(double[] rows, int columns) {
    double[] products = new double[ROWS * ROWS];
    for (int r = 0; r < ROWS; r++) {
      for (int s = 0; s < ROWS; s++) {
        for (int c = 0; c < columns; c++) {
          products[r * ROWS + s] += rows[r * columns + c] * rows[s * columns + c];
        }
      }
    }
    return products;
  }

  private static double[][] gradients(double[] phi, int inputs, double[] delta, int units) {
    double[][] gradients = new double[SAMPLES][units * inputs];
    for (int row = 0; row < ROWS; row++) {
      for (int u = 0; u < units; u++) {
        for (int c = 0; c < inputs; c++) {
          gradients[row / POSITIONS][u * inputs + c] +=
              delta[row * units + u] * phi[row * inputs + c];
        }
      }
    }
    return gradients;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
