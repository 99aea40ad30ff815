package org.basinsim.model.conv;

import java.util.Optional;

/**
 * How a restart descends.
 *
 * @param stepSize η > 0, below the step size at which plain descent must diverge
 * @param maxSteps step budget, at least 1
 * @param optimizer how a gradient becomes a step
 * @param noise where gradients are taken at perturbed points; empty: at the point itself
 */
public record Descent(double stepSize, int maxSteps, Optimizer optimizer, Optional<Noise> noise) {

  public Descent {
    if (!(stepSize > 0) || maxSteps < 1) {
      throw new IllegalArgumentException("step size " + stepSize + ", max steps " + maxSteps);
    }
  }

  /** Plain steps. */
  public Descent(double stepSize, int maxSteps) {
    this(stepSize, maxSteps, new Optimizer.Gd(), Optional.empty());
  }
}
