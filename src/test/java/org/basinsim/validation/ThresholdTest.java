package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DU18 at the two ends of the output ratio. */
@Tag("validation")
class ThresholdTest {
  private static final int RESTARTS = 20_000;

  /** Spurious minima end at r = (k + π − 1)∕π: 1.32, 4.82, 8.64. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 25})
  void fromTheThresholdOnNoRestartIsSpurious(int k) {
    double threshold = (k + Math.PI - 1) / Math.PI;
    for (double ratio : new double[] {threshold, 1.01 * threshold, (threshold + k) / 2, k}) {
      ConvExperiment experiment = ConvCell.learned(k, 6, k == 1 ? 1 : ratio).build();
      byte[] outcomes = Collector.train(Quickest.backend(), experiment, RESTARTS).bytes("outcome");
      assertEquals(0, count(outcomes, Outcome.SPURIOUS), "r " + ratio);
      assertEquals(0, count(outcomes, Outcome.DIVERGED), "r " + ratio);
      // At the threshold itself escape is the slowest there is.
      assertTrue(count(outcomes, Outcome.GLOBAL) > 0.99 * RESTARTS, "r " + ratio);
    }
  }

  @Test
  void belowTheThresholdSomeAreSpurious() {
    ConvExperiment experiment = ConvCell.learned(25, 6, 0.5 * (25 + Math.PI - 1) / Math.PI).build();
    byte[] outcomes = Collector.train(Quickest.backend(), experiment, RESTARTS).bytes("outcome");
    assertTrue(count(outcomes, Outcome.SPURIOUS) > 0.1 * RESTARTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 13, 25, 100})
  void atRatioZeroOneHalfSucceeds(int k) {
    byte[] outcomes =
        Collector.train(Quickest.backend(), ConvCell.learned(k, 6, 0).build(), RESTARTS)
            .bytes("outcome");
    long global = count(outcomes, Outcome.GLOBAL);
    assertTrue(ExactTests.hasProbability(global, RESTARTS, 0.5) > 1e-6 / 4, global + " succeed");
    assertEquals(RESTARTS - global, count(outcomes, Outcome.SPURIOUS));
  }

  static long count(byte[] outcomes, Outcome outcome) {
    long count = 0;
    for (byte code : outcomes) {
      count += code == outcome.code() ? 1 : 0;
    }
    return count;
  }
}
