package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.basinsim.backend.gpu.Piece.Tile;

/**
 * One device at work on one plan: launches that go on where the last one left, free lanes that take
 * new restarts from a table, records of ended restarts that come back.
 */
final class GpuRun implements AutoCloseable {
  /** Launches are made this long: Ctrl-C and a display's watchdog wait for one. */
  private static final double LAUNCH_SECONDS = 0.2;

  private static final int FIRST_ITERATIONS = 16;
  private static final int MOST_ITERATIONS = 1 << 20;
  private static final int TABLE_COLUMNS = 8;
  private static final int MOST_ROWS = 1 << 15;
  private static final int CONTROL_INTS = 9;
  private static final int SMALLEST_CAPACITY = 1 << 16;
  private static final int RECORDS_IN_A_GO = 1 << 12;

  private final GpuDevice device;
  private final GpuKernel kernel;
  private final LaunchPlan plan;
  private final Records records;
  private final List<GpuBuffer> buffers = new ArrayList<>();
  private final List<GpuBuffer> arguments;
  private final NativeNumbers control = NativeNumbers.ofInts(CONTROL_INTS);
  private final NativeNumbers table = NativeNumbers.ofInts((long) TABLE_COLUMNS * MOST_ROWS);
  private final NativeNumbers recordInts;
  private final NativeNumbers recordReals;
  private final int capacity;

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Map<Integer, Begun> begun = new HashMap<>();
  private int nextId;
  private int waitingRestarts;
  private int underWay;
  private int iterations = FIRST_ITERATIONS;

  /** Restarts of a tile, from an offset on, that nobody has taken yet. */
  private record Waiting(int id, Tile tile, int begin) {
    int restarts() {
      return tile.count() - begin;
    }
  }

  /** A tile that is in the table or under way. */
  private record Begun(Piece piece, Tile tile) {}

