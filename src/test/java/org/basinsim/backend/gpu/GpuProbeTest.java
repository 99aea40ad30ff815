package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Probe;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions to a device that may fail, and from several threads; answers are in the contract. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GpuProbeTest {
  private static final WorkSizing SIZING = new WorkSizing(1, 0, 0);
  private static final ConvExperiment CELL = ConvCell.learned(3, 4, 1).build();

  private static GpuBackend backend(GpuDevice device) {
    return new GpuBackend(List.of(device), SIZING, Duration.ofMillis(1500));
  }

  private static Outcome[] verdicts(Probe probe, int count) {
    return probe.verdicts(CELL, new double[count][5]);
  }

  private static void assertRight(Outcome[] verdicts) {
    for (int i = 0; i < verdicts.length; i++) {
      assertEquals(EmulatedDevice.end(CELL, i).outcome(), verdicts[i]);
    }
  }

  @Test
  void severalThreadsMayAskAtOnce() {
    EmulatedDevice device = new EmulatedDevice(0);
    try (GpuBackend backend = backend(device)) {
      IntStream.range(0, 40)
          .parallel()
          .mapToObj(i -> verdicts(backend.probe(), i))
          .forEach(GpuProbeTest::assertRight);
    }
    assertEquals(0, device.leftOpen());
  }

  @Test
  void aDeviceThatFailsIsUnavailableFromThenOn() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice faulty =
        new FaultyDevice(device)
            .at(
                Call.CONTROL,
                3,
                occasion -> {
                  throw occasion.failure("context lost");
                });
    try (GpuBackend backend = backend(faulty)) {
      for (int i = 0; i < 2; i++) {
        BackendUnavailable unavailable =
            assertThrows(BackendUnavailable.class, () -> verdicts(backend.probe(), 500));
        assertEquals("emulated:0: context lost", unavailable.getMessage());
      }
    }
    assertEquals(0, device.leftOpen());
  }

  @Test
  void aDeviceWithoutMemoryCanBeAskedSomethingSmaller() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice small =
        new FaultyDevice(device)
            .at(
                Call.ALLOCATE,
                8,
                occasion -> {
                  throw occasion.shortage();
                });
    try (GpuBackend backend = backend(small)) {
      assertThrows(BackendUnavailable.class, () -> verdicts(backend.probe(), 500));
      assertRight(verdicts(backend.probe(), 5));
    }
    assertEquals(0, device.leftOpen());
  }

  @Test
  void aDeviceThatDoesNotAnswerIsUnavailable() {
    CountDownLatch release = new CountDownLatch(1);
    FaultyDevice silent =
        new FaultyDevice(new EmulatedDevice(0))
            .at(
                Call.LAUNCH,
                2,
                occasion -> {
                  try {
                    release.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    try (GpuBackend backend = backend(silent)) {
      for (int i = 0; i < 2; i++) {
        BackendUnavailable unavailable =
            assertThrows(BackendUnavailable.class, () -> verdicts(backend.probe(), 500));
        assertEquals("emulated:0: no answer for 1 s", unavailable.getMessage());
      }
    }
    release.countDown();
  }

  @Test
  void nothingIsAskedOfNoStarts() {
    try (GpuBackend backend = backend(new EmulatedDevice(0))) {
      assertEquals(0, verdicts(backend.probe(), 0).length);
    }
  }
}
