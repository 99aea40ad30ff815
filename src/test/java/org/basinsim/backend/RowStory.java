package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.TrajectorySteps;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Oracle;
import org.basinsim.start.ConvStart;

/** Whether the columns of a row fit each other, where everything is recorded. In double. */
final class RowStory {
  /** Closed forms of states of order one agree to a few roundings. */
  private static final double ROUNDING = 1e-12;

  private final ConvExperiment experiment;
  private final Outcomes rows;
  private final int[] sampled;

  RowStory(ConvExperiment experiment, Outcomes rows) {
    this.experiment = experiment;
    this.rows = rows;
    this.sampled = TrajectorySteps.upTo(experiment.maxSteps());
  }

  void check() {
    for (int row = 0; row < rows.rows(); row++) {
      Outcome outcome = Outcome.of(rows.bytes("outcome")[row]);
      int steps = rows.ints("steps")[row];
      assertTrue(steps >= 0 && steps <= experiment.maxSteps(), "steps " + steps);
      if (outcome == Outcome.UNDECIDED) {
        assertEquals(experiment.maxSteps(), steps);
      }
      checkStart(row);
      checkEnd(row);
      checkPhases(row, steps);
      checkTrajectory(row, steps);
      if (rows.has("basin") && outcome != Outcome.UNDECIDED) {
        assertEquals(outcome.code(), rows.bytes("basin")[row]);
      }
    }
  }

  private void checkStart(int row) {
    ConvState start = new ConvStart(experiment).state(rows.range().first() + row);
    assertEquals(start.angle(), real("start_angle", row), ROUNDING);
    assertEquals(start.filterNorm(), real("start_filter_norm", row), ROUNDING);
    if (experiment.learned()) {
      assertEquals(start.mean(), real("start_mean", row), ROUNDING);
      assertEquals(start.contrast(), real("start_contrast", row), ROUNDING);
      assertEquals(start.rest(), real("start_rest", row), ROUNDING);
    }
  }

  private void checkEnd(int row) {
    double norm = real("final_filter_norm", row);
    double angle = real("angle", row);
    ConvState end =
        new ConvState(
            norm * Math.cos(angle),
            norm * Math.sin(angle),
            experiment.learned() ? real("final_mean", row) : 0,
            experiment.learned() ? real("final_contrast", row) : 0,
            experiment.learned() ? real("final_rest", row) : 0);
    double loss =
        experiment.learned()
            ? new LearnedReduction(experiment.teacher(), experiment.stepSize()).loss(end)
            : new Average(experiment.teacher()).loss(end);
    boolean empirical = experiment.oracle() instanceof Oracle.Empirical;
    assertEquals(loss, real(empirical ? "population_loss" : "loss", row), ROUNDING);
    if (empirical) {
      assertTrue(real("loss", row) >= 0 && real("teacher_error", row) >= 0);
      double error =
          experiment.learned()
              ? new LearnedReduction(experiment.teacher(), experiment.stepSize())
                  .outputDistance(end)
              : new Average(experiment.teacher()).distance(end);
      assertEquals(error, real("teacher_error", row), ROUNDING);
    }
  }

  private void checkPhases(int row, int steps) {
    int one = rows.ints("phase_one_steps")[row];
    int two = rows.ints("phase_two_steps")[row];
    assertTrue(one == -1 && two == -1 || one >= 0 && one + two == steps, one + " and " + two);
  }

  private void checkTrajectory(int row, int steps) {
    for (int i = 0; i < sampled.length; i++) {
      double angle = rows.reals("trajectory_angle")[row * sampled.length + i];
      double loss = rows.reals("trajectory_loss")[row * sampled.length + i];
      assertEquals(sampled[i] > steps, Double.isNaN(angle), "step " + sampled[i] + " of " + steps);
      assertEquals(sampled[i] > steps, Double.isNaN(loss));
      if (sampled[i] == 0) {
        assertEquals(real("start_angle", row), angle, ROUNDING);
      }
      if (sampled[i] == steps) {
        assertEquals(real("angle", row), angle);
        assertEquals(real("loss", row), loss);
      }
    }
  }

  private double real(String column, int row) {
    return rows.reals(column)[row];
  }
}
