package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Outcome;

/**
 * One device at work on one plan: launches that go on where the last one left, free lanes that take
 * new restarts from a table, records of ended restarts that come back. {@code work.h} is the other
 * side of it.
 */
final class GpuRun implements AutoCloseable {
  /** Positions in the control buffer, and its length. */
  private static final int TAKEN = 0;

  private static final int RECORDS = 1;
  private static final int CONTROL_INTS = 9;

  /** Records there is room for even where few restarts are under way. */
  private static final int SMALLEST_CAPACITY = 1 << 16;

  private static final int LARGEST_CAPACITY = 1 << 22;
  private static final int RECORDS_IN_A_GO = 1 << 12;

  private final GpuDevice device;
  private final GpuKernel kernel;
  private final LaunchPlan plan;
  private final Records records;
  private final int capacity;
  private final List<GpuBuffer> buffers = new ArrayList<>();
  private final List<NativeNumbers> numbers = new ArrayList<>();
  private final List<GpuBuffer> arguments;
  private final NativeNumbers control;
  private final WorkTable table;
  private final NativeNumbers recordInts;
  private final NativeNumbers recordReals;
  private final LaunchLength length = new LaunchLength();

  /** The tiles in the table or under way, by the number that their records bear. */
  private final Map<Integer, Begun> begun = new HashMap<>();

  private int nextId;
  private int mostInputs;
  private long underWay;

  /** A tile and its piece. */
  private record Begun(Piece piece, Tile tile) {}

