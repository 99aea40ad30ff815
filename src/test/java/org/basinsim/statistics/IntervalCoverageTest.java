package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The coverage of each method, exactly, by enumerating all counts. */
class IntervalCoverageTest {
  private static final double CONFIDENCE = 0.95;
  private static final int GRID = 997;

  @ParameterizedTest
  @ValueSource(ints = {10, 50, 200, 1000})
  void wilsonCoversOnAverage(int n) {
    double mean = meanCoverage(intervals(IntervalMethod.WILSON, n));
    assertTrue(mean >= 0.945, "mean coverage " + mean);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 50, 200, 1000})
  void clopperPearsonCoversEverywhere(int n) {
    Interval[] intervals = intervals(IntervalMethod.CLOPPER_PEARSON, n);
    for (int i = 1; i < GRID; i++) {
      assertCovers(intervals, i / (double) GRID);
    }
    // Coverage jumps down where an interval ends: just beyond each end it is at its lowest.
    for (Interval interval : intervals) {
      if (interval.low() > 0) {
        assertCovers(intervals, interval.low() * (1 - 1e-9));
      }
      if (interval.high() < 1) {
        assertCovers(intervals, interval.high() * (1 + 1e-9));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 50, 200, 1000})
  void jeffreysCoversOnAverage(int n) {
    double mean = meanCoverage(intervals(IntervalMethod.JEFFREYS, n));
    // Brown, Cai and DasGupta 2001 find its mean within half a per cent of nominal from n = 10 on.
    assertEquals(CONFIDENCE, mean, 0.005);
  }

  private static Interval[] intervals(IntervalMethod method, int n) {
    Interval[] intervals = new Interval[n + 1];
    for (int x = 0; x <= n; x++) {
      intervals[x] = method.of(x, n, CONFIDENCE);
    }
    return intervals;
  }

  private static double meanCoverage(Interval[] intervals) {
    double sum = 0;
    for (int i = 1; i < GRID; i++) {
      sum += coverage(intervals, i / (double) GRID);
    }
    return sum / (GRID - 1);
  }

  private static void assertCovers(Interval[] intervals, double p) {
    // 10⁻¹² for the sum of at most 1001 probabilities, each good to 10⁻¹³ relative.
    double coverage = coverage(intervals, p);
    assertTrue(coverage >= CONFIDENCE - 1e-12, "coverage " + coverage + " at p = " + p);
  }

  /** The probability of a count whose interval contains p. */
  private static double coverage(Interval[] intervals, double p) {
    BinomialDistribution law = BinomialDistribution.of(intervals.length - 1, p);
    double sum = 0;
    for (int x = 0; x < intervals.length; x++) {
      if (intervals[x].contains(p)) {
        sum += law.probability(x);
      }
    }
    return sum;
  }
}
