package org.basinsim.backend.gpu;

/**
 * How many iterations a launch is given: as many as take a fifth of a second, judged by the launch
 * before. Ctrl-C and a display's watchdog wait for a launch.
 */
final class LaunchLength {
  private static final double SECONDS = 0.2;
  private static final double MOST = 1 << 20;

  /** A launch may be longer by this factor than the one before, which may have been disturbed. */
  private static final double GROWTH = 8;

  private double iterations = 1;
  private double load;

  /**
   * Iterations of the next launch, at least 1.
   *
   * @param nextLoad what an iteration costs at most, in any unit: fewer where that is more than
   *     before
   */
  int next(double nextLoad) {
    if (load > 0 && nextLoad > load) {
      iterations = Math.max(1, iterations * load / nextLoad);
    }
    load = nextLoad;
    return (int) iterations;
  }

  /**
   * Learns from a launch that went through all its iterations.
   *
   * @param seconds that it took
   * @param lastLoad what the last iteration cost: it may have been what all of them did
   */
  void took(double seconds, double lastLoad) {
    double factor = Math.clamp(SECONDS / Math.max(seconds, 1e-9), 0.1, GROWTH);
    iterations = Math.clamp(iterations * factor, 1, MOST);
    load = lastLoad;
  }
}
