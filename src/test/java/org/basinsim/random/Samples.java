package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Statistical assertions of false-alarm probability at most 1e-6 each. */
public final class Samples {
  /** A standard normal exceeds it in size with probability 1e-6. */
  public static final double SIGMAS = 4.9;

  private Samples() {}

  /** Kolmogorov–Smirnov: √n D exceeds 2.70 with probability 2 exp(−2·2.70²) = 0.93e-6. */
  public static void assertDistribution(double[] sample, DoubleUnaryOperator cumulative) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double n = sorted.length;
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double p = cumulative.applyAsDouble(sorted[i]);
      distance = Math.max(distance, Math.max(p - i / n, (i + 1) / n - p));
    }
    double statistic = Math.sqrt(n) * distance;
    assertTrue(statistic < 2.70, () -> "Kolmogorov–Smirnov statistic " + statistic);
  }

  /** The mean of f over the sample against its expectation, given the variance of one term. */
  public static void assertMean(
      double[] sample, DoubleUnaryOperator f, double expectation, double variance) {
    double mean = Arrays.stream(sample).map(f).average().orElseThrow();
    double sigmas = (mean - expectation) / Math.sqrt(variance / sample.length);
    assertTrue(Math.abs(sigmas) < SIGMAS, () -> mean + " is " + sigmas + " sigmas off");
  }
}
