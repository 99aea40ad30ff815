package org.basinsim.model.twolayer;

import org.basinsim.model.Outcome;

/**
 * When a restart counts as what.
 *
 * @param loss F below this is global
 * @param gradient 2π max_i ‖∂F∕∂w_i‖ up to this, with F not below its own threshold, is spurious
 */
public record TwoLayerRule(double loss, double gradient) {

  /** What a state establishes, {@code UNDECIDED} where it is nothing yet. */
  public Outcome established(TwoLayerState state) {
    if (!(state.norm() <= Outcome.DIVERGENCE_NORM) || Double.isNaN(state.loss())) {
      return Outcome.DIVERGED;
    }
    if (state.loss() < loss) {
      return Outcome.GLOBAL;
    }
    return state.gradient() <= gradient ? Outcome.SPURIOUS : Outcome.UNDECIDED;
  }
}