  /**
   * @param compiled plan that the kernel is compiled for; differs in the number of groups only
   * @param given starts to read, or null
   * @throws OutOfDeviceMemory where the device has not enough for this plan
   */
  GpuRun(
      GpuSession session,
      LaunchPlan compiled,
      LaunchPlan plan,
      ConvCells cells,
      Records records,
      MemorySegment given) {
    this.device = session.device();
    this.kernel = session.kernel(compiled);
    this.plan = plan;
    this.records = records;
    long most = Math.max(plan.piece(), (long) plan.lanes() * Math.max(2, Math.min(plan.unit(), 8)));
    this.capacity = Math.clamp(2 * most, SMALLEST_CAPACITY, 1 << 22);
    this.recordInts = NativeNumbers.ofInts((long) capacity * LaunchPlan.RECORD_INTS);
    this.recordReals =
        NativeNumbers.ofReals(plan.precision(), (long) capacity * plan.recordReals());
    try {
      this.arguments = allocate(cells, given);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** In the order of the kernels' parameters. */
  private List<GpuBuffer> allocate(ConvCells cells, MemorySegment given) {
    int realBytes = plan.realBytes();
    List<GpuBuffer> all =
        List.of(
            buffer(control.segment().byteSize()),
            buffer(table.segment().byteSize()),
            filled(cells.ints()),
            filled(cells.reals()),
            zeros(plan.keptIntsBytes()),
            buffer(plan.keptRealsBytes()),
            buffer(recordInts.segment().byteSize()),
            buffer(recordReals.segment().byteSize()),
            buffer(plan.samplesBytes()),
            sampledSteps(),
            filled(cells.vectors()),
            given != null ? filled(given) : filled(cells.data(), realBytes));
    return all;
  }

  private GpuBuffer buffer(long bytes) {
    GpuBuffer buffer = device.allocate(bytes);
    buffers.add(buffer);
    return buffer;
  }

  private GpuBuffer filled(MemorySegment content) {
    return filled(content, Double.BYTES);
  }

  /** A kernel's argument must be a buffer, even where it is never read. */
  private GpuBuffer filled(MemorySegment content, int least) {
    GpuBuffer buffer = buffer(Math.max(least, content.byteSize()));
    if (content.byteSize() > 0) {
      device.upload(buffer, content);
    }
    return buffer;
  }

  private GpuBuffer sampledSteps() {
    List<Integer> steps = records.sampledSteps();
    try (NativeNumbers numbers = NativeNumbers.ofInts(Math.max(1, steps.size()))) {
      steps.forEach(numbers::add);
      return filled(numbers.segment());
    }
  }

  private GpuBuffer zeros(long bytes) {
    GpuBuffer buffer = buffer(bytes);
    try (NativeNumbers zeros = NativeNumbers.ofInts(bytes / Integer.BYTES)) {
      device.upload(buffer, zeros.segment());
    }
    return buffer;
  }

  /**
   * Works until no piece is left, or until told to stop.
   *
   * @param beat called whenever the device has answered
   * @param deliver takes pieces whose restarts have all ended
   */
  void work(Pieces pieces, BooleanSupplier stopped, Runnable beat, Consumer<Piece> deliver) {
    while (!stopped.getAsBoolean()) {
      fill(pieces);
      if (waiting.isEmpty() && underWay == 0) {
        return;
      }
      launch(false);
      beat.run();
      collect(deliver);
    }
  }

  /**
   * The first gradient of a restart, by a kernel whose text ends there.
   *
   * @param pieces with the restart and no other
   * @param count numbers of the gradient
   */
  double[] gradient(Pieces pieces, int count) {
    fill(pieces);
    launch(true);
    double[] gradient = new double[count];
    try (NativeNumbers numbers = NativeNumbers.ofReals(plan.precision(), count)) {
      device.download(arguments.get(8), numbers.segment());
      Arrays.setAll(gradient, numbers::real);
    }
    return gradient;
  }

  private void fill(Pieces pieces) {
    while (waitingRestarts < wanted() && waiting.size() < MOST_ROWS / 2) {
      Piece piece = pieces.take();
      if (piece == null) {
        return;
      }
      for (Tile tile : piece.tiles()) {
        begun.put(nextId, new Begun(piece, tile));
        waiting.add(new Waiting(nextId++, tile, 0));
        waitingRestarts += tile.count();
      }
    }
  }

  /** Enough that no lane waits, as much as the records have room for. */
  private int wanted() {
    return capacity - underWay - plan.piece() + 1;
  }

  private void launch(boolean gradient) {
    int tickets = 0;
    int rows = 0;
    table.clear();
    for (Waiting next : waiting) {
      if (rows == MOST_ROWS) {
        break;
      }
      long first = next.tile().first();
      table.add(tickets);
      table.add(next.id());
      table.add(records.local(next.tile().cell()));
      table.add((int) first);
      table.add((int) (first >>> 32));
      table.add(next.tile().stride());
      table.add(next.begin());
      table.add(next.tile().count());
      tickets += Math.ceilDiv(next.restarts(), plan.unit());
      rows++;
    }
    control.clear();
    control.add(0);
    control.add(0);
    control.add(tickets);
    control.add(rows);
    control.add(plan.unit());
    control.add(iterations);
    control.add(plan.samples());
    control.add(gradient ? 1 : 0);
    control.add(0);
    device.upload(arguments.get(0), control.segment());
    if (rows > 0) {
      device.upload(arguments.get(1), table.first((long) rows * TABLE_COLUMNS));
    }
    long start = System.nanoTime();
    device.launch(kernel, plan.groups(), plan.groupSize(), arguments);
    device.download(arguments.get(0), control.segment());
    double seconds = (System.nanoTime() - start) * 1e-9;
    double factor = Math.clamp(LAUNCH_SECONDS / Math.max(seconds, 1e-9), 0.1, 8);
    iterations = (int) Math.clamp(iterations * factor, 1, MOST_ITERATIONS);
    taken(Math.min(control.integer(0), tickets));
  }

  private void taken(int tickets) {
    int left = tickets;
    while (left > 0) {
      Waiting next = waiting.remove();
      int own = Math.ceilDiv(next.restarts(), plan.unit());
      int used = Math.min(own, left);
      int restarts = (int) Math.min(next.restarts(), (long) used * plan.unit());
      left -= used;
      waitingRestarts -= restarts;
      underWay += restarts;
      if (restarts < next.restarts()) {
        waiting.addFirst(new Waiting(next.id(), next.tile(), next.begin() + restarts));
      }
    }
  }

  private void collect(Consumer<Piece> deliver) {
    int count = control.integer(1);
    if (count < 0 || count > Math.min(capacity, underWay)) {
      throw new GpuFailure(
          device.describe().info().name()
              + ": a launch returned "
              + count
              + " records; at most "
              + underWay
              + " restarts were under way");
    }
    if (count == 0) {
      return;
    }
    device.download(arguments.get(6), recordInts.first((long) count * LaunchPlan.RECORD_INTS));
    device.download(arguments.get(7), recordReals.first((long) count * plan.recordReals()));
    underWay -= count;
    Set<Piece> finished = new HashSet<>();
    int goes = Math.ceilDiv(count, RECORDS_IN_A_GO);
    IntStream.range(0, goes)
        .parallel()
        .forEach(go -> {
          int end = Math.min(count, (go + 1) * RECORDS_IN_A_GO);
          for (int record = go * RECORDS_IN_A_GO; record < end; record++) {
            Begun of = begun.get(recordInts.integer((long) record * LaunchPlan.RECORD_INTS));
            if (of == null) {
              throw new GpuFailure(
                  device.describe().info().name() + ": a launch returned a foreign record");
            }
            records.read(recordInts, recordReals, record, of.piece(), of.tile());
            if (of.piece().filled()) {
              synchronized (finished) {
                finished.add(of.piece());
              }
            }
          }
        });
    if (!finished.isEmpty()) {
      begun.values().removeIf(of -> finished.contains(of.piece()));
      finished.forEach(deliver);
    }
  }

  /** Pieces that have not been delivered. */
  Collection<Piece> begun() {
    return new HashSet<>(begun.values().stream().map(Begun::piece).toList());
  }

  @Override
  public void close() {
    buffers.reversed().forEach(GpuBuffer::close);
    control.close();
    table.close();
    recordInts.close();
    recordReals.close();
  }
}
