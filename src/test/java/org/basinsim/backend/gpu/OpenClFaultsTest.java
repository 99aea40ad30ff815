package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.verification.Mode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real kernels among faults: whatever device fails, and however often, every column is that of a
 * training that nothing disturbed, to the last bit.
 */
class OpenClFaultsTest {
  private static final WorkSizing SIZING = new WorkSizing(1, 0, 0);

  /** Two plans; the restarts of the second are handed over in teams. */
  private static final List<ConvExperiment> CELLS =
      List.of(
          Mode.POPULATION_LEARNED.cell(2, 3).recordAll().precision(Precision.SINGLE).build(),
          Mode.DIRECT_LEARNED_SHARE_17.cell(2, 3).recordAll().precision(Precision.SINGLE).build());

  private static final List<RestartRange> RANGES =
      List.of(new RestartRange(1, 3, 2003), new RestartRange(0, 0, 3001));

  private static KernelsKept one;
  private static KernelsKept another;
  private static List<SortedMap<Long, List<Object>>> expected;

  @BeforeAll
  static void trainUndisturbed() {
    one = new KernelsKept(PresentOpenCl.open());
    another = new KernelsKept(PresentOpenCl.open());
    Kept kept = new Kept(CELLS.size());
    train(List.of(one), RANGES, kept);
    expected = kept.rows();
  }

  @AfterAll
  static void close() {
    if (another != null) {
      one.end();
      another.end();
    }
  }

  private static void train(List<GpuDevice> devices, List<RestartRange> ranges, Kept kept) {
    try (GpuBackend backend = new GpuBackend(devices, SIZING);
        Trainer trainer = backend.prepare(CELLS)) {
      trainer.train(ranges, kept);
    }
  }

  private static void assertExpected(Kept kept) {
    assertEquals(List.of(), kept.missing(RANGES));
    // Not assertEquals: its message would hold every number.
    assertTrue(expected.equals(kept.rows()), "other columns");
  }

  @Test
  void severalDevicesGiveTheSame() {
    Kept kept = new Kept(CELLS.size());
    train(List.of(one, another), RANGES, kept);
    assertExpected(kept);
    assertEquals(List.of(), kept.notices());
  }

  /** What goes wrong in the third launch. */
  enum Fault {
    LAUNCH_FAILS(
        Call.LAUNCH,
        occasion -> {
          throw occasion.failure("launch refused");
        }),
    CONTEXT_IS_LOST(
        Call.CONTROL,
        occasion -> {
          occasion.proceed();
          throw occasion.failure("context lost");
        }),
    CONTROL_IS_GARBLED(
        Call.CONTROL,
        occasion -> {
          occasion.proceed();
          occasion.put(1, -7);
        }),
    RECORDS_ARE_GARBLED(
        Call.RECORD_INTS,
        occasion -> {
          occasion.proceed();
          occasion.fill(occasion.bytes() / 2, (byte) 0x55);
        });

    private final Call call;
    private final FaultyDevice.Fault strike;

    Fault(Call call, FaultyDevice.Fault strike) {
      this.call = call;
      this.strike = strike;
    }

    FaultyDevice in(GpuDevice device) {
      return new FaultyDevice(device).at(call, 3, strike);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherDeviceTakesOver(Fault fault) {
    FaultyDevice faulty = fault.in(one);
    FaultyDevice sound =
        new FaultyDevice(another)
            .at(
                Call.LAUNCH,
                1,
                occasion -> {
                  await(faulty);
                  occasion.proceed();
                });
    Kept kept = new Kept(CELLS.size());
    train(List.of(faulty, sound), RANGES, kept);
    assertExpected(kept);
    assertEquals(1, kept.notices().size(), kept.notices()::toString);
  }

  private static void await(FaultyDevice faulty) {
    try {
      faulty.struck().await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameDeviceGoesOnLater(Fault fault) {
    Kept kept = new Kept(CELLS.size());
    List<String> failures = new ArrayList<>();
    while (!kept.missing(RANGES).isEmpty() && failures.size() < 3) {
      FaultyDevice faulty = fault.in(one);
      failures.add(
          assertThrows(
                  BackendUnavailable.class,
                  () -> train(List.of(faulty), kept.missing(RANGES), kept))
              .getMessage());
    }
    assertEquals(3, failures.size());
    train(List.of(one), kept.missing(RANGES), kept);
    assertExpected(kept);
  }

  @Test
  void littleMemoryGivesTheSame() {
    FaultyDevice small =
        new FaultyDevice(one)
            .at(
                Call.ALLOCATE,
                9,
                occasion -> {
                  throw occasion.shortage();
                })
            .at(
                Call.LAUNCH,
                3,
                occasion -> {
                  throw occasion.shortage();
                });
    Kept kept = new Kept(CELLS.size());
    train(List.of(small), RANGES, kept);
    assertExpected(kept);
    assertEquals(1, kept.notices().size(), kept.notices()::toString);
  }
}