  /**
   * @param session whose thread this is
   * @param given starts to read, or null
   * @param restarts of all pieces to come
   * @param recordBytes most bytes for records, unless the lanes need more
   * @throws OutOfDeviceMemory where the device has not enough for this plan
   */
  GpuRun(
      GpuSession session,
      LaunchPlan plan,
      CellNumbers cells,
      Records records,
      MemorySegment given,
      long restarts,
      long recordBytes) {
    this.device = session.device();
    this.plan = plan;
    this.records = records;
    this.capacity = capacity(plan, restarts, recordBytes);
    try {
      this.kernel = session.kernel(plan);
      this.control = keep(NativeNumbers.ofInts(CONTROL_INTS));
      this.table = new WorkTable(plan.unit());
      keep(table.table());
      this.recordInts = keep(NativeNumbers.ofInts((long) capacity * LaunchPlan.RECORD_INTS));
      this.recordReals =
          keep(NativeNumbers.ofReals(plan.precision(), (long) capacity * plan.recordReals()));
      this.arguments = allocate(cells, given);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Restarts that may be in the table and under way, and so records of a launch: twice what keeps
   * the lanes busy, within bounds.
   */
  private static int capacity(LaunchPlan plan, long restarts, long recordBytes) {
    long lanes = plan.lanes();
    long most = Math.max(plan.piece(), lanes * Math.clamp(plan.unit(), 2, 8));
    long wanted = Math.clamp(2 * most, SMALLEST_CAPACITY, LARGEST_CAPACITY);
    long fitting = Math.max(2 * lanes, recordBytes / plan.recordBytes());
    return (int) Math.max(2, Math.min(2 * restarts, Math.min(wanted, fitting)));
  }

  private NativeNumbers keep(NativeNumbers kept) {
    numbers.add(kept);
    return kept;
  }

  /** In the order of the kernels' parameters. */
  private List<GpuBuffer> allocate(CellNumbers cells, MemorySegment given) {
    return List.of(
        buffer(control.segment().byteSize()),
        buffer(table.table().segment().byteSize()),
        filled(cells.ints().segment()),
        filled(cells.reals().segment()),
        zeros(plan.keptIntsBytes()),
        zeros(plan.keptRealsBytes()),
        buffer(recordInts.segment().byteSize()),
        buffer(recordReals.segment().byteSize()),
        buffer(plan.samplesBytes()),
        sampledSteps(),
        filled(cells.vectors().segment()),
        given != null ? filled(given) : filled(cells.data().segment(), plan.realBytes()));
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
    try (NativeNumbers sampled = NativeNumbers.ofInts(Math.max(1, steps.size()))) {
      steps.forEach(sampled::add);
      return filled(sampled.segment());
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
   * @throws GarbledAnswer where records contradict what was launched
   */
  void work(Pieces.Share share, BooleanSupplier stopped) {
    while (!stopped.getAsBoolean()) {
      fill(share);
      if (unfinished() == 0) {
        return;
      }
      launch(false);
      collect(share);
    }
  }

  /**
   * The first gradient of a restart, by a kernel whose text ends there.
   *
   * @param share with the restart and no other
   * @param count numbers of the gradient
   */
  double[] gradient(Pieces.Share share, int count) {
    fill(share);
    launch(true);
    double[] gradient = new double[count];
    try (NativeNumbers answer = NativeNumbers.ofReals(plan.precision(), count)) {
      device.download(arguments.get(8), answer.segment());
      Arrays.setAll(gradient, answer::real);
    }
    return gradient;
  }

  /** Restarts in the table and under way: never more than there is room for records. */
  private long unfinished() {
    return table.restarts() + underWay;
  }

  /** Takes pieces once half of the room is free: the table is made anew for many at a time. */
  private void fill(Pieces.Share share) {
    int half = capacity / 2;
    if (unfinished() > half) {
      return;
    }
    while (unfinished() + half <= capacity && !table.full()) {
      Piece piece = share.take(half, unfinished());
      if (piece == null) {
        return;
      }
      mostInputs = Math.max(mostInputs, piece.inputs());
      for (Tile tile : piece.tiles()) {
        begun.put(nextId, new Begun(piece, tile));
        table.add(nextId++, records.local(tile.cell()), tile);
      }
    }
  }

  private void launch(boolean gradient) {
    if (table.remade()) {
      device.upload(arguments.get(1), table.table().written());
    }
    int[] sent = {
      table.taken(),
      0,
      table.tickets(),
      table.rows(),
      plan.unit(),
      length.next(load(unfinished())),
      plan.samples(),
      gradient ? 1 : 0,
      0
    };
    control.clear();
    Arrays.stream(sent).forEach(control::add);
    device.upload(arguments.get(0), control.segment());
    // What is not overwritten will show.
    control.segment().fill((byte) -1);
    long start = System.nanoTime();
    device.launch(kernel, plan.groups(), plan.groupSize(), arguments);
    device.download(arguments.get(0), control.segment());
    double seconds = (System.nanoTime() - start) * 1e-9;
    check(sent);
    underWay += table.take(Math.min(control.integer(TAKEN), table.tickets()));
    long left = underWay - control.integer(RECORDS);
    if (left > 0) {
      length.took(seconds, load(left));
    }
  }

  /** What an iteration costs, beside others of this run. */
  private double load(long unfinished) {
    return (double) Math.min(unfinished, plan.lanes()) * mostInputs;
  }

  private void check(int[] sent) {
    boolean kept = true;
    for (int i = RECORDS + 1; i < CONTROL_INTS; i++) {
      kept &= control.integer(i) == sent[i];
    }
    // An owner that finds no ticket has counted one, too.
    long mostTaken = (long) table.tickets() + plan.owners();
    int taken = control.integer(TAKEN);
    if (!kept || taken < sent[TAKEN] || taken > mostTaken) {
      throw garbled(
          "a launch returned %s after %s".formatted(text(control), Arrays.toString(sent)));
    }
  }

  private static String text(NativeNumbers numbers) {
    return Arrays.toString(numbers.segment().toArray(ValueLayout.JAVA_INT));
  }

  private GarbledAnswer garbled(String what) {
    return new GarbledAnswer(device.describe().info().name() + ": " + what);
  }

  private void collect(Pieces.Share share) {
    int count = control.integer(RECORDS);
    if (count < 0 || count > underWay) {
      throw garbled("a launch returned %d records of %d restarts".formatted(count, underWay));
    }
    if (count == 0) {
      return;
    }
    MemorySegment ints = recordInts.first((long) count * LaunchPlan.RECORD_INTS);
    ints.fill((byte) -1);
    device.download(arguments.get(6), ints);
    device.download(arguments.get(7), recordReals.first((long) count * plan.recordReals()));
    underWay -= count;
    List<Piece> finished =
        IntStream.range(0, Math.ceilDiv(count, RECORDS_IN_A_GO))
            .parallel()
            .mapToObj(go -> read(go * RECORDS_IN_A_GO, Math.min(count, (go + 1) * RECORDS_IN_A_GO)))
            .flatMap(List::stream)
            .toList();
    if (!finished.isEmpty()) {
      begun.values().removeIf(of -> of.piece().complete());
      finished.forEach(share::finish);
    }
  }

  /** Reads records {@code from … to − 1}; returns the pieces that they complete. */
  private List<Piece> read(int from, int to) {
    List<Piece> finished = new ArrayList<>();
    for (int record = from; record < to; record++) {
      long at = (long) record * LaunchPlan.RECORD_INTS;
      Begun of = begun.get(recordInts.integer(at));
      int offset = recordInts.integer(at + 1);
      if (of == null || offset < 0 || offset >= of.tile().count()) {
        throw garbled("a launch returned a record of no restart under way");
      }
      if (!of.piece().end(of.piece().row(of.tile(), offset))) {
        throw garbled("a launch returned a second record of a restart");
      }
      int outcome = recordInts.integer(at + 2);
      int steps = recordInts.integer(at + 3);
      int phase = recordInts.integer(at + 4);
      boolean known = outcome >= 0 && outcome < Outcome.values().length;
      if (!known || steps < 0 || phase < -1 || phase > steps || !read(record, of)) {
        throw garbled("a launch returned a record that cannot be: " + text(at, record));
      }
      if (of.piece().filled()) {
        finished.add(of.piece());
      }
    }
    return finished;
  }

  /** Hands a record on, whose integers can be those of a restart. */
  private boolean read(int record, Begun of) {
    long at = (long) record * LaunchPlan.RECORD_INTS;
    Ended ended =
        new Ended(
            Outcome.of(recordInts.integer(at + 2)),
            recordInts.integer(at + 3),
            recordInts.integer(at + 4),
            recordReals,
            (long) record * plan.recordReals());
    return records.read(recordInts.integer(at + 1), ended, of.piece(), of.tile());
  }

  private String text(long at, int record) {
    StringBuilder text = new StringBuilder();
    for (int i = 2; i < LaunchPlan.RECORD_INTS; i++) {
      text.append(recordInts.integer(at + i)).append(' ');
    }
    long from = (long) record * plan.recordReals();
    for (int i = 0; i < plan.form().recordReals(); i++) {
      text.append(recordReals.real(from + i)).append(' ');
    }
    return text.toString().strip();
  }

  @Override
  public void close() {
    try {
      // What a lost device refuses to free goes with the device.
      buffers.reversed().forEach(GpuBuffer::close);
    } finally {
      numbers.forEach(NativeNumbers::close);
    }
  }
}
