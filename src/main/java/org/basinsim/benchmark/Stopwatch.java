package org.basinsim.benchmark;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Takes the time of counted work.
 *
 * @param clock seconds from any origin
 */
public record Stopwatch(DoubleSupplier clock) {

  /** By the clock on the wall. */
  public static Stopwatch wall() {
    return new Stopwatch(() -> System.nanoTime() * 1e-9);
  }

  /**
   * How often a second something is done.
   *
   * @param work does it some times and tells how many
   */
  public double rate(LongSupplier work) {
    double begin = clock.getAsDouble();
    long count = work.getAsLong();
    return count / (clock.getAsDouble() - begin);
  }
}
