package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.basinsim.backend.Probe;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.deep.DeepExperiment;

/** Answers the small questions with the kernels that train. */
final class GpuProbe implements Probe {
  /** Work-items in a group that draws. */
  private static final int GROUP = 32;

  private final GpuSession session;
  private final Function<Experiment, GpuSystem.Prepared> systems;
  private final Function<DeepExperiment, DeepCell> deep;

  /**
   * @param systems make an experiment ready
   * @param deep makes over-parameterized networks ready
   */
  GpuProbe(
      GpuSession session,
      Function<Experiment, GpuSystem.Prepared> systems,
      Function<DeepExperiment, DeepCell> deep) {
    this.session = session;
    this.systems = systems;
    this.deep = deep;
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
    if (experiment instanceof DeepExperiment network) {
      return new DeepProbe(session, deep.apply(network)).gradient(restart);
    }
    GpuSystem.Prepared cell = systems.apply(experiment);
    LaunchPlan plan = cell.plan(Use.TRACE, 1).forRestarts(1);
    int count = cell.gradientNumbers(plan);
    if (count == 0) {
      return new double[0];
    }
    return run(
        cell,
        plan,
        1,
        new States(plan, List.of(0)),
        new RestartRange(0, restart, 1),
        null,
        (run, share) -> run.gradient(share, count));
  }

  @Override
  public double[][] trajectory(Experiment experiment, long restart, int steps) {
    if (experiment instanceof DeepExperiment network) {
      return new DeepProbe(session, deep.apply(network)).trajectory(restart, steps);
    }
    GpuSystem.Prepared cell = systems.apply(experiment);
    LaunchPlan plan = cell.plan(Use.TRACE, steps + 1).forRestarts(1);
    States states = new States(plan, IntStream.rangeClosed(0, steps).boxed().toList());
    return run(
        cell,
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
    if (experiment instanceof DeepExperiment) {
      throw new IllegalArgumentException("over-parameterized networks have no absorbing verdict");
    }
    if (starts.length == 0) {
      return new Outcome[0];
    }
    GpuSystem.Prepared cell = systems.apply(experiment);
    LaunchPlan plan = cell.plan(Use.GIVEN_STARTS, 0).forRestarts(starts.length);
    Ends ends = new Ends(starts.length);
    try (NativeNumbers given =
        NativeNumbers.ofReals(plan.precision(), (long) plan.form().stateReals() * starts.length)) {
      for (double[] start : starts) {
        given.add(start);
      }
      return run(
          cell,
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
      GpuSystem.Prepared cell,
      LaunchPlan plan,
      int budget,
      Records records,
      RestartRange range,
      MemorySegment given,
      Question<T> question) {
    Pieces pieces = new Pieces(List.of(cell), List.of(range), plan, 1);
    return session.ask(() -> {
      try (Pieces.Share share = pieces.share(outcomes -> {});
          CellNumbers cells = new CellNumbers(List.of(cell), plan, budget);
          GpuRun run = new GpuRun(session, plan, cells, records, given, range.count(), 0)) {
        return question.answer(run, share);
      }
    });
  }

  /** The states of one restart. */
  private static final class States implements Records {
    private final KernelForm form;
    private final List<Integer> steps;
    private final double[][] states;

    States(LaunchPlan plan, List<Integer> steps) {
      this.form = plan.form();
      this.steps = steps;
      this.states = new double[steps.size()][form.stateReals()];
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
    public boolean read(int offset, Ended ended, Piece piece, Tile tile) {
      for (int i = 0; i < states.length; i++) {
        int sample = form.recordReals() + i * form.sampleReals();
        Arrays.setAll(states[i], number -> ended.real(sample + number));
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
    public boolean read(int offset, Ended ended, Piece piece, Tile tile) {
      outcomes[Math.toIntExact(tile.restart(offset))] = ended.outcome();
      return true;
    }
  }
}
