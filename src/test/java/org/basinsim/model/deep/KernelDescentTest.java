package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The closed form against the iteration r ← (I − ηK) r itself. */
class KernelDescentTest {

  /** At steps below and above 2∕λ_max, where the loss falls and grows. */
  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 0.5", "7, 0.5", "7, 1.9", "7, 2.05", "31, 1"})
  void lossesAreThoseOfTheIteration(int n, double relative) {
    SplittableRandom random = new SplittableRandom(n);
    double[] factor = random.doubles(n * n, -1, 1).toArray();
    double[] kernel = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          kernel[i * n + j] += factor[i * n + k] * factor[j * n + k];
        }
      }
    }
    double[] residuals = random.doubles(n, -3, 3).toArray();
    double stepSize = relative / Spectrum.extremes(kernel, n)[1];
    KernelDescent descent = new KernelDescent(kernel, residuals, stepSize);
    double start = 0;
    for (int t = 0; t <= 100; t++) {
      double loss = 0;
      for (double r : residuals) {
        loss += r * r / 2;
      }
      start = t == 0 ? loss : start;
      // Each step rounds n products.
      double error = 1e-15 * n * (t + 1) * Math.max(start, loss);
      assertEquals(loss, descent.loss(t), error, "step " + t);
      double[] next = residuals.clone();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          next[i] -= stepSize * kernel[i * n + j] * residuals[j];
        }
      }
      residuals = next;
    }
  }
}
