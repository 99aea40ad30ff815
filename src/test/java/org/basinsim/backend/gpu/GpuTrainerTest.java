package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.verification.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's side of launches, on devices made of Java: cutting, several devices, faults. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GpuTrainerTest {
  private static final WorkSizing AUTOMATIC = new WorkSizing(2, 0, 0);

  /** Of calls that take microseconds: enough on any machine, and soon over where none returns. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  /** Cells of every form, some of one plan; and ranges of them, out of order and far out. */
  private static final List<ConvExperiment> CELLS = cells();

  private static final List<RestartRange> RANGES =
      List.of(
          new RestartRange(3, 17, 500),
          new RestartRange(0, 0, 1009),
          new RestartRange(6, 3, 211),
          new RestartRange(5, 1, 400),
          new RestartRange(1, (1L << 33) - 7, 300),
          new RestartRange(0, 2000, 1),
          new RestartRange(4, 5, 333),
          new RestartRange(2, 0, 257));

  private static List<ConvExperiment> cells() {
    List<ConvExperiment> cells = new ArrayList<>();
    for (Mode mode :
        List.of(
            Mode.POPULATION_LEARNED,
            Mode.PROJECTED_LEARNED,
            Mode.DIRECT_LEARNED_SHARE_3,
            Mode.DIRECT_LEARNED_SHARE_17,
            Mode.EMPIRICAL_AVERAGE)) {
      cells.add(mode.cell(2, 3).build());
    }
    cells.add(Mode.POPULATION_LEARNED.cell(5, 2).build());
    cells.add(Mode.PROJECTED_LEARNED.cell(2, 3).precision(Precision.SINGLE).build());
    return cells;
  }

  /** One cell whose restarts all go into the same launches. */
  private static final List<ConvExperiment> ONE =
      List.of(ConvCell.learned(3, 4, 1).maxSteps(60).build());

  private static final List<RestartRange> MANY = List.of(new RestartRange(0, 0, 4000));

  /** Trains, gives everything back, and fails where a device keeps a buffer. */
  private static void train(
      List<EmulatedDevice> emulated,
      List<? extends GpuDevice> devices,
      List<ConvExperiment> cells,
      List<RestartRange> ranges,
      WorkSizing sizing,
      Sink sink) {
    try (GpuBackend backend = new GpuBackend(List.copyOf(devices), sizing, PATIENCE);
        Trainer trainer = backend.prepare(cells)) {
      trainer.train(ranges, sink);
    } finally {
      for (EmulatedDevice device : emulated) {
        assertTrue(device.leftOpen() <= 0, device.leftOpen() + " buffers are left");
      }
    }
  }

  private static void train(
      List<ConvExperiment> cells,
      List<RestartRange> ranges,
      int devices,
      WorkSizing sizing,
      Kept kept) {
    List<EmulatedDevice> emulated =
        IntStream.range(0, devices).mapToObj(EmulatedDevice::new).toList();
    train(emulated, emulated, cells, ranges, sizing, kept);
    emulated.forEach(device -> assertEquals(0, device.leftOpen()));
  }

  /** Every restart that was asked for is there, with its own end. */
  private static void assertWhole(List<ConvExperiment> cells, List<RestartRange> asked, Kept kept) {
    assertEquals(List.of(), kept.missing(asked));
    assertEquals(asked.stream().mapToLong(RestartRange::count).sum(), kept.count());
    assertRight(cells, kept);
  }

  private static void assertRight(List<ConvExperiment> cells, Kept kept) {
    for (int cell = 0; cell < cells.size(); cell++) {
      ConvExperiment experiment = cells.get(cell);
      kept.rows()
          .get(cell)
          .forEach((restart, row) -> {
            EmulatedDevice.End end = EmulatedDevice.end(experiment, restart);
            assertEquals(end.outcome().code(), row.get(0));
            assertEquals(end.steps(), row.get(1));
            assertTrue(row.contains(end.loss()), () -> end + " is not " + row);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 64, 4096, 10_000_000})
  void everyRestartComesOnceHoweverTheWorkIsCut(int launch) {
    Random random = new Random(launch);
    for (int devices = 1; devices <= 3; devices++) {
      List<RestartRange> ranges = new ArrayList<>(RANGES);
      Collections.shuffle(ranges, random);
      Kept kept = new Kept(CELLS.size());
      train(CELLS, ranges, devices, new WorkSizing(2, launch, 0), kept);
      assertWhole(CELLS, RANGES, kept);
      assertEquals(List.of(), kept.notices());
    }
  }

  @Test
  void moreTilesThanTheTableHasRowsWait() {
    int tiles = WorkTable.ROWS + 1000;
    List<RestartRange> ranges = List.of(new RestartRange(0, 5, tiles));
    Kept kept = new Kept(1);
    train(ONE, ranges, 1, new WorkSizing(2, 1, 0), kept);
    assertWhole(ONE, ranges, kept);
  }

  /** The emulated device fails where a record has no room. */
  @Test
  void moreRestartsThanThereIsRoomForWait() {
    List<ConvExperiment> projected = List.of(Mode.PROJECTED_AVERAGE.cell(2, 3).build());
    List<RestartRange> ranges = List.of(new RestartRange(0, 5, 100_000));
    Kept kept = new Kept(1);
    train(projected, ranges, 1, AUTOMATIC, kept);
    assertWhole(projected, ranges, kept);
  }

  @Test
  void aTrainerServesAgainAndAgain() {
    EmulatedDevice device = new EmulatedDevice(0);
    Kept kept = new Kept(CELLS.size());
    try (GpuBackend backend = new GpuBackend(List.of(device), AUTOMATIC, PATIENCE);
        Trainer trainer = backend.prepare(CELLS)) {
      trainer.train(List.of(), kept);
      for (RestartRange range : RANGES) {
        trainer.train(List.of(range), kept);
      }
    }
    assertWhole(CELLS, RANGES, kept);
    assertEquals(0, device.leftOpen());
  }

  /** What goes wrong, in the fourth launch or before the first. */
  enum Fault {
    COMPILE_REFUSED(
        Call.COMPILE,
        1,
        occasion -> {
          throw new CompileFailure("emulated:0: no such thing", "the log", "the text");
        }),
    UPLOAD_FAILS(
        Call.UPLOAD,
        11,
        occasion -> {
          throw occasion.failure("upload refused");
        }),
    LAUNCH_FAILS(
        Call.LAUNCH,
        4,
        occasion -> {
          throw occasion.failure("launch refused");
        }),
    CONTEXT_IS_LOST(
        Call.CONTROL,
        4,
        occasion -> {
          throw occasion.failure("context lost");
        }),
    RECORDS_CANNOT_BE_READ(
        Call.RECORD_REALS,
        3,
        occasion -> {
          occasion.proceed();
          throw occasion.failure("download broke off");
        }),
    NOTHING_COMES_BACK(Call.CONTROL, 4, occasion -> {}),
    HALF_COMES_BACK(
        Call.CONTROL,
        4,
        occasion -> {
          occasion.proceed();
          occasion.fill(12, (byte) -1);
        }),
    TICKETS_BELOW_ZERO(
        Call.CONTROL,
        4,
        occasion -> {
          occasion.proceed();
          occasion.put(0, -1);
        }),
    MORE_TICKETS_THAN_THERE_ARE(
        Call.CONTROL,
        4,
        occasion -> {
          occasion.proceed();
          occasion.put(0, occasion.get(2) + 5);
        }),
    RECORDS_BELOW_ZERO(
        Call.CONTROL,
        4,
        occasion -> {
          occasion.proceed();
          occasion.put(1, -1);
        }),
    MORE_RECORDS_THAN_RESTARTS(
        Call.CONTROL,
        4,
        occasion -> {
          occasion.proceed();
          occasion.put(1, 1 << 28);
        }),
    A_FOREIGN_TILE(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.put(5, 1 << 20);
        }),
    AN_OFFSET_BELOW_THE_TILE(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.put(6, -1);
        }),
    AN_OFFSET_BEYOND_THE_TILE(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.put(6, 1 << 20);
        }),
    A_RECORD_TWICE(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          for (int i = 0; i < 5; i++) {
            occasion.put(5 + i, occasion.get(i));
          }
        }),
    AN_UNKNOWN_OUTCOME(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.put(7, 4);
        }),
    MORE_STEPS_THAN_THE_BUDGET(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.put(8, 61);
        }),
    PART_OF_THE_RECORDS(
        Call.RECORD_INTS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.fill(occasion.bytes() / 2, (byte) -1);
        }),
    STATES_THAT_ARE_NO_NUMBERS(
        Call.RECORD_REALS,
        3,
        occasion -> {
          occasion.proceed();
          occasion.fill(16, (byte) -1);
        });

    private final Call call;
    private final int number;
    private final FaultyDevice.Fault strike;

    Fault(Call call, int number, FaultyDevice.Fault strike) {
      this.call = call;
      this.number = number;
      this.strike = strike;
    }

    FaultyDevice in(GpuDevice device) {
      return new FaultyDevice(device).at(call, number, strike);
    }

    /** Whether what the device still works on is as good as lost. */
    boolean garbles() {
      return compareTo(NOTHING_COMES_BACK) >= 0;
    }
  }

  private static void assertOneLine(BackendUnavailable unavailable, String... devices) {
    assertEquals(1, unavailable.getMessage().lines().count(), unavailable.getMessage());
    for (String device : devices) {
      assertTrue(unavailable.getMessage().contains(device), unavailable.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneFaultyDeviceEndsTheTrainingAndWhatHadEndedIsKept(Fault fault) {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice faulty = fault.in(device);
    Kept kept = new Kept(1);
    assertOneLine(
        assertThrows(
            BackendUnavailable.class,
            () -> train(List.of(device), List.of(faulty), ONE, MANY, AUTOMATIC, kept)),
        "emulated:0: ");
    assertEquals(0, faulty.struck().getCount());
    assertEquals(0, device.leftOpen(), "closed, and nothing left open");
    assertEquals(List.of(), kept.notices());
    assertRight(ONE, kept);
    if (!fault.garbles() && fault != Fault.COMPILE_REFUSED) {
      assertTrue(kept.count() > 100, "kept " + kept.count());
    }
    assertTrue(kept.count() < 4000);
    train(ONE, kept.missing(MANY), 1, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
  }

  @ParameterizedTest
  @EnumSource
  void aSoundDeviceTakesOverFromAFaultyOne(Fault fault) {
    EmulatedDevice first = new EmulatedDevice(0);
    EmulatedDevice second = new EmulatedDevice(1);
    FaultyDevice faulty = fault.in(first);
    FaultyDevice sound = new FaultyDevice(second).at(Call.LAUNCH, 1, after(faulty.struck()));
    Kept kept = new Kept(1);
    train(List.of(first, second), List.of(faulty, sound), ONE, MANY, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
    assertEquals(1, kept.notices().size(), kept.notices()::toString);
    String notice = kept.notices().getFirst();
    assertTrue(notice.startsWith("emulated:0: "), notice);
    assertTrue(notice.endsWith("; the other devices take over"), notice);
    assertEquals(0, first.leftOpen());
    assertEquals(0, second.leftOpen());
  }

  /** A call that comes only after something else has happened. */
  private static FaultyDevice.Fault after(CountDownLatch event) {
    return occasion -> {
      await(event);
      occasion.proceed();
    };
  }

  private static void await(CountDownLatch event) {
    try {
      event.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whereEveryDeviceFailsEachIsNamed() {
    EmulatedDevice first = new EmulatedDevice(0);
    EmulatedDevice second = new EmulatedDevice(1);
    FaultyDevice one = Fault.LAUNCH_FAILS.in(first);
    FaultyDevice other = Fault.CONTEXT_IS_LOST.in(second).at(Call.LAUNCH, 1, after(one.struck()));
    Kept kept = new Kept(1);
    assertOneLine(
        assertThrows(
            BackendUnavailable.class,
            () -> train(List.of(first, second), List.of(one, other), ONE, MANY, AUTOMATIC, kept)),
        "emulated:0: launch refused",
        "emulated:1: context lost");
    assertRight(ONE, kept);
    train(ONE, kept.missing(MANY), 1, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
  }

  /** A device that failed is not asked again, whatever is to be trained. */
  @Test
  void aLostDeviceStaysLost() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice faulty = Fault.LAUNCH_FAILS.in(device);
    try (GpuBackend backend = new GpuBackend(List.of(faulty), AUTOMATIC, PATIENCE);
        Trainer trainer = backend.prepare(ONE)) {
      for (int i = 0; i < 2; i++) {
        BackendUnavailable unavailable =
            assertThrows(BackendUnavailable.class, () -> trainer.train(MANY, new Kept(1)));
        assertOneLine(unavailable, "emulated:0: launch refused");
      }
      assertEquals(4, faulty.calls(Call.LAUNCH));
      assertThrows(
          BackendUnavailable.class,
          () -> backend.probe().verdicts(ONE.getFirst(), new double[1][5]));
    }
    assertEquals(0, device.leftOpen());
  }

  /** A refused kernel can be looked into. */
  @Test
  void theCompilersLogAndTextGoWithTheFailure() {
    EmulatedDevice device = new EmulatedDevice(0);
    BackendUnavailable unavailable =
        assertThrows(
            BackendUnavailable.class,
            () ->
                train(
                    List.of(device),
                    List.of(Fault.COMPILE_REFUSED.in(device)),
                    ONE,
                    MANY,
                    AUTOMATIC,
                    new Kept(1)));
    String stack = unavailable.getSuppressed()[0].toString();
    assertTrue(stack.contains("the log") && stack.contains("the text"), stack);
  }

  /** A call of a kind that does not return until the test says so. */
  private static FaultyDevice hanging(
      GpuDevice device, Call call, int number, CountDownLatch release) {
    return new FaultyDevice(device).at(call, number, after(release));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILE", "LAUNCH", "CONTROL", "RECORD_REALS"})
  void aDeviceThatDoesNotAnswerIsGivenUp(Call call) {
    CountDownLatch release = new CountDownLatch(1);
    EmulatedDevice first = new EmulatedDevice(0);
    EmulatedDevice second = new EmulatedDevice(1);
    FaultyDevice silent = hanging(first, call, call == Call.COMPILE ? 1 : 3, release);
    FaultyDevice sound = new FaultyDevice(second).at(Call.LAUNCH, 1, after(silent.struck()));
    Kept kept = new Kept(1);
    train(List.of(first, second), List.of(silent, sound), ONE, MANY, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
    assertEquals(
        List.of("emulated:0: no answer for 1 s; the other devices take over"), kept.notices());
    assertEquals(-1, first.leftOpen(), "a thread is still inside");
    // Whatever it answers now, nobody hears of it.
    release.countDown();
    while (first.holdsBuffers()) {
      Thread.onSpinWait();
    }
    assertEquals(0, kept.twice());
  }

  @Test
  void theOnlyDeviceThatDoesNotAnswerEndsTheTraining() {
    CountDownLatch release = new CountDownLatch(1);
    EmulatedDevice device = new EmulatedDevice(0);
    Kept kept = new Kept(1);
    FaultyDevice silent = hanging(device, Call.CONTROL, 4, release);
    assertOneLine(
        assertThrows(
            BackendUnavailable.class,
            () -> train(List.of(device), List.of(silent), ONE, MANY, AUTOMATIC, kept)),
        "emulated:0: no answer for 1 s");
    assertRight(ONE, kept);
    assertTrue(kept.count() > 100, "kept " + kept.count());
    train(ONE, kept.missing(MANY), 1, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
    release.countDown();
  }

  /** It might be asked to stop just because nothing moves. */
  @Test
  void aStopIsNotHeldUpByADeviceThatDoesNotAnswer() {
    CountDownLatch release = new CountDownLatch(1);
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice silent = hanging(device, Call.CONTROL, 4, release);
    Kept kept = new Kept(1).stopping(() -> silent.struck().getCount() == 0);
    long begin = System.nanoTime();
    try (GpuBackend backend = new GpuBackend(List.of(silent), AUTOMATIC, Duration.ofHours(1));
        Trainer trainer = backend.prepare(ONE)) {
      trainer.train(MANY, kept);
    }
    assertTrue(System.nanoTime() - begin < Duration.ofMinutes(5).toNanos());
    assertRight(ONE, kept);
    assertTrue(kept.count() > 100, "kept " + kept.count());
    release.countDown();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shortMemoryIsSaidOnceAndSufficesForFewer(int allocation) {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice small =
        new FaultyDevice(device)
            .at(
                Call.ALLOCATE,
                allocation,
                occasion -> {
                  throw occasion.shortage();
                })
            // Two groups are too many for the second cell, too.
            .at(
                Call.ALLOCATE,
                allocation + 12 + allocation,
                occasion -> {
                  throw occasion.shortage();
                });
    Kept kept = new Kept(CELLS.size());
    train(List.of(device), List.of(small), CELLS, RANGES, AUTOMATIC, kept);
    assertWhole(CELLS, RANGES, kept);
    assertEquals(
        List.of("emulated:0: no memory; going on with fewer restarts at once"), kept.notices());
  }

  /** Drivers may find out at a launch. */
  @Test
  void shortMemoryInALaunchSufficesForFewer() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice small =
        new FaultyDevice(device)
            .at(
                Call.LAUNCH,
                4,
                occasion -> {
                  throw occasion.shortage();
                });
    Kept kept = new Kept(1);
    train(List.of(device), List.of(small), ONE, MANY, AUTOMATIC, kept);
    assertWhole(ONE, MANY, kept);
    assertEquals(1, kept.notices().size());
  }

  @Test
  void tooLittleMemoryForOneGroupIsADeviceThatCannotServe() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice small =
        new FaultyDevice(device)
            .from(
                Call.ALLOCATE,
                1,
                occasion -> {
                  throw occasion.shortage();
                });
    assertOneLine(
        assertThrows(
            BackendUnavailable.class,
            () -> train(List.of(device), List.of(small), ONE, MANY, AUTOMATIC, new Kept(1))),
        "emulated:0: no memory");
  }

  /** With one device and with two; nothing is delivered after it. */
  @Test
  void whatTheSinkThrowsReachesTheCallerAndNothingFollows() {
    for (int devices = 1; devices <= 2; devices++) {
      IllegalStateException full = new IllegalStateException("disk full");
      int[] pieces = new int[1];
      Sink failing =
          new Sink() {
            @Override
            public void accept(Outcomes outcomes) {
              if (++pieces[0] == 3) {
                throw full;
              }
            }

            @Override
            public boolean stopped() {
              return false;
            }
          };
      List<EmulatedDevice> emulated =
          IntStream.range(0, devices).mapToObj(EmulatedDevice::new).toList();
      assertSame(
          full,
          assertThrows(
              IllegalStateException.class,
              () -> train(emulated, emulated, ONE, MANY, AUTOMATIC, failing)));
      assertEquals(3, pieces[0]);
    }
  }

  @Test
  void aStopKeepsWhatHasEndedAndTheRestCanBeTrainedLater() {
    for (int devices = 1; devices <= 3; devices++) {
      Kept kept = new Kept(CELLS.size());
      train(CELLS, RANGES, devices, AUTOMATIC, kept.stopping(() -> kept.count() > 500));
      assertTrue(kept.count() > 500);
      assertFalse(kept.missing(RANGES).isEmpty(), "nothing is left to be stopped");
      kept.stopping(() -> false);
      train(CELLS, kept.missing(RANGES), devices, AUTOMATIC, kept);
      assertWhole(CELLS, RANGES, kept);
    }
  }

  /** Pieces of all restarts at once: none is complete when the stop comes. */
  @Test
  void aStopKeepsWhatHasEndedOfIncompletePieces() {
    EmulatedDevice device = new EmulatedDevice(0);
    FaultyDevice watched = new FaultyDevice(device);
    Kept kept = new Kept(1).stopping(() -> watched.calls(Call.LAUNCH) >= 3);
    List<RestartRange> few = List.of(new RestartRange(0, 10, 60));
    train(List.of(device), List.of(watched), ONE, few, AUTOMATIC, kept);
    assertTrue(kept.count() > 0 && kept.count() < 60, "kept " + kept.count());
    assertRight(ONE, kept);
    for (RestartRange gap : kept.missing(few)) {
      assertTrue(gap.first() == 10 || kept.rows().getFirst().containsKey(gap.first() - 1));
    }
  }

  /** As a pool that is shut down does it: no thread may be left at work. */
  @Test
  void anInterruptIsAStop() {
    EmulatedDevice device = new EmulatedDevice(0);
    Thread caller = Thread.currentThread();
    FaultyDevice interrupting =
        new FaultyDevice(device)
            .at(
                Call.LAUNCH,
                3,
                occasion -> {
                  caller.interrupt();
                  occasion.proceed();
                });
    Kept kept = new Kept(1);
    List<RestartRange> endless = List.of(new RestartRange(0, 0, 1L << 40));
    train(List.of(device), List.of(interrupting), ONE, endless, AUTOMATIC, kept);
    assertTrue(Thread.interrupted(), "the caller is to know");
    assertRight(ONE, kept);
    assertEquals(0, device.leftOpen());
  }
}
