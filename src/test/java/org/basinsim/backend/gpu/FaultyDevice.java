package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** A device with faults: the n-th call of a kind does something else than it should. */
public final class FaultyDevice implements GpuDevice {
  private final GpuDevice sound;
  private final List<Planned> faults = new ArrayList<>();
  private final Map<Call, Integer> calls = new EnumMap<>(Call.class);
  private final CountDownLatch struck = new CountDownLatch(1);
  private List<GpuBuffer> arguments = List.of();
  private boolean lost;
  private int units;

  /** Kinds of calls; downloads by what a training in tiles downloads. */
  public enum Call {
    COMPILE,
    ALLOCATE,
    UPLOAD,
    LAUNCH,
    CONTROL,
    RECORD_INTS,
    RECORD_REALS,
    OTHER_DOWNLOAD,
    CLOSE
  }

  /** A fault that waits for its call. */
  private record Planned(Call call, int first, int last, Fault fault) {}

  /** What happens instead of a call. */
  public interface Fault {
    /**
     * Strikes.
     *
     * @param occasion the call
     */
    void strike(Occasion occasion);
  }

  /** A call that a fault has come between. */
  public static final class Occasion {
    private final FaultyDevice device;
    private final Runnable call;
    private final MemorySegment segment;

    private Occasion(FaultyDevice device, Runnable call, MemorySegment segment) {
      this.device = device;
      this.call = call;
      this.segment = segment;
    }

    /** Does what was asked for. */
    public void proceed() {
      call.run();
    }

    /** Replaces an integer of what was downloaded. */
    public void put(long position, int value) {
      segment.setAtIndex(ValueLayout.JAVA_INT, position, value);
    }

    /** An integer of what was downloaded. */
    public int get(long position) {
      return segment.getAtIndex(ValueLayout.JAVA_INT, position);
    }

    /** Bytes that were to be downloaded. */
    public long bytes() {
      return segment.byteSize();
    }

    /** Replaces all of what was downloaded, from a byte on. */
    public void fill(long from, byte value) {
      segment.asSlice(from).fill(value);
    }

    /** The failure of a call, after which the device serves no more. */
    public GpuFailure failure(String what) {
      device.lost = true;
      return new GpuFailure(device.describe().info().name() + ": " + what);
    }

    /** The answer of a device without enough memory. */
    public OutOfDeviceMemory shortage() {
      return new OutOfDeviceMemory(device.describe().info().name() + ": no memory");
    }
  }

  public FaultyDevice(GpuDevice sound) {
    this.sound = sound;
  }

  /** Makes it look this small, so that what a launch gets done does not depend on the machine. */
  public FaultyDevice units(int fewer) {
    units = fewer;
    return this;
  }

  /** Plans a fault for the n-th call of a kind, from 1. */
  public FaultyDevice at(Call call, int n, Fault fault) {
    return between(call, n, n, fault);
  }

  /** Plans a fault for every call of a kind from the n-th on. */
  public FaultyDevice from(Call call, int n, Fault fault) {
    return between(call, n, Integer.MAX_VALUE, fault);
  }

  private FaultyDevice between(Call call, int first, int last, Fault fault) {
    faults.add(new Planned(call, first, last, fault));
    return this;
  }

  /** Counts down when a first fault strikes. */
  public CountDownLatch struck() {
    return struck;
  }

  /** Calls of a kind so far. */
  public int calls(Call call) {
    return calls.getOrDefault(call, 0);
  }

  private void carryOut(Call kind, Runnable call, MemorySegment segment) {
    if (lost && kind != Call.CLOSE) {
      throw new AssertionError("a lost device is asked for a " + kind);
    }
    int number = calls.merge(kind, 1, Integer::sum);
    for (Planned planned : faults) {
      if (planned.call() == kind && planned.first() <= number && number <= planned.last()) {
        struck.countDown();
        planned.fault().strike(new Occasion(this, call, segment));
        return;
      }
    }
    call.run();
  }

  private <T> T answer(Call kind, Supplier<T> call) {
    List<T> answer = new ArrayList<>();
    carryOut(kind, () -> answer.add(call.get()), null);
    return answer.getFirst();
  }

  @Override
  public GpuDescription describe() {
    GpuDescription all = sound.describe();
    return units == 0
        ? all
        : new GpuDescription(
            all.info(),
            all.dialect(),
            all.kind(),
            all.driver(),
            all.compiler(),
            units,
            all.vectorWidth(),
            all.doubles(),
            all.memory(),
            all.sharedMemory(),
            all.largestGroup());
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    return answer(Call.COMPILE, () -> sound.compile(source));
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    return answer(Call.ALLOCATE, () -> sound.allocate(bytes));
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    carryOut(Call.UPLOAD, () -> sound.upload(to, from), from);
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> buffers) {
    arguments = buffers;
    carryOut(Call.LAUNCH, () -> sound.launch(kernel, groups, groupSize, buffers), null);
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    Call kind =
        switch (arguments.indexOf(from)) {
          case 0 -> Call.CONTROL;
          case 6 -> Call.RECORD_INTS;
          case 7 -> Call.RECORD_REALS;
          default -> Call.OTHER_DOWNLOAD;
        };
    carryOut(kind, () -> sound.download(from, to), to);
  }

  @Override
  public void close() {
    carryOut(Call.CLOSE, sound::close, null);
  }
}
