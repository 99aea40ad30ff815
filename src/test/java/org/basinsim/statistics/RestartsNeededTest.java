package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsNeededTest {
  /** Whole quotients, (1 - p)^m = δ exactly in decimals, must not round up by one. */
  @ParameterizedTest
  @CsvSource({
    "0.9, 0.01, 2",
    "0.5, 0.25, 2",
    "0.5, 0.2500001, 2",
    "0.5, 0.2499999, 3",
    "0.1, 0.59049, 5",
    "0.5, 0.05, 5",
    "0.99, 0.5, 1",
    "1, 0.000001, 1",
    "0, 0.05, Infinity"
  })
  void countsRestarts(double probability, double failure, double expected) {
    Interval point = new Interval(probability, probability);
    RestartsNeeded needed = RestartsNeeded.of(probability, point, failure);
    assertEquals(expected, needed.estimate());
    assertEquals(new Interval(expected, expected), needed.interval());
  }

  @Test
  void isTheSmallestNumberThatSuffices() {
    // Not a power of a grid value, where rounding would decide.
    double failure = 0.0031337;
    for (int i = 1; i < 1000; i++) {
      double p = i / 1000.0;
      double m = RestartsNeeded.of(p, new Interval(p, p), failure).estimate();
      assertTrue(Math.pow(1 - p, m) <= failure, "at p = " + p);
      assertTrue(m == 1 || Math.pow(1 - p, m - 1) > failure, "at p = " + p);
    }
  }

  @Test
  void keepsDigitsAtSmallProbabilities() {
    // -ln δ / p to first order in p: the next term is p/2 relative, 2 × 10⁶ × 5 × 10⁻¹³ < 1.
    double needed = RestartsNeeded.of(1e-12, new Interval(0, 1), 0.05).estimate();
    assertEquals(-Math.log(0.05) * 1e12, needed, 3);
  }

  @Test
  void intervalRunsFromTheHighProbabilityToTheLow() {
    Interval none = IntervalMethod.WILSON.of(0, 20, 0.95);
    RestartsNeeded needed = RestartsNeeded.of(0, none, 0.05);
    // ln 0.05 / ln(1 - 0.1611) = 17.05.
    assertEquals(new Interval(18, Double.POSITIVE_INFINITY), needed.interval());
    assertEquals(Double.POSITIVE_INFINITY, needed.estimate());
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0.05", "1.1, 0.05", "NaN, 0.05", "0.5, 0", "0.5, 1", "0.5, NaN"})
  void refusesArgumentsOutsideTheirRange(double probability, double failure) {
    Interval all = new Interval(0, 1);
    assertThrows(
        IllegalArgumentException.class, () -> RestartsNeeded.of(probability, all, failure));
  }
}
