package org.basinsim.backend.cpu;

import java.util.Arrays;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Recorded;

/**
 * What is noted of the restarts of a launch, and when they end. In double, whatever the precision
 * of the descent, and by the very classes that state the rules: lanes only say whom to look at.
 */
final class DirectRows {
  private final ConvExperiment experiment;
  private final ConvRows rows;
  private final LearnedReduction learned;
  private final Average average;
  private final long first;
  private final int[] sampled;
  private final boolean[] inPhaseOne;

  DirectRows(ConvExperiment experiment, Outcomes outcomes) {
    this.experiment = experiment;
    this.rows = new ConvRows(experiment, outcomes);
    this.learned = LearnedReduction.of(experiment);
    this.average = Average.of(experiment);
    this.first = outcomes.range().first();
    this.sampled = experiment.records(Recorded.TRAJECTORY) ? rows.sampledSteps() : new int[0];
    this.inPhaseOne = new boolean[outcomes.rows()];
    Arrays.fill(inPhaseOne, experiment.records(Recorded.PHASES));
  }

  /** Notes the start of a restart. */
  void start(long restart, ConvState state) {
    rows.start(row(restart), state);
  }

  /** Whether every restart is to be looked at before this step, near an end or not. */
  boolean dueForAll(int step) {
    return step == experiment.maxSteps()
        || experiment.records(Recorded.PHASES)
        || Arrays.binarySearch(sampled, step) >= 0;
  }

  /** What nearness to a minimum establishes, and the population loss, for an online restart. */
  boolean ended(long restart, int step, ConvState state, double[] filter) {
    Outcome near = experiment.near(learned, average, state);
    return ended(restart, step, state, near, rows.populationLoss(state, filter), filter);
  }

  /**
   * Notes what is due of a restart before a step and fills its row where it ends.
   *
   * @param established what its state establishes unless it diverged
   * @param loss the value of column {@code loss}
   * @param filter as it stands, length p
   * @return whether it ended
   */
  boolean ended(
      long restart, int step, ConvState state, Outcome established, double loss, double[] filter) {
    int row = row(restart);
    int position = Arrays.binarySearch(sampled, step);
    if (position >= 0) {
      rows.sample(row, position, state, loss);
    }
    if (inPhaseOne[row] && rows.phaseOneOver(state)) {
      rows.phaseOne(row, step);
      inPhaseOne[row] = false;
    }
    Outcome outcome = state.diverged() ? Outcome.DIVERGED : established;
    if (outcome == Outcome.UNDECIDED && step < experiment.maxSteps()) {
      return false;
    }
    rows.finish(row, outcome, step, state, loss, filter);
    return true;
  }

  private int row(long restart) {
    return (int) (restart - first);
  }
}
