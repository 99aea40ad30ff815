package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRows;
import org.basinsim.model.twolayer.TwoLayerState;
import org.basinsim.start.TwoLayerStart;

/** Descent of two layers, one restart a lane; a lane takes up the next restart as one ends. */
final class TwoLayerDescent implements CpuDescent {
  /** Kernels of a launch's restarts: a second or two at the sizes of SS18, stragglers included. */
  private static final int KERNELS = 1 << 17;

  private static final int FEWEST = 8 * TwoLayerLanes.LENGTH;
  private static final int MOST = 1 << 12;

  /** A step of the largest networks takes milliseconds. */
  private static final int STEPS_BETWEEN_POLLS = 64;

  private final TwoLayerExperiment experiment;
  private final TwoLayerStart start;

  TwoLayerDescent(TwoLayerExperiment experiment) {
    this.experiment = experiment;
    this.start = new TwoLayerStart(experiment);
  }

  @Override
  public int launch() {
    int students = experiment.students();
    return Math.clamp(KERNELS / (students * (students + experiment.teachers())), FEWEST, MOST);
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    return new Launch(outcomes).descend(stopped);
  }

  @Override
  public double[] gradient(long restart) {
    TwoLayerLanes lanes = lanes(restart);
    lanes.evaluate();
    return lanes.gradient(0);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    TwoLayerLanes lanes = lanes(restart);
    double[][] states = new double[steps + 1][];
    for (int t = 0; t <= steps; t++) {
      lanes.evaluate();
      states[t] = lanes.state(0).toArray();
      lanes.step();
    }
    return states;
  }

  /** Room for restarts, with one in the first lane. */
  private TwoLayerLanes lanes(long restart) {
    TwoLayerLanes lanes = new TwoLayerLanes(experiment);
    lanes.put(0, start.students(restart));
    return lanes;
  }

  /** The restarts of a launch and the lanes that they pass through. */
  private final class Launch {
    private static final int IDLE = -1;

    private final Outcomes outcomes;
    private final TwoLayerRows rows;
    private final TwoLayerLanes lanes = new TwoLayerLanes(experiment);
    private final int[] row = new int[TwoLayerLanes.LENGTH];
    private final int[] steps = new int[TwoLayerLanes.LENGTH];
    private int occupied;
    private int nextRow;

    Launch(Outcomes outcomes) {
      this.outcomes = outcomes;
      this.rows = new TwoLayerRows(outcomes);
    }

    boolean descend(BooleanSupplier stopped) {
      occupied = TwoLayerLanes.LENGTH;
      for (int lane = 0; lane < TwoLayerLanes.LENGTH; lane++) {
        take(lane);
      }
      for (int passes = 1; occupied > 0; passes++) {
        if (passes % STEPS_BETWEEN_POLLS == 0 && stopped.getAsBoolean()) {
          return false;
        }
        lanes.evaluate();
        for (int lane = 0; lane < TwoLayerLanes.LENGTH; lane++) {
          if (row[lane] != IDLE) {
            check(lane);
          }
        }
        lanes.step();
      }
      return true;
    }

    private void check(int lane) {
      TwoLayerState state = lanes.state(lane);
      Outcome outcome = experiment.rule().established(state);
      if (outcome == Outcome.UNDECIDED && steps[lane] < experiment.maxSteps()) {
        steps[lane]++;
        return;
      }
      rows.finish(row[lane], outcome, steps[lane], state);
      take(lane);
    }

    /** A lane takes up the next row; where there is none, it goes on with what nobody reads. */
    private void take(int lane) {
      if (nextRow == outcomes.rows()) {
        row[lane] = IDLE;
        occupied--;
        return;
      }
      row[lane] = nextRow++;
      steps[lane] = 0;
      lanes.put(lane, start.students(outcomes.range().first() + row[lane]));
    }
  }
}
