package org.basinsim.model.conv;

/**
 * How a restart descends.
 *
 * @param stepSize η > 0, below the step size that must diverge
 * @param maxSteps step budget, at least 1
 */
public record Descent(double stepSize, int maxSteps) {

  public Descent {
    if (!(stepSize > 0) || maxSteps < 1) {
      throw new IllegalArgumentException("step size " + stepSize + ", max steps " + maxSteps);
    }
  }
}
