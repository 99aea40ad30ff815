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
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRows;
import org.basinsim.model.twolayer.TwoLayerState;

/** Two layers with orthogonal teachers. */
final class TwoLayerSystem implements GpuSystem {

  @Override
  public List<String> files() {
    return TwoLayerForm.FILES;
  }

  @Override
  public Optional<Prepared> prepare(
      Experiment experiment, GpuDescription device, WorkSizing sizing) {
    return experiment instanceof TwoLayerExperiment twoLayer
        ? Optional.of(new PreparedTwoLayer(twoLayer, device, sizing))
        : Optional.empty();
  }

  private record PreparedTwoLayer(
      TwoLayerExperiment experiment, GpuDescription device, WorkSizing sizing) implements Prepared {
    /** TWO_LAYER_INTS, and the numbers of {@code two_layer_cell}. */
    private static final CellNumbers.Room ROOM = new CellNumbers.Room(3, 5, 0, 0);

    private static final double NEVER = -1;

    /** Bytes of arrays at most: what suits a thread of a CPU's driver, and what it bears. */
    private static final int STACK_BYTES = 2 << 20;

    private static final int MOST_STACK_BYTES = 5 << 20;

    /** CUDA gives a thread 512 KiB of local memory; some of it is the compiler's. */
    private static final long MOST_LOCAL_BYTES = 448 << 10;

    /** Threads that a multiprocessor may hold: CUDA sets local memory aside for all of them. */
    private static final int THREADS = 2048;

    /**
     * Work-items of a group of a GPU: a warp, because nothing is shared in it, and because few
     * restarts so spread over more multiprocessors.
     */
    private static final int GROUP = 32;

    /** Work-items of a multiprocessor, which leaves each 128 registers, and groups at most. */
    private static final int RESIDENT_ITEMS = 512;

    private static final int MOST_GROUPS = 16;

    /** Restarts of a lane of a CPU from one ticket: until all have ended, some lanes idle. */
    private static final int FROM_A_TICKET = 16;

    /** Descents are long: few of them are handed over together. */
    private static final int PIECE = 1 << 12;

    @Override
    public LaunchPlan plan(Use use, int samples) {
      if (use == Use.GIVEN_STARTS) {
        throw new IllegalArgumentException("two layers have no absorbing verdict");
      }
      if (!device.doubles()) {
        throw new BackendUnavailable(
            "device "
                + device.info().name()
                + " has no double precision, in which two layers are computed");
      }
      TwoLayerForm form = new TwoLayerForm(experiment.teachers(), experiment.students());
      boolean cpu = device.kind() == Kind.CPU;
      requireRoom(form, cpu ? MOST_STACK_BYTES : localBytes());
      int width = cpu ? width(form) : 1;
      int group = cpu ? 1 : group();
      int resident = cpu ? 1 : Math.clamp(RESIDENT_ITEMS / group, 1, MOST_GROUPS);
      SequencedMap<String, String> constants =
          new LinkedHashMap<>(KernelConstants.of(Precision.DOUBLE, width));
      put(constants, "BASIN_TEACHERS", experiment.teachers());
      put(constants, "BASIN_STUDENTS", experiment.students());
      put(constants, "BASIN_VECTORS", 1);
      put(constants, "BASIN_PHASES", 0);
      put(constants, "BASIN_SAMPLES", samples > 0 ? 1 : 0);
      put(constants, "BASIN_GROUP_SIZE", group);
      put(constants, "BASIN_RESIDENT", resident);
      return new LaunchPlan(
          form,
          constants,
          Precision.DOUBLE,
          width,
          group,
          device.units() * (cpu ? 4 : resident),
          1,
          cpu ? FROM_A_TICKET * width : 1,
          form.weights(),
          samples,
          sizing.launch() > 0 ? sizing.launch() : PIECE);
    }

    /** Half of the memory is for what is kept of the restarts, and for others. */
    private long localBytes() {
      long set = device.memory() / (2L * THREADS * device.units());
      return Math.min(MOST_LOCAL_BYTES, set);
    }

    private void requireRoom(TwoLayerForm form, long most) {
      long bytes = Double.BYTES * form.numbers();
      if (bytes > most) {
        throw new BackendUnavailable(
            "device %s has room for %,d bytes of a restart; teachers = %d and students = %d take %,d: cpu takes them"
                .formatted(
                    device.info().name(),
                    most,
                    experiment.teachers(),
                    experiment.students(),
                    bytes));
      }
    }

    /** Restarts of a vector: fewer where their arrays would not fit. */
    private int width(TwoLayerForm form) {
      int width = device.vectorWidth(Precision.DOUBLE);
      while (width > 1 && width * Double.BYTES * form.numbers() > STACK_BYTES) {
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
      return ROOM;
    }

    @Override
    public void write(CellNumbers to, LaunchPlan plan, int budget) {
      boolean endless = budget > 0;
      to.ints().add((int) experiment.key());
      to.ints().add((int) (experiment.key() >>> 32));
      to.ints().add(endless ? budget : experiment.maxSteps());
      to.reals().add(experiment.stepSize());
      to.reals().add(new TwoLayer(experiment.teachers()).teachersAlone());
      to.reals().add(endless ? Double.NEGATIVE_INFINITY : experiment.rule().loss());
      to.reals().add(endless ? NEVER : experiment.rule().gradient());
      to.reals().add(endless ? Double.POSITIVE_INFINITY : Outcome.DIVERGENCE_NORM);
    }

    @Override
    public int gradientNumbers(LaunchPlan plan) {
      return experiment.students() * experiment.teachers();
    }

    @Override
    public Rows rows(LaunchPlan plan, Outcomes outcomes) {
      TwoLayerRows rows = new TwoLayerRows(outcomes);
      return (row, restart, ended) -> {
        TwoLayerState state = TwoLayerForm.state(ended);
        boolean finite = Double.isFinite(state.loss() + state.gradient() + state.norm());
        if (ended.outcome() != Outcome.DIVERGED && !finite) {
          return false;
        }
        rows.finish(row, ended.outcome(), ended.steps(), state);
        return true;
      };
    }
  }
}
