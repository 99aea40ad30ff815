package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;

class LaunchesTest {
  private static final CpuDescent ALONE = new Fixed(100, 1);
  private static final CpuDescent BY_SEVEN = new Fixed(100, 7);

  private record Fixed(int launch, long together) implements CpuDescent {
    @Override
    public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
      throw new AssertionError("nobody trains here");
    }

    @Override
    public double[][] trajectory(long restart, int steps) {
      throw new AssertionError("nobody trains here");
    }
  }

  @Test
  void rangesFollowEachOtherInOneQueue() {
    List<RestartRange> ranges = List.of(new RestartRange(1, 50, 150), new RestartRange(0, 0, 3));
    Launches launches = new Launches(ranges, List.of(ALONE, ALONE), 0, 2);
    assertEquals(new RestartRange(1, 50, 100), launches.next());
    assertEquals(new RestartRange(1, 150, 50), launches.next());
    assertEquals(new RestartRange(0, 0, 3), launches.next());
    assertNull(launches.next());
    assertNull(launches.next());
  }

  @Test
  void restartsThatShareStayTogetherWhateverIsAsked() {
    List<RestartRange> ranges = List.of(new RestartRange(0, 3, 27));
    Launches launches = new Launches(ranges, List.of(BY_SEVEN), 10, 1);
    assertEquals(new RestartRange(0, 3, 4), launches.next());
    assertEquals(new RestartRange(0, 7, 7), launches.next());
    assertEquals(new RestartRange(0, 14, 7), launches.next());
    assertEquals(new RestartRange(0, 21, 7), launches.next());
    assertEquals(new RestartRange(0, 28, 2), launches.next());
    assertNull(launches.next());
  }

  @Test
  void oneRangeIsDividedAmongThreads() {
    List<RestartRange> ranges = List.of(new RestartRange(0, 0, 90));
    Launches launches = new Launches(ranges, List.of(ALONE), 0, 4);
    assertEquals(new RestartRange(0, 0, 23), launches.next());
    assertEquals(new RestartRange(0, 23, 23), launches.next());
  }
}
