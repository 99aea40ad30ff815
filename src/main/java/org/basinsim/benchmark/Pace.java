package org.basinsim.benchmark;

/**
 * How long is measured.
 *
 * @param workSeconds time of one repeat of some work, about
 * @param limitSeconds time of one repeat of each limit
 * @param repeats of both, after warm-up
 */
public record Pace(double workSeconds, double limitSeconds, int repeats) {

  /** For figures to be kept. */
  public static final Pace STEADY = new Pace(0.3, 0.05, 5);

  /** For a look whether everything works. */
  public static final Pace QUICK = new Pace(0.05, 0.02, 5);
}
