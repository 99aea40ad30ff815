package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.StartLaw.Filter;
import org.basinsim.model.conv.StartLaw.Output;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** BG17, theorem 5.1: with average output and no overlap, descent from random starts succeeds. */
@Tag("validation")
class BrutzkusTest {
  private static final int RESTARTS = 5_000;

  @ParameterizedTest
  @EnumSource
  void noRestartIsSpuriousAndFewAreSlow(Filter filter) {
    ConvExperiment experiment =
        ConvCell.average(10, 2)
            .start(new StartLaw(filter, Output.ZERO, 0, false))
            .stepSize(0.1)
            .maxSteps(10_000)
            .build();
    Outcomes rows = Collector.train(Quickest.backend(), experiment, RESTARTS);
    byte[] outcomes = rows.bytes("outcome");
    assertEquals(0, ThresholdTest.count(outcomes, Outcome.SPURIOUS));
    assertEquals(0, ThresholdTest.count(outcomes, Outcome.DIVERGED));
    // Those that pass close to the degenerate saddle: under one in a hundred.
    assertTrue(ThresholdTest.count(outcomes, Outcome.UNDECIDED) < 0.01 * RESTARTS);
  }
}
