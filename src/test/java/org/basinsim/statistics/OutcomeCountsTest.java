package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutcomeCountsTest {
  @Test
  void undecidedAndDivergedStayInTheDenominator() {
    OutcomeCounts counts = new OutcomeCounts(30, 50, 15, 5);
    assertEquals(100, counts.total());
    assertEquals(0.3, counts.estimate());
    assertEquals(0.45, counts.estimateWithUndecided());
    for (IntervalMethod method : IntervalMethod.values()) {
      assertEquals(method.of(30, 100, 0.9), counts.interval(method, 0.9));
    }
  }

  @Test
  void withoutRestartsNothingIsKnown() {
    OutcomeCounts counts = new OutcomeCounts(0, 0, 0, 0);
    assertTrue(Double.isNaN(counts.estimate()));
    assertEquals(new Interval(0, 1), counts.interval(IntervalMethod.WILSON, 0.95));
  }

  @Test
  void refusesNegativeCountsAndOverflow() {
    assertThrows(IllegalArgumentException.class, () -> new OutcomeCounts(1, 1, -1, 1));
    OutcomeCounts large = new OutcomeCounts(Long.MAX_VALUE, 1, 0, 0);
    assertThrows(ArithmeticException.class, large::total);
  }
}
