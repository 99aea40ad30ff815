package org.basinsim.model.deep;

import org.basinsim.model.Outcome;

/**
 * When a restart counts as what. No restart is spurious: the theory is about the training loss
 * reaching zero, and nothing else is told apart.
 *
 * @param tolerance L(t) ≤ tolerance·L(0) is global; 0 < tolerance < 1
 */
public record DeepRule(double tolerance) {
  /** A loss of so many times L(0) counts as diverged: one that comes back has left the theory. */
  public static final double DIVERGENCE = 1e6;

  public DeepRule {
    if (!(tolerance > 0 && tolerance < 1)) {
      throw new IllegalArgumentException("tolerance " + tolerance);
    }
  }

  /** What a loss establishes, {@code UNDECIDED} where it is nothing yet. */
  public Outcome established(double loss, double startLoss) {
    if (!(loss <= DIVERGENCE * startLoss)) {
      return Outcome.DIVERGED;
    }
    return loss <= tolerance * startLoss ? Outcome.GLOBAL : Outcome.UNDECIDED;
  }
}
