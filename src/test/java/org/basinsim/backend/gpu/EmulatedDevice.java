package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;

/**
 * A device made of Java: it keeps to the protocol of {@code work.h}, but a restart is no descent.
 * Where it ends is a hash of its experiment and its index, see {@link #end}.
 *
 * <p>Fails on what no device forgives: calls that overlap, the use of what is closed, memory that
 * nobody has filled, a record beyond the end of its buffer.
 */
public final class EmulatedDevice implements GpuDevice {
  private static final int CELL_INTS = 11;
  private static final int KEPT = 4;
  private static final int OTHER = 12;

  private final GpuDescription description;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final List<Memory> open = new CopyOnWriteArrayList<>();
  private boolean closed;
  private int leftOpen = -1;
  private long restartsEnded;

  /**
   * @param number of {@code emulated:N}
   */
  public EmulatedDevice(int number) {
    this.description =
        new GpuDescription(
            new DeviceInfo("emulated", "emulated:" + number, "a device made of Java"),
            "opencl",
            Kind.CPU,
            "none",
            "none",
            1,
            4,
            true,
            1 << 30,
            1 << 15,
            64);
  }

  /** What becomes of a restart. */
  public record End(Outcome outcome, int steps, double loss) {}

  /** What becomes of a restart of an experiment. */
  public static End end(ConvExperiment experiment, long restart) {
    return end(experiment.key(), experiment.maxSteps(), restart);
  }

  private static End end(long key, int maxSteps, long restart) {
    long hash = key ^ (restart + 1) * 0x9E3779B97F4A7C15L;
    hash = (hash ^ hash >>> 29) * 0xBF58476D1CE4E5B9L;
    hash ^= hash >>> 32;
    // Most end soon, some have a long way.
    int steps = (int) ((hash >>> 2 & 63) == 0 ? 40 + (hash >>> 8 & 15) : hash >>> 8 & 7);
    return new End(
        Outcome.of((int) (hash & 3)), Math.min(steps, maxSteps), (hash >>> 40 & 0xffff) / 65536.0);
  }

  /** Buffers that were still open when the device was closed; −1 while it is open. */
  public int leftOpen() {
    return leftOpen;
  }

  /** Whether buffers are open. */
  public boolean holdsBuffers() {
    return !open.isEmpty();
  }

  /** Restarts that ended in launches so far. */
  public long restartsEnded() {
    return restartsEnded;
  }

  @Override
  public GpuDescription describe() {
    return description;
  }

  private void carryOut(Runnable call) {
    if (!busy.compareAndSet(false, true)) {
      throw new AssertionError("two calls at once");
    }
    try {
      if (closed) {
        throw new AssertionError("a closed device");
      }
      call.run();
    } finally {
      busy.set(false);
    }
  }

  /** Memory of the device; what kernels keep in it is kept as objects. */
  private final class Memory implements GpuBuffer {
    private final MemorySegment content;
    private boolean filled;
    private Item[] items;

    Memory(long bytes) {
      this.content = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
      content.fill((byte) 0xa5);
    }

    int integer(long i) {
      return content.get(ValueLayout.JAVA_INT_UNALIGNED, i * Integer.BYTES);
    }

    void integer(long i, int value) {
      content.set(ValueLayout.JAVA_INT_UNALIGNED, i * Integer.BYTES, value);
    }

