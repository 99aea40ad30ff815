package org.basinsim.statistics;

/**
 * A closed interval [low, high]; an end may be infinite.
 *
 * @param low lower end, at most {@code high}
 * @param high upper end
 */
public record Interval(double low, double high) {
  /**
   * @throws IllegalArgumentException if {@code low > high} or either is not a number
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("not an interval: [" + low + ", " + high + "]");
    }
  }

  /** Whether {@code value} lies in the interval, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
