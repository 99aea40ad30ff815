package org.basinsim.statistics;

/**
 * How the restarts of a cell ended. Every restart is in the denominator, the undecided and the
 * diverged too.
 *
 * @param global restarts that reached the global minimum, at least 0, as are the others
 * @param spurious restarts that reached another minimum
 * @param undecided restarts that spent their budget first
 * @param diverged restarts that left every bound
 */
public record OutcomeCounts(long global, long spurious, long undecided, long diverged) {
  /**
   * @throws IllegalArgumentException if a count is negative
   */
  public OutcomeCounts {
    if (global < 0 || spurious < 0 || undecided < 0 || diverged < 0) {
      throw new IllegalArgumentException(
          "negative count: %d global, %d spurious, %d undecided, %d diverged"
              .formatted(global, spurious, undecided, diverged));
    }
  }

  /** All restarts. */
  public long total() {
    return Math.addExact(Math.addExact(global, spurious), Math.addExact(undecided, diverged));
  }

  /** global/total, a lower bound where some are undecided; not a number without restarts. */
  public double estimate() {
    return global / (double) total();
  }

  /** (global + undecided)/total: the estimate had every undecided restart succeeded. */
  public double estimateWithUndecided() {
    return (global + undecided) / (double) total();
  }

  /** The interval around {@link #estimate} for independent restarts. */
  public Interval interval(IntervalMethod method, double confidence) {
    return method.of(global, total(), confidence);
  }
}
