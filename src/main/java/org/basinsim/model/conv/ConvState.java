package org.basinsim.model.conv;

import org.basinsim.model.Outcome;

/**
 * All that population descent can see of a student: the filter in the plane of the teacher's and
 * the output weights along the teacher's two axes and beside them.
 *
 * @param x component of the filter along w*
 * @param y norm of the rest of the filter, not negative
 * @param mean component of the output weights along the teacher's mean axis, ±1ᵀa∕√k
 * @param contrast component along the teacher's contrast axis
 * @param rest norm of what is left of the output weights, not negative
 */
public record ConvState(double x, double y, double mean, double contrast, double rest) {

  /** Length of {@link #toArray()}. */
  public static final int SIZE = 5;

  /** The state behind {@link #toArray()}. */
  public static ConvState of(double[] values) {
    return new ConvState(values[0], values[1], values[2], values[3], values[4]);
  }

  /** x, y, mean, contrast, rest. */
  public double[] toArray() {
    return new double[] {x, y, mean, contrast, rest};
  }

  /** Norm of the filter. */
  public double filterNorm() {
    return Math.sqrt(x * x + y * y);
  }

  /** Angle between filter and w*, 0 … π. */
  public double angle() {
    return Math.atan2(y, x);
  }

  /** Norm of the output weights. */
  public double outputNorm() {
    return Math.sqrt(mean * mean + contrast * contrast + rest * rest);
  }

  /** Whether a number is not finite or a norm passed the limit of divergence. */
  public boolean diverged() {
    double limit = Outcome.DIVERGENCE_NORM;
    return !(filterNorm() <= limit && outputNorm() <= limit);
  }
}
