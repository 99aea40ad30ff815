package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Coverage of nominal 95 % intervals over simulated clusters of planted correlation. */
class ClusteredCoverageTest {
  private static final double CONFIDENCE = 0.95;
  private static final double[] PROBABILITIES = {0.1, 0.25, 0.5, 0.75, 0.9};
  private static final int ROUNDS = 1000;

  /**
   * An interval that covers nominally falls below this with probability 10⁻⁶: 4.7534 standard
   * deviations of the mean of independent rounds, 0.95 × 0.05 being their largest variance.
   */
  private static final double LEAST =
      CONFIDENCE
          - 4.7534 * Math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / (ROUNDS * PROBABILITIES.length));

  @ParameterizedTest
  @CsvSource({"16, 0", "16, 0.1", "16, 0.3", "16, 0.5", "40, 0.3"})
  void covers(int clusters, double correlation) {
    for (IntervalMethod method : IntervalMethod.values()) {
      double coverage = coverage(method, clusters, correlation, true);
      assertTrue(coverage >= LEAST, method.label() + " covers " + coverage);
    }
  }

  /** What the clusters are for: an interval that takes them for independent restarts. */
  @ParameterizedTest
  @CsvSource({"16, 0.1, 0.92", "16, 0.3, 0.85", "16, 0.5, 0.8"})
  void independentRestartsWouldUndercover(int clusters, double correlation, double most) {
    double coverage = coverage(IntervalMethod.WILSON, clusters, correlation, false);
    assertTrue(coverage <= most && coverage < LEAST, "covers " + coverage);
  }

  private static double coverage(
      IntervalMethod method, int clusters, double correlation, boolean clustered) {
    SplittableRandom random = new SplittableRandom(20_260_731);
    int[] sizes = {3, 4, 5, 7, 12};
    int covered = 0;
    for (double p : PROBABILITIES) {
      for (int round = 0; round < ROUNDS; round++) {
        ClusteredCounts counts = new ClusteredCounts();
        for (int i = 0; i < clusters; i++) {
          int size = sizes[i % sizes.length];
          counts.add(size, betaBinomial(random, size, p, correlation));
        }
        Interval interval =
            clustered
                ? counts.interval(method, CONFIDENCE)
                : method.of(counts.successes(), counts.size(), CONFIDENCE);
        covered += interval.contains(p) ? 1 : 0;
      }
    }
    return covered / (double) (ROUNDS * PROBABILITIES.length);
  }

  /** Pólya's urn: its counts are beta-binomial with the given intraclass correlation. */
  private static int betaBinomial(SplittableRandom random, int size, double p, double correlation) {
    int successes = 0;
    for (int drawn = 0; drawn < size; drawn++) {
      double weight = correlation * drawn + 1 - correlation;
      if (random.nextDouble() * weight < correlation * successes + (1 - correlation) * p) {
        successes++;
      }
    }
    return successes;
  }

  /** Of the four sign flips of a start exactly two succeed, or in some starts one or three. */
  @Test
  void coversSignQuadruples() {
    SplittableRandom random = new SplittableRandom(3);
    for (IntervalMethod method : IntervalMethod.values()) {
      int covered = 0;
      for (int round = 0; round < 1000; round++) {
        ClusteredCounts counts = new ClusteredCounts();
        for (int i = 0; i < 16; i++) {
          counts.add(4, round % 2 == 0 ? 2 : random.nextInt(1, 4));
        }
        covered += counts.interval(method, CONFIDENCE).contains(0.5) ? 1 : 0;
      }
      // Starts that split alike vary less than independent ones, so nominal is a lower bound.
      double least = CONFIDENCE - 4.7534 * Math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / 1000);
      assertTrue(covered / 1000.0 >= least, method.label() + " covers " + covered + " of 1000");
    }
  }
}
