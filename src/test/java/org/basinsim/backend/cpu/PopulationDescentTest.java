package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.start.ConvStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PopulationDescentTest {

  /** Ten times more restarts than lanes, which end at very different steps. */
  @ParameterizedTest
  @EnumSource
  void aRestartThatTakesUpALaneLeftByAnotherEndsAsIfAlone(Precision precision) {
    ConvExperiment experiment = ConvCell.learned(13, 3, 2).recordAll().precision(precision).build();
    Outcomes together = train(experiment, 0, 2503);
    int[] steps = together.ints("steps");
    assertTrue(Arrays.stream(steps).max().orElseThrow() > 4 * Arrays.stream(steps).sum() / 2503);
    for (int restart : new int[] {0, 1, 255, 256, 257, 1000, 2047, 2501, 2502}) {
      Outcomes alone = train(experiment, restart, 1);
      assertEquals(alone.bytes("outcome")[0], together.bytes("outcome")[restart]);
      assertEquals(alone.ints("steps")[0], steps[restart]);
      assertEquals(alone.ints("phase_one_steps")[0], together.ints("phase_one_steps")[restart]);
      for (String column : new String[] {"loss", "angle", "final_mean", "start_rest"}) {
        assertEquals(alone.reals(column)[0], together.reals(column)[restart], 0.0, column);
      }
      int length = alone.reals("trajectory_loss").length;
      assertArrayEquals(
          alone.reals("trajectory_loss"),
          Arrays.copyOfRange(
              together.reals("trajectory_loss"), restart * length, (restart + 1) * length));
    }
  }

  /** Step sizes at which the mean contracts, overshoots, and nearly diverges (bound 0.83). */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.5, 0.8})
  void theVerdictIsTheReductionsAtEveryStepSize(double stepSize) {
    for (double ratio : new double[] {0, 1, 3, 6, 13}) {
      ConvExperiment experiment =
          ConvCell.learned(13, 6, ratio).stepSize(stepSize).maxSteps(300).build();
      LearnedReduction reduction = new LearnedReduction(experiment.teacher(), stepSize);
      ConvStart start = new ConvStart(experiment);
      Outcomes rows = train(experiment, 0, 500);
      for (int i = 0; i < 500; i++) {
        ConvState state = start.state(i);
        int steps = 0;
        while (reduction.verdict(state) == Outcome.UNDECIDED && steps < experiment.maxSteps()) {
          state = reduction.step(state);
          steps++;
        }
        assertEquals(reduction.verdict(state).code(), rows.bytes("outcome")[i]);
        assertEquals(steps, rows.ints("steps")[i]);
        // A hundred steps of rounding, enlarged by at most 10⁵ on leaving the saddle.
        assertEquals(reduction.loss(state), rows.reals("loss")[i], 1e-9);
        assertEquals(state.angle(), rows.reals("angle")[i], 1e-9);
      }
    }
  }

  @Test
  void averageOutputEndsNearTheTeacherWhenTheReductionDoes() {
    ConvExperiment experiment = ConvCell.average(2, 17).near(0.1, 0.1).stepSize(0.3).build();
    Average average = new Average(experiment.teacher());
    ConvStart start = new ConvStart(experiment);
    Outcomes rows = train(experiment, 7, 300);
    for (int i = 0; i < 300; i++) {
      ConvState state = start.state(7 + i);
      int steps = 0;
      while (average.distance(state) > 0.1 * average.teacherNorm()) {
        state = average.step(state, experiment.stepSize());
        steps++;
      }
      assertEquals(Outcome.GLOBAL.code(), rows.bytes("outcome")[i]);
      assertEquals(steps, rows.ints("steps")[i]);
    }
  }

  /** A single-precision countdown is exact up to 2²⁴ only, and is wound up again before. */
  @Test
  void aBudgetBeyondWhatACountdownHoldsIsKeptToTheStep() {
    int budget = (1 << 23) + 5;
    // Too small a step to move a single-precision number, so that no restart arrives.
    ConvExperiment experiment =
        ConvCell.average(2, 3)
            .endless()
            .stepSize(1e-12)
            .maxSteps(budget)
            .record()
            .precision(Precision.SINGLE)
            .build();
    Outcomes rows = train(experiment, 0, 2);
    assertArrayEquals(new byte[2], rows.bytes("outcome"));
    assertArrayEquals(new int[] {budget, budget}, rows.ints("steps"));
  }

  private static Outcomes train(ConvExperiment experiment, long first, long count) {
    Outcomes outcomes = new Outcomes(new RestartRange(0, first, count), experiment.columns());
    assertTrue(new PopulationDescent(experiment).train(outcomes, () -> false));
    return outcomes;
  }
}
