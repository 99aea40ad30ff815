package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.model.conv.Noise.Epoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTest {
  /** The schedule of Zhou et al. 2019. */
  private static final Noise PUBLISHED = new Noise(36, 1, 0.4, 0.8, 400);

  @Test
  void theEpochsAreThePublishedOnes() {
    List<Epoch> schedule = PUBLISHED.schedule(0.1, 8000);
    assertEquals(20, schedule.size());
    assertEquals(new Epoch(0.1, 36, 1), schedule.getFirst());
    for (int e = 0; e < 20; e++) {
      // e products, each within half an ulp.
      double rounding = (e + 2) * 0x1p-53;
      assertEquals(0.1 * Math.pow(0.8, e), schedule.get(e).stepSize(), 0.1 * rounding);
      assertEquals(36 * Math.pow(0.4, e), schedule.get(e).filter(), 36 * rounding);
      assertEquals(Math.pow(0.4, e), schedule.get(e).output(), rounding);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "399, 0", "400, 1", "7999, 19", "8000, 19", "2147483647, 19"})
  void anEpochEndsWithItsLastStepAndTheLastNever(int step, int epoch) {
    assertEquals(epoch, PUBLISHED.epoch(step, 20));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "400, 1", "401, 2", "7999, 20", "8001, 21"})
  void aBudgetBringsAsManyEpochsAsItBegins(int maxSteps, int epochs) {
    assertEquals(epochs, PUBLISHED.epochs(maxSteps));
    assertEquals(epochs, PUBLISHED.schedule(0.1, maxSteps).size());
  }

  /** What no longer changes needs no more rows, whatever the budget. */
  @Test
  void aScheduleEndsWhereNothingChanges() {
    Noise constant = new Noise(2, 1, 1, 1, 1);
    assertEquals(List.of(new Epoch(0.1, 2, 1)), constant.schedule(0.1, Integer.MAX_VALUE));
    List<Epoch> faded = new Noise(2, 1, 0.5, 0.25, 1).schedule(0.1, Integer.MAX_VALUE);
    // 2⁻⁶⁰ < 10⁻¹⁸ < 2⁻⁵⁹.
    assertEquals(new Epoch(0, 0, 0), faded.getLast());
    assertTrue(faded.get(59).output() > 0);
    assertEquals(0, faded.get(60).output());
  }

  @Test
  void moreEpochsThanATableHoldsAreRefused() {
    Noise slow = new Noise(2, 1, 0.999999, 1, 1);
    assertEquals(1 << 16, slow.schedule(0.1, 1 << 16).size());
    assertThrows(IllegalArgumentException.class, () -> slow.schedule(0.1, (1 << 16) + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 1 1 1", "1 -1 1 1", "1 1 0 1", "1 1 1.1 1", "1 1 1 0", "NaN 1 1 1"})
  void whatIsNoScheduleIsRefused(String numbers) {
    double[] of = List.of(numbers.split(" ")).stream().mapToDouble(Double::valueOf).toArray();
    assertThrows(IllegalArgumentException.class, () -> new Noise(of[0], of[1], of[2], of[3], 400));
  }

  @Test
  void noiseLeavesNoVerdictAndNeedsThePopulation() {
    ConvCell noisy = ConvCell.learned(5, 3, 1).noise(PUBLISHED);
    assertThrows(IllegalArgumentException.class, noisy::build); // the default ends by verdict
    ConvExperiment experiment = noisy.near(0.05, 0.1).build();
    assertFalse(experiment.stopsByVerdict());
    assertTrue(experiment.columns().stream().anyMatch(c -> c.name().equals("basin")));
    assertThrows(IllegalArgumentException.class, () -> noisy.projected(7).build());
    ConvCell average = ConvCell.average(5, 3).near(0.05, 0.1).noise(PUBLISHED);
    assertThrows(IllegalArgumentException.class, average::build);
  }
}
