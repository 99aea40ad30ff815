package org.basinsim.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The steps at which a trajectory is sampled. */
public final class TrajectorySteps {
  private static final int PER_DECADE = 16;

  private TrajectorySteps() {}

  /**
   * 0, 1, 2, … and then 16 steps a decade, up to and including the budget.
   *
   * @param maxSteps at least 1
   * @return strictly increasing
   */
  public static int[] upTo(int maxSteps) {
    int last = (int) Math.ceil(PER_DECADE * Math.log10(maxSteps));
    // The last but one is below the largest budget, the last need not be.
    IntStream spaced =
        IntStream.range(0, last).map(i -> (int) Math.round(Math.pow(10, (double) i / PER_DECADE)));
    return IntStream.concat(IntStream.of(0, maxSteps), spaced).sorted().distinct().toArray();
  }

  /** Position of the first sampled step that is not before {@code step}; their number if none. */
  public static int next(int[] steps, int step) {
    int position = Arrays.binarySearch(steps, step);
    return position >= 0 ? position : -position - 1;
  }
}
