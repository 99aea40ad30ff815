package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChiSquareTest {
  private static final long KEY = 77;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 14, 61})
  void distributionAndMoments(int n) {
    double[] sample = new double[30_000];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = ChiSquare.draw(n, KEY, i, Purpose.PERPENDICULAR, 3);
      // n/2 terms of relative error 4e-7 and as many roundings of 6e-8.
      assertEquals(
          sample[i],
          ChiSquare.drawSingle(n, KEY, i, Purpose.PERPENDICULAR, 3),
          (8e-7 + n * 3e-8) * sample[i]);
    }
    Samples.assertDistribution(sample, ChiSquaredDistribution.of(n)::cumulativeProbability);
    Samples.assertMean(sample, x -> x, n, 2.0 * n);
    // The fourth central moment is 12 n (n + 4); that of a square's variance subtracts (2n)².
    Samples.assertMean(sample, x -> (x - n) * (x - n), 2.0 * n, 12.0 * n * (n + 4) - 4.0 * n * n);
  }

  @Test
  void takesItsWordsInOrder() {
    assertEquals(0, ChiSquare.draw(0, KEY, 1, Purpose.PERPENDICULAR, 2));
    assertEquals(0, ChiSquare.words(0));
    for (int n = 1; n < 40; n++) {
      int next = 0;
      double sum = 0;
      if (n % 2 == 1) {
        double cosine = Elementary.cosineOfTurn(word(1));
        double normal = Math.sqrt(Gaussian.exponential(word(0))) * cosine;
        sum = normal * normal;
        next = 2;
      }
      for (int term = 0; term < n / 2; term++) {
        sum += Gaussian.exponential(word(next++));
      }
      assertEquals(sum, ChiSquare.draw(n, KEY, 1, Purpose.PERPENDICULAR, 2));
      assertEquals(next, ChiSquare.words(n));
    }
  }

  private static int word(int index) {
    return Philox.word(KEY, 1, Purpose.PERPENDICULAR, 2, index);
  }

  @Test
  void refusesNegativeDegreesOfFreedom() {
    assertThrows(
        IllegalArgumentException.class, () -> ChiSquare.draw(-1, KEY, 0, Purpose.INPUTS, 0));
  }
}
