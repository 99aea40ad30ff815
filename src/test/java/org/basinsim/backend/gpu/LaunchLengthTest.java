package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Launches stay short, whatever the iterations cost. */
class LaunchLengthTest {
  private static final double LONGEST = 1;

  private final LaunchLength length = new LaunchLength();

  /** A launch whose iterations take this long at full load, and in proportion below it. */
  private double launch(double load, double secondsAtFullLoad) {
    double seconds = length.next(load) * secondsAtFullLoad * load;
    length.took(seconds, load);
    return seconds;
  }

  @Test
  void theyComeToAFifthOfASecond() {
    for (double each : new double[] {1e-6, 1e-3, 0.1}) {
      LaunchLength fresh = new LaunchLength();
      double seconds = 0;
      for (int i = 0; i < 12; i++) {
        seconds = fresh.next(1) * each;
        assertTrue(seconds < LONGEST, "launch " + i + " took " + seconds);
        fresh.took(seconds, 1);
      }
      assertEquals(0.2, seconds, 0.05);
    }
  }

  /** However long one takes, it is tried. */
  @Test
  void oneIterationIsTheLeast() {
    for (int i = 0; i < 5; i++) {
      assertEquals(60, launch(1, 60));
    }
  }

  /** A last straggler makes launches of a million iterations; then all lanes are filled again. */
  @Test
  void theyShrinkWhereTheLoadGrows() {
    for (int i = 0; i < 20; i++) {
      assertTrue(launch(1e-4, 1e-5) < LONGEST);
    }
    assertTrue(length.next(1e-4) > 100_000);
    for (int i = 0; i < 20; i++) {
      double seconds = launch(1, 1e-5);
      assertTrue(seconds < LONGEST, "launch " + i + " took " + seconds);
    }
    assertEquals(0.2, launch(1, 1e-5), 0.05);
  }

  /** Launches that found too little to do tell nothing: what comes next may be slow. */
  @Test
  void theyDoNotGrowByLaunchesThatEndedEarly() {
    int iterations = length.next(1);
    for (int i = 0; i < 20; i++) {
      assertEquals(iterations, length.next(1));
    }
  }

  /** While it lasted, most of the load may have been gone: the end counts. */
  @Test
  void theLoadAtTheEndIsWhatWasMeasured() {
    int before = length.next(1);
    length.took(0.2, 0.01);
    assertEquals(before, length.next(0.01));
    assertEquals(1, length.next(1));
  }
}
