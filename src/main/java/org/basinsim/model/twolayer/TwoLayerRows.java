package org.basinsim.model.twolayer;

import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;

/**
 * Fills the columns of an experiment. Every backend writes its rows through this class, so that a
 * column means the same everywhere.
 */
public final class TwoLayerRows {
  private final Outcomes outcomes;

  /**
   * @param outcomes rows to fill, in the columns of an experiment
   */
  public TwoLayerRows(Outcomes outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * Ends a restart.
   *
   * @param steps steps taken when the outcome was established
   * @param state the last state
   */
  public void finish(int row, Outcome outcome, int steps, TwoLayerState state) {
    outcomes.bytes("outcome")[row] = outcome.code();
    outcomes.ints("steps")[row] = steps;
    if (outcomes.has("loss")) {
      outcomes.reals("loss")[row] = state.loss();
    }
    if (outcomes.has("gradient")) {
      outcomes.reals("gradient")[row] = state.gradient();
    }
  }
}