    void real(long i, double value, boolean single) {
      if (single) {
        content.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES, (float) value);
      } else {
        content.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * Double.BYTES, value);
      }
    }

    @Override
    public long bytes() {
      return content.byteSize();
    }

    @Override
    public void close() {
      carryOut(() -> {
        if (!open.remove(this)) {
          throw new AssertionError("closed twice");
        }
      });
    }
  }

  /**
   * A kernel by the constants of its text.
   *
   * @param width restarts of a work-item
   */
  private record Kernel(boolean single, int group, int width) implements GpuKernel {
    @Override
    public Optional<Resources> resources() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** A work-item: its tile, and the restarts in its lanes. */
  private static final class Item {
    private int id;
    private int cell;
    private int stride;
    private int next;
    private int end;
    private long first;
    private final int[] offset;
    private final int[] step;
    private final boolean[] active;

    Item(int width) {
      offset = new int[width];
      step = new int[width];
      active = new boolean[width];
    }

    boolean anyActive() {
      for (boolean lane : active) {
        if (lane) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    Kernel[] kernel = new Kernel[1];
    carryOut(() -> {
      Map<String, String> constants = new HashMap<>();
      source
          .text()
          .lines()
          .filter(line -> line.startsWith("#define BASIN_"))
          .map(line -> line.split(" ", 3))
          .forEach(words -> constants.putIfAbsent(words[1], words.length > 2 ? words[2] : ""));
      kernel[0] =
          new Kernel(
              constants.get("BASIN_DOUBLE").equals("0"),
              Integer.parseInt(constants.get("BASIN_GROUP_SIZE")),
              Integer.parseInt(constants.get("BASIN_VECTORS"))
                  * Integer.parseInt(constants.get("BASIN_WIDTH")));
    });
    return kernel[0];
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    Memory[] memory = new Memory[1];
    carryOut(() -> {
      memory[0] = new Memory(bytes);
      open.add(memory[0]);
    });
    return memory[0];
  }

  private Memory opened(GpuBuffer buffer) {
    if (!(buffer instanceof Memory memory) || !open.contains(memory)) {
      throw new AssertionError("not a buffer of this device, or a closed one");
    }
    return memory;
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    carryOut(() -> {
      Memory memory = opened(to);
      MemorySegment.copy(from, 0, memory.content, 0, from.byteSize());
      memory.filled = true;
    });
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    carryOut(() -> MemorySegment.copy(opened(from).content, 0, to, 0, to.byteSize()));
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    carryOut(() -> {
      Kernel compiled = (Kernel) kernel;
      if (compiled.group() != groupSize || arguments.size() != OTHER) {
        throw new AssertionError("another launch than the kernel is for");
      }
      new Launch(compiled, groups, arguments.stream().map(this::opened).toList()).carryOut();
    });
  }

  @Override
  public void close() {
    carryOut(() -> {
      leftOpen = open.size();
      closed = true;
    });
  }

  /** One launch: what {@code train_population.c} does, work-item by work-item. */
  private final class Launch {
    private final Kernel kernel;
    private final Memory control;
    private final Memory table;
    private final Memory cells;
    private final Memory recordInts;
    private final Memory recordReals;
    private final Item[] items;

    Launch(Kernel kernel, int groups, List<Memory> arguments) {
      this.kernel = kernel;
      this.control = arguments.get(0);
      this.table = arguments.get(1);
      this.cells = arguments.get(2);
      this.recordInts = arguments.get(6);
      this.recordReals = arguments.get(7);
      Memory kept = arguments.get(KEPT);
      if (kept.items == null) {
        for (long i = 0; i < kept.bytes() / Integer.BYTES; i++) {
          if (kept.integer(i) != 0) {
            throw new AssertionError("the work-items' memory is not zero");
          }
        }
        kept.items = new Item[groups * kernel.group()];
        for (int i = 0; i < kept.items.length; i++) {
          kept.items[i] = new Item(kernel.width());
        }
      }
      this.items = kept.items;
      if (!table.filled && control.integer(2) > 0) {
        throw new AssertionError("tickets without a table");
      }
    }

    void carryOut() {
      int iterations = control.integer(5);
      for (Item item : items) {
        boolean more = true;
        for (int n = 0; n < iterations; n++) {
          if (more && item.next == item.end && !item.anyActive()) {
            more = take(item);
          }
          for (int lane = 0; lane < kernel.width(); lane++) {
            if (!item.active[lane] && item.next < item.end) {
              item.offset[lane] = item.next++;
              item.step[lane] = 0;
              item.active[lane] = true;
            }
          }
          if (!item.anyActive()) {
            break;
          }
          step(item);
        }
      }
    }

    private boolean take(Item item) {
      int ticket = control.integer(0);
      control.integer(0, ticket + 1);
      if (ticket >= control.integer(2)) {
        return false;
      }
      int row = 0;
      for (int beyond = control.integer(3); beyond - row > 1; ) {
        int middle = (row + beyond) / 2;
        if (table.integer(8L * middle) <= ticket) {
          row = middle;
        } else {
          beyond = middle;
        }
      }
      long at = 8L * row;
      int unit = control.integer(4);
      item.id = table.integer(at + 1);
      item.cell = table.integer(at + 2);
      item.first =
          table.integer(at + 3) & 0xffffffffL | (long) table.integer(at + 4) << Integer.SIZE;
      item.stride = table.integer(at + 5);
      item.next = table.integer(at + 6) + (ticket - table.integer(at)) * unit;
      item.end = (int) Math.min(table.integer(at + 7), (long) item.next + unit);
      return true;
    }

    private void step(Item item) {
      long cell = (long) CELL_INTS * item.cell;
      long key = cells.integer(cell) & 0xffffffffL | (long) cells.integer(cell + 1) << Integer.SIZE;
      int maxSteps = cells.integer(cell + 4);
      for (int lane = 0; lane < kernel.width(); lane++) {
        if (item.active[lane]) {
          long restart = item.first + (long) item.offset[lane] * item.stride;
          End end = end(key, maxSteps, restart);
          if (item.step[lane]++ == end.steps()) {
            item.active[lane] = false;
            record(item, lane, end);
          }
        }
      }
    }

    private void record(Item item, int lane, End end) {
      restartsEnded++;
      int record = control.integer(1);
      control.integer(1, record + 1);
      int[] ints = {item.id, item.offset[lane], end.outcome().code(), end.steps(), -1};
      for (int i = 0; i < ints.length; i++) {
        recordInts.integer((long) record * ints.length + i, ints[i]);
      }
      double[] reals = {0.5, 0.25, 1, 1, 0, end.loss(), 0.125};
      for (int i = 0; i < reals.length; i++) {
        recordReals.real((long) record * reals.length + i, reals[i], kernel.single());
      }
    }
  }
}
