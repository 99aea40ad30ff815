package org.basinsim.model.deep;

/**
 * The step size η of a restart.
 *
 * @param value η itself, or, where relative, η λ_max(Θ(0)); above 0
 * @param relative whether it is in units of 1∕λ_max(Θ(0)), with Θ(0) that of the restart
 */
public record StepSize(double value, boolean relative) {

  public StepSize {
    if (!(value > 0)) {
      throw new IllegalArgumentException("step size " + value);
    }
  }

  /**
   * η, where the largest eigenvalue of Θ(0) is this. Relative to 0 it is 0: all gradients are zero
   * then, and descent stays where it is.
   */
  public double of(double largestEigenvalue) {
    if (!relative) {
      return value;
    }
    return largestEigenvalue == 0 ? 0 : value / largestEigenvalue;
  }
}
