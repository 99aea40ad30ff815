package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.backend.Limits;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the loops say that they did. */
class CpuLimitsTest {
  /** Over before the first look at the clock: every thread does one piece. */
  private static final double AT_ONCE = 1e-9;

  private static Limits limits(int threads) {
    return new CpuBackend(new WorkSizing(threads, 0, 0)).limits().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyThreadCounts(int threads) {
    try (Limits limits = limits(threads)) {
      // Twelve vectors, a piece of 2^16 rounds; four normals, 128 blocks, 8 times.
      long lanes = FloatLanes.LENGTH;
      assertEquals(threads * 12 * lanes << 16, limits.multiplyAdds(Precision.SINGLE, AT_ONCE));
      assertEquals(threads * 4 * lanes * 1024, limits.normals(Precision.SINGLE, AT_ONCE));
      lanes = DoubleLanes.LENGTH;
      assertEquals(threads * 12 * lanes << 16, limits.multiplyAdds(Precision.DOUBLE, AT_ONCE));
      assertEquals(threads * 4 * lanes * 1024, limits.normals(Precision.DOUBLE, AT_ONCE));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theyTakeTheTimeTheyAreGiven(Precision precision) {
    double seconds = 0.02;
    try (Limits limits = limits(2)) {
      long begin = System.nanoTime();
      limits.multiplyAdds(precision, seconds);
      limits.normals(precision, seconds);
      assertTrue(System.nanoTime() - begin >= 2e9 * seconds);
    }
  }
}
