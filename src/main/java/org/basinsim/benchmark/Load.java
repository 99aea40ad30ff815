package org.basinsim.benchmark;

import org.basinsim.backend.Backend;

/**
 * As much work as shows how fast a device is: so many restarts that more are hardly faster, and
 * descents so long that beginning and ending them takes little of the time.
 *
 * @param work with a step budget of that length
 * @param restarts trained in one repeat
 */
record Load(Work work, long restarts) {
  /** A rate that is less than a twentieth higher is not counted as faster. */
  private static final double GAIN = 1.05;

  /** Shorter times than these seconds say little. */
  private static final double SHORTEST = 0.005;

  private static final long FEWEST_RESTARTS = 64;
  private static final long MOST_RESTARTS = 1L << 24;
  private static final int MOST_STEPS = 500_000;

  /**
   * Finds it, and warms up by that.
   *
   * @param seconds that it should take
   */
  static Load filling(
      Backend backend, Work work, Training training, Stopwatch stopwatch, double seconds) {
    long restarts = restarts(training, stopwatch, Math.max(FEWEST_RESTARTS, work.share()), seconds);
    int steps = work.experiment().maxSteps();
    double taken = settled(training, stopwatch, restarts, seconds);
    while (taken < 0.8 * seconds && steps < MOST_STEPS) {
      steps = (int) Math.min(MOST_STEPS, steps * Math.clamp(seconds / taken, 1.5, 20));
      try (Training longer = new Training(backend, work.lasting(steps).experiment())) {
        taken = settled(longer, stopwatch, restarts, seconds);
      }
    }
    return new Load(work.lasting(steps), restarts);
  }

  /** Doubles until that has brought nothing twice. */
  private static long restarts(
      Training training, Stopwatch stopwatch, long fewest, double seconds) {
    long best = fewest;
    double bestRate = 0;
    int idle = 0;
    for (long restarts = fewest; restarts <= MOST_RESTARTS && idle < 2; ) {
      double taken =
          Math.min(seconds(training, stopwatch, restarts), seconds(training, stopwatch, restarts));
      double rate = restarts / taken;
      idle = rate > GAIN * bestRate || taken < SHORTEST ? 0 : idle + 1;
      if (rate > GAIN * bestRate) {
        best = restarts;
        bestRate = rate;
      }
      if (taken > 4 * seconds) {
        break;
      }
      restarts *= taken < SHORTEST / 10 ? 8 : 2;
    }
    return best;
  }

  /** The shortest time of some repeats: what is still being compiled takes longer. */
  private static double settled(
      Training training, Stopwatch stopwatch, long restarts, double seconds) {
    double shortest = Double.POSITIVE_INFINITY;
    double sum = 0;
    for (int repeat = 0; repeat < 3 || sum < seconds; repeat++) {
      double taken = seconds(training, stopwatch, restarts);
      shortest = Math.min(shortest, taken);
      sum += taken;
    }
    return shortest;
  }

  private static double seconds(Training training, Stopwatch stopwatch, long restarts) {
    return 1
        / stopwatch.rate(() -> {
          training.steps(restarts);
          return 1;
        });
  }
}
