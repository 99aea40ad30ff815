package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalMethodTest {
  /** Newcombe, Statistics in Medicine 17 (1998) 857-872, Table I, methods 3 and 5. */
  @ParameterizedTest
  @CsvSource({
    "WILSON, 81, 263, 0.2553, 0.3662",
    "WILSON, 15, 148, 0.0624, 0.1605",
    "WILSON, 0, 20, 0, 0.1611",
    "WILSON, 1, 29, 0.0061, 0.1718",
    "CLOPPER_PEARSON, 81, 263, 0.2527, 0.3676",
    "CLOPPER_PEARSON, 15, 148, 0.0578, 0.1617",
    "CLOPPER_PEARSON, 0, 20, 0, 0.1684",
    "CLOPPER_PEARSON, 1, 29, 0.0009, 0.1776"
  })
  void agreesWithPublishedIntervals(
      IntervalMethod method, int successes, int n, double low, double high) {
    Interval interval = method.of(successes, n, 0.95);
    // The table has four decimals: half a unit of the last.
    assertEquals(low, interval.low(), 0.5e-4);
    assertEquals(high, interval.high(), 0.5e-4);
  }

  @ParameterizedTest
  @CsvSource({"3, 10, 0.95", "1, 17, 0.9", "500, 1000, 0.99", "3, 10000000, 0.95"})
  void wilsonEndsSolveTheScoreEquation(int successes, int n, double confidence) {
    // Tabulated quantiles of the normal law.
    double z =
        confidence == 0.9
            ? 1.6448536269514722
            : confidence == 0.95 ? 1.959963984540054 : 2.5758293035489004;
    Interval interval = IntervalMethod.WILSON.of(successes, n, confidence);
    for (double p : new double[] {interval.low(), interval.high()}) {
      double score = (successes - n * p) / Math.sqrt(n * p * (1 - p));
      // The high end carries 1 ulp of 1 and the score moves by √(n/(p(1-p))) per unit of p: in the
      // last case 1.1 × 10⁻¹⁶ × √(10⁷/9 × 10⁻⁷) = 4 × 10⁻¹⁰.
      assertEquals(z, Math.abs(score), 1e-9);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 10, 0.95", "1, 17, 0.9", "10, 10, 0.95", "500, 1000, 0.99", "3, 10000000, 0.95"})
  void clopperPearsonEndsLeaveHalfTheRiskInEachBinomialTail(
      int successes, int n, double confidence) {
    Interval interval = IntervalMethod.CLOPPER_PEARSON.of(successes, n, confidence);
    double tail = (1 - confidence) / 2;
    double above = BinomialDistribution.of(n, interval.low()).survivalProbability(successes - 1);
    // Ten digits: the relative error of a tail is √n times that of p or less, 3000 × 10⁻¹⁴ here.
    assertEquals(tail, above, 1e-10 * tail);
    if (successes < n) {
      double below = BinomialDistribution.of(n, interval.high()).cumulativeProbability(successes);
      // The high end is near 0 in the last case and carries 1 ulp of 1: 10⁻¹⁶/10⁻⁶ relative.
      assertEquals(tail, below, 1e-8 * tail);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 10", "1, 17", "2.7, 9.1", "500, 1000"})
  void jeffreysEndsLeaveHalfTheRiskInEachPosteriorTail(double successes, double n) {
    // With p = sin²θ the posterior's density in θ is sin^2x cos^2(n-x): smooth, without end poles.
    double peak = Math.asin(Math.sqrt(successes / n));
    DoubleUnaryOperator density =
        theta ->
            Math.exp(
                2 * successes * Math.log(Math.sin(theta) / Math.sin(peak))
                    + 2 * (n - successes) * Math.log(Math.cos(theta) / Math.cos(peak)));
    Interval interval = IntervalMethod.JEFFREYS.of(successes, n, 0.95);
    double whole = midpoint(density, 0, Math.PI / 2);
    double below = midpoint(density, 0, Math.asin(Math.sqrt(interval.low())));
    double above = midpoint(density, Math.asin(Math.sqrt(interval.high())), Math.PI / 2);
    // Midpoint rule: width² × curvature/24 = (π/2/20000)² × 4n/24 < 10⁻⁶ relative at n = 1000.
    assertEquals(0.025, below / whole, 0.025 * 2e-6);
    assertEquals(0.025, above / whole, 0.025 * 2e-6);
  }

  private static double midpoint(DoubleUnaryOperator density, double from, double to) {
    int cells = 20_000;
    double width = (to - from) / cells;
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      sum += density.applyAsDouble(from + (i + 0.5) * width);
    }
    return sum * width;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 7, 12.5, 1e7})
  void noSuccessAndNoFailureHaveTheirClosedForms(double n) {
    double z = 1.959963984540054;
    double wilson = z * z / (n + z * z);
    double clopperPearson = -Math.expm1(Math.log(0.025) / n);
    // 1 minus the other end: absolute error of a few ulp of 1.
    assertEquals(wilson, IntervalMethod.WILSON.of(0, n, 0.95).high(), 1e-15);
    assertEquals(clopperPearson, IntervalMethod.CLOPPER_PEARSON.of(0, n, 0.95).high(), 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void endsAreZeroAndOneAtTheExtremesAndNowhereElse(IntervalMethod method) {
    assertEquals(0, method.of(0, 13, 0.95).low());
    assertEquals(1, method.of(13, 13, 0.95).high());
    assertTrue(method.of(1, 13, 0.95).low() > 0);
    assertTrue(method.of(12, 13, 0.95).high() < 1);
    assertEquals(new Interval(0, 1), method.of(0, 0, 0.95));
  }

  @ParameterizedTest
  @EnumSource
  void isSymmetricContainsTheEstimateAndGrowsWithConfidence(IntervalMethod method) {
    for (double n : new double[] {1, 2, 13, 40.25}) {
      for (double x = 0; x <= n; x += 0.25) {
        Interval interval = method.of(x, n, 0.95);
        Interval mirrored = method.of(n - x, n, 0.95);
        // One subtraction from 1 is rounded at most: 2⁻⁵³.
        assertEquals(interval.low(), 1 - mirrored.high(), 2e-16);
        assertTrue(interval.contains(x / n), method + " at " + x + " of " + n);
        Interval wider = method.of(x, n, 0.99);
        assertTrue(wider.low() <= interval.low() && interval.high() <= wider.high());
      }
    }
  }

  @Test
  void labelsNameTheMethods() {
    assertEquals(IntervalMethod.WILSON, IntervalMethod.of("wilson"));
    assertEquals(IntervalMethod.CLOPPER_PEARSON, IntervalMethod.of("clopper-pearson"));
    assertEquals(IntervalMethod.JEFFREYS, IntervalMethod.of("jeffreys"));
    var error = assertThrows(IllegalArgumentException.class, () -> IntervalMethod.of("Wald"));
    assertEquals(
        "interval method \"Wald\" is not one of wilson, clopper-pearson, jeffreys",
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1, 5, 0.95", "6, 5, 0.95", "NaN, 5, 0.95", "1, NaN, 0.95", "1, 5, 0", "1, 5, 1"})
  void refusesArgumentsOutsideTheirRange(double successes, double n, double confidence) {
    for (IntervalMethod method : IntervalMethod.values()) {
      assertThrows(IllegalArgumentException.class, () -> method.of(successes, n, confidence));
    }
  }

  @Test
  void anIntervalIsOrdered() {
    assertThrows(IllegalArgumentException.class, () -> new Interval(0.5, 0.4));
    assertThrows(IllegalArgumentException.class, () -> new Interval(Double.NaN, 1));
    assertTrue(new Interval(0.2, 0.4).contains(0.4));
    assertFalse(new Interval(0.2, 0.4).contains(0.41));
  }
}
