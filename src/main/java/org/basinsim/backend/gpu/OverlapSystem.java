package org.basinsim.backend.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/** Patches that overlap, population descent. */
final class OverlapSystem implements GpuSystem {

  @Override
  public List<String> files() {
    return OverlapForm.FILES;
  }

  @Override
  public Optional<Prepared> prepare(
      Experiment experiment, GpuDescription device, WorkSizing sizing) {
    return experiment instanceof ConvExperiment conv
            && conv.overlaps()
            && conv.oracle() instanceof Oracle.Population
        ? Optional.of(new PreparedOverlap(conv, device, sizing))
        : Optional.empty();
  }

  private record PreparedOverlap(
      ConvExperiment experiment, GpuDescription device, WorkSizing sizing) implements Prepared {
    /** OVERLAP_INTS and the numbers of {@code overlap_cell}. */
    private static final int INTS = 5;

    private static final int REALS = 11;
    private static final double NEVER = -1;

    /** Bytes of arrays at most: what suits a thread of a CPU's driver, and what it bears. */
    private static final int STACK_BYTES = 2 << 20;

    private static final int MOST_STACK_BYTES = 5 << 20;

    /** CUDA gives a thread 512 KiB of local memory; some of it is the compiler's. */
    private static final int MOST_LOCAL_BYTES = 448 << 10;

    /** Filters of so many words lie in a GPU's registers, loops over them unrolled. */
    private static final int IN_REGISTERS = 6;

    /** Work-items of a group of a GPU, and of a multiprocessor: 128 registers for each, or 256. */
    private static final int GROUP = 128;

    private static final int RESIDENT = 512;
    private static final int RESIDENT_UNROLLED_DOUBLES = 256;

    /** Restarts of a lane of a CPU from one ticket: until all have ended, some lanes idle. */
    private static final int FROM_A_TICKET = 16;

    private static final int PIECE = 1 << 12;

    @Override
    public LaunchPlan plan(Use use, int samples) {
      if (use == Use.GIVEN_STARTS) {
        throw new IllegalArgumentException("patches that overlap have no absorbing verdict");
      }
      if (experiment.precision() == Precision.DOUBLE && !device.doubles()) {
        throw new BackendUnavailable(
            "device "
                + device.info().name()
                + " has no double precision; restarts.precision = \"single\" would run there");
      }
      boolean cpu = device.kind() == Kind.CPU;
      requireRoom(cpu ? MOST_STACK_BYTES : MOST_LOCAL_BYTES);
      int p = experiment.patchSize();
      int reach = overlap().reach();
      int words = experiment.precision() == Precision.DOUBLE ? 2 : 1;
      boolean unrolled = !cpu && p * words <= IN_REGISTERS;
      int width = cpu ? width() : 1;
      int group = cpu ? 1 : group();
      int items = unrolled && words == 2 ? RESIDENT_UNROLLED_DOUBLES : RESIDENT;
      int resident = cpu ? 1 : Math.max(1, items / group);
      SequencedMap<String, String> constants =
          new LinkedHashMap<>(KernelConstants.of(experiment.precision(), width));
      constants.putAll(KernelConstants.start(experiment.start(), false));
      put(constants, "BASIN_P", p);
      put(constants, "BASIN_STRIDE", experiment.network().stride());
      put(constants, "BASIN_REACH", reach);
      put(constants, "BASIN_UNROLL_FILTER", unrolled ? p : 1);
      put(constants, "BASIN_UNROLL_SHIFTS", unrolled ? 2 * reach + 1 : 1);
      put(constants, "OVERLAP_QUIET_STEPS", Overlap.QUIET_STEPS);
      put(constants, "BASIN_VECTORS", 1);
      boolean phases = use == Use.TRACE || experiment.records(Recorded.PHASES);
      put(constants, "BASIN_PHASES", phases ? 1 : 0);
      put(constants, "BASIN_SAMPLES", samples > 0 ? 1 : 0);
      put(constants, "BASIN_GROUP_SIZE", group);
      put(constants, "BASIN_RESIDENT", resident);
      return new LaunchPlan(
          new OverlapForm(p),
          constants,
          experiment.precision(),
          width,
          group,
          device.units() * (cpu ? 4 : resident),
          1,
          cpu ? FROM_A_TICKET * width : 1,
          p + 1,
          samples,
          sizing.launch() > 0 ? sizing.launch() : PIECE);
    }

    private Overlap overlap() {
      return new Overlap(experiment.teacher(), experiment.network().stride());
    }

    private void requireRoom(int most) {
      if (bytes() > most) {
        throw new BackendUnavailable(
            "device %s has room for %,d bytes of a restart; patch_size = %d takes %,d: cpu takes it"
                .formatted(device.info().name(), most, experiment.patchSize(), bytes()));
      }
    }

    /** Of the arrays of a restart: second derivatives and a few filters. */
    private long bytes() {
      long p = experiment.patchSize();
      int real = experiment.precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
      return (p * p + 10 * p) * real;
    }

    /** Restarts of a vector: fewer where their arrays would not fit. */
    private int width() {
      int width = device.vectorWidth(experiment.precision());
      while (width > 1 && width * bytes() > STACK_BYTES) {
        width = width > 4 ? 4 : 1;
      }
      return width;
    }

    private int group() {
      return Math.min(sizing.workGroup() > 0 ? sizing.workGroup() : GROUP, device.largestGroup());
    }

    private static void put(SequencedMap<String, String> constants, String name, int value) {
      constants.put(name, Integer.toString(value));
    }

    @Override
    public CellNumbers.Room room(LaunchPlan plan) {
      return new CellNumbers.Room(INTS, REALS, 2L * experiment.patchSize(), 0);
    }

    @Override
    public void write(CellNumbers to, LaunchPlan plan, int budget) {
      boolean endless = budget > 0;
      to.ints().add((int) experiment.key());
      to.ints().add((int) (experiment.key() >>> 32));
      to.ints().add(endless ? budget : experiment.maxSteps());
      to.ints().add(experiment.patches());
      to.ints().add(Math.toIntExact(to.vectors().size()));
      Teacher teacher = experiment.teacher();
      to.vectors().add(teacher.unitFilter());
      to.vectors().add(teacher.filter());
      Overlap overlap = overlap();
      double roundoff = experiment.precision().unitRoundoff();
      to.reals().add(experiment.stepSize());
      to.reals().add(experiment.patches());
      to.reals().add(overlap.pairsApart());
      to.reals().add(teacher.filterNorm());
      to.reals().add(overlap.labels());
      double distance = experiment.rule().distance() * teacher.filterNorm();
      to.reals().add(endless ? NEVER : distance * distance);
      double stationary = overlap.stationaryGradient(roundoff);
      to.reals().add(endless ? NEVER : stationary * stationary);
      to.reals().add(overlap.badLoss());
      double limit = Outcome.DIVERGENCE_NORM * Outcome.DIVERGENCE_NORM;
      to.reals().add(endless ? Double.POSITIVE_INFINITY : limit);
      to.reals().add(Overlap.difference(roundoff));
      to.reals().add(Overlap.LEAST_CURVATURE);
    }

    @Override
    public int gradientNumbers(LaunchPlan plan) {
      return experiment.patchSize();
    }

    @Override
    public Rows rows(LaunchPlan plan, Outcomes outcomes) {
      ConvRows rows = new ConvRows(experiment, outcomes);
      ConvStart start = new ConvStart(experiment);
      List<Integer> sampled = experiment.sampledSteps();
      return (row, restart, ended) -> {
        double[] filter = new double[experiment.patchSize()];
        double sum = 0;
        for (int c = 0; c < filter.length; c++) {
          filter[c] = ended.real(1 + c);
          sum += filter[c];
        }
        if (ended.outcome() != Outcome.DIVERGED && !Double.isFinite(sum)) {
          return false;
        }
        if (experiment.records(Recorded.START)) {
          rows.start(row, start.state(restart));
        }
        if (ended.phase() >= 0 && experiment.records(Recorded.PHASES)) {
          rows.phaseOne(row, ended.phase());
        }
        for (int i = 0; i < sampled.size() && sampled.get(i) <= ended.steps(); i++) {
          int at = 1 + filter.length + i * plan.form().sampleReals();
          ConvState state = new ConvState(ended.real(at), ended.real(at + 1), 0, 0, 0);
          rows.sample(row, i, state, ended.real(at + ConvState.SIZE));
        }
        rows.finish(
            row,
            ended.outcome(),
            ended.steps(),
            experiment.teacher().project(filter),
            ended.real(0),
            filter);
        return true;
      };
    }
  }
}
