package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.basinsim.backend.Probe;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.ConvPlans.Use;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;

/** Answers the small questions with the kernels that train. */
final class GpuProbe implements Probe {
  /** Work-items in a group that draws. */
  private static final int GROUP = 32;

  private final GpuSession session;
  private final WorkSizing sizing;

  GpuProbe(GpuSession session, WorkSizing sizing) {
    this.session = session;
    this.sizing = sizing;
  }

  private GpuDevice device() {
    return session.device();
  }

  @Override
  public int[] words(long key, long stream, int purpose, int step, int count) {
    return session.ask(() -> {
      int[] words = new int[count];
      try (NativeNumbers result = NativeNumbers.ofInts(4L * lanes(count))) {
        draw("probe_words", Precision.SINGLE, key, stream, purpose, step, count, result);
        Arrays.setAll(words, i -> result.integer(at(i, count)));
      }
      return words;
    });
  }

  @Override
  public double[] normals(
      Precision precision, long key, long stream, int purpose, int step, int count) {
    return session.ask(() -> {
      double[] normals = new double[count];
      try (NativeNumbers result = NativeNumbers.ofReals(precision, 4L * lanes(count))) {
        draw("probe_normals", precision, key, stream, purpose, step, count, result);
        Arrays.setAll(normals, i -> result.real(at(i, count)));
      }
      return normals;
    });
  }

  /** Generator lanes, of four numbers each. */
  private static int lanes(int count) {
    return Math.ceilDiv(count, 4);
  }

  /** Where number i stands: a row for each number of a lane. */
  private static int at(int i, int count) {
    return i % 4 * lanes(count) + i / 4;
  }

  private void draw(
      String entry,
      Precision precision,
      long key,
      long stream,
      int purpose,
      int step,
      int count,
      NativeNumbers result) {
    SequencedMap<String, String> constants = new LinkedHashMap<>(KernelConstants.of(precision, 1));
    constants.put("BASIN_GROUP_SIZE", Integer.toString(GROUP));
    KernelSource source =
        KernelSource.of(
            device().describe().dialect(),
            constants,
            List.of("elementary.h", "philox.h", "gaussian.h", "probe.c"),
            entry);
    int groups = Math.ceilDiv(lanes(count), GROUP);
    try (NativeNumbers question = NativeNumbers.ofInts(7);
        GpuKernel kernel = device().compile(source);
        GpuBuffer asked = device().allocate(question.segment().byteSize());
        GpuBuffer answer = device().allocate(result.segment().byteSize())) {
      question.add((int) key);
      question.add((int) (key >>> 32));
      question.add((int) stream);
      question.add((int) (stream >>> 32));
      question.add(purpose);
      question.add(step);
      question.add(lanes(count));
      device().upload(asked, question.segment());
      device().launch(kernel, groups, GROUP, List.of(asked, answer));
      device().download(answer, result.segment());
    }
  }

  @Override
  public double[] gradient(Experiment experiment, long restart) {
    ConvExperiment conv = (ConvExperiment) experiment;
    LaunchPlan plan = plans().plan(conv, Use.TRACE, 1).forRestarts(1);
    if (!plan.form().direct()) {
      return new double[0];
    }
    int count = conv.patchSize() + (conv.learned() ? conv.patches() : 0);
    return run(
        conv,
        plan,
        1,
        new States(List.of(0)),
        new RestartRange(0, restart, 1),
        null,
        (run, share) -> run.gradient(share, count));
  }

  @Override
  public double[][] trajectory(Experiment experiment, long restart, int steps) {
    ConvExperiment conv = (ConvExperiment) experiment;
    LaunchPlan plan = plans().plan(conv, Use.TRACE, steps + 1).forRestarts(1);
    States states = new States(IntStream.rangeClosed(0, steps).boxed().toList());
    return run(
        conv,
        plan,
        Math.max(1, steps),
        states,
        new RestartRange(0, restart, 1),
        null,
        (run, share) -> {
          run.work(share, () -> false);
          return states.states;
        });
  }

  @Override
  public Outcome[] verdicts(Experiment experiment, double[][] starts) {
    if (starts.length == 0) {
      return new Outcome[0];
    }
    ConvExperiment conv = (ConvExperiment) experiment;
    LaunchPlan plan = plans().plan(conv, Use.GIVEN_STARTS, 0).forRestarts(starts.length);
    Ends ends = new Ends(starts.length);
    try (NativeNumbers given =
        NativeNumbers.ofReals(plan.precision(), (long) ConvState.SIZE * starts.length)) {
      for (double[] start : starts) {
        given.add(start);
      }
      return run(
          conv,
          plan,
          0,
          ends,
          new RestartRange(0, 0, starts.length),
          given.segment(),
          (run, share) -> {
            run.work(share, () -> false);
            return ends.outcomes;
          });
    }
  }

  /** What is asked of a run. */
  private interface Question<T> {
    T answer(GpuRun run, Pieces.Share share);
  }

  private <T> T run(
      ConvExperiment conv,
      LaunchPlan plan,
      int budget,
      Records records,
      RestartRange range,
      MemorySegment given,
      Question<T> question) {
    Pieces pieces = new Pieces(List.of(conv), List.of(range), plan, 1);
    return session.ask(() -> {
      try (Pieces.Share share = pieces.share(outcomes -> {});
          ConvCells cells = new ConvCells(List.of(conv), plan, budget);
          GpuRun run = new GpuRun(session, plan, cells, records, given, range.count(), 0)) {
        return question.answer(run, share);
      }
    });
  }

  private ConvPlans plans() {
    return new ConvPlans(device().describe(), sizing);
  }

  /** The states of one restart. */
  private static final class States implements Records {
    private final List<Integer> steps;
    private final double[][] states;

    States(List<Integer> steps) {
      this.steps = steps;
      this.states = new double[steps.size()][];
    }

    @Override
    public int local(int cell) {
      return 0;
    }

    @Override
    public List<Integer> sampledSteps() {
      return steps;
    }

    @Override
    public boolean read(
        NativeNumbers ints, NativeNumbers reals, int record, Piece piece, Tile tile) {
      for (int i = 0; i < states.length; i++) {
        long at = LaunchPlan.RECORD_REALS + (long) i * LaunchPlan.SAMPLE_REALS;
        states[i] = Records.state(reals, at).toArray();
      }
      return true;
    }
  }

  /** The outcomes of many. */
  private static final class Ends implements Records {
    private final Outcome[] outcomes;

    Ends(int count) {
      this.outcomes = new Outcome[count];
    }

    @Override
    public int local(int cell) {
      return 0;
    }

    @Override
    public List<Integer> sampledSteps() {
      return List.of();
    }

    @Override
    public boolean read(
        NativeNumbers ints, NativeNumbers reals, int record, Piece piece, Tile tile) {
      long at = (long) record * LaunchPlan.RECORD_INTS;
      int restart = Math.toIntExact(tile.first() + ints.integer(at + 1));
      outcomes[restart] = Outcome.of(ints.integer(at + 2));
      return true;
    }
  }
}
