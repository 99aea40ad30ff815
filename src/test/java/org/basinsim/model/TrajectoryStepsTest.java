package org.basinsim.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrajectoryStepsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16, 17, 1000, 40_000, Integer.MAX_VALUE})
  void theyRiseFromZeroToTheBudget(int budget) {
    int[] steps = TrajectorySteps.upTo(budget);
    assertEquals(0, steps[0]);
    assertEquals(budget, steps[steps.length - 1]);
    for (int i = 1; i < steps.length; i++) {
      assertTrue(steps[i] > steps[i - 1]);
    }
  }

  @Test
  void smallStepsAreAllThereAndDecadesHoldSixteen() {
    int[] steps = TrajectorySteps.upTo(1_000_000);
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, Arrays.copyOf(steps, 8));
    assertEquals(16, Arrays.stream(steps).filter(s -> s >= 1000 && s < 10_000).count());
    assertEquals(16, Arrays.stream(steps).filter(s -> s >= 100_000 && s < 1_000_000).count());
  }

  @Test
  void nextFindsTheFirstThatIsNotBefore() {
    int[] steps = {0, 1, 4, 9};
    assertEquals(0, TrajectorySteps.next(steps, 0));
    assertEquals(2, TrajectorySteps.next(steps, 2));
    assertEquals(2, TrajectorySteps.next(steps, 4));
    assertEquals(4, TrajectorySteps.next(steps, 10));
  }
}
