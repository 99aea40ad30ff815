package org.basinsim.backend.gpu;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Recorded;

/**
 * Chooses how the convolutional network is mapped to a device: the one place that goes by the kind
 * of device.
 *
 * <p>A GPU gets one restart a thread, or two where inputs are shared and registers suffice; inputs
 * that are shared go through shared memory. A CPU gets several vectors of restarts a work-item and
 * no barrier, because every restart of a work-item can share inputs there.
 */
final class ConvPlans {
  /** Bytes of inputs that a CPU's fast memory holds. */
  private static final int STAGE_BYTES = 16 * 1024;

  /**
   * Bytes that the arrays of a CPU's work-item may take: they lie on the stack of a thread of the
   * driver's, mostly of 8 MiB, and where they do not fit the process ends.
   */
  private static final int STACK_BYTES = 2 << 20;

  /**
   * Bytes of arrays at most where they do not fit otherwise: of a restart on a CPU, of it on a GPU.
   */
  private static final int MOST_STACK_BYTES = 5 << 20;

  /** CUDA gives a thread 512 KiB of local memory; some of it is the compiler's. */
  private static final int MOST_LOCAL_BYTES = 448 << 10;

  /** Inputs of a chunk where there is no need to cut a batch; one for all batches. */
  private static final int UNCUT = 1 << 20;

  private static final int LARGEST_PIECE = 1 << 16;
  private static final int PIECE = 1 << 12;

  private final GpuDescription device;
  private final WorkSizing sizing;

  ConvPlans(GpuDescription device, WorkSizing sizing) {
    this.device = device;
    this.sizing = sizing;
  }

  /**
   * The plan for an experiment.
   *
   * @param samples states to note
   * @throws BackendUnavailable where the device cannot compute in its precision, has no room for
   *     the arrays of a restart, or no kernel does what the experiment asks for
   */
  LaunchPlan plan(ConvExperiment experiment, Use use, int samples) {
    requireServed(experiment, device);
    ConvForm form = ConvForm.of(experiment, fewestSharing());
    if (form == ConvForm.STREAM && !stages(experiment, form)) {
      // Not even one input fits into fast memory, so that sharing would bring nothing.
      form = ConvForm.OWN;
    }
    requireRoom(experiment, form);
    return device.kind() == Kind.CPU
        ? onCpu(experiment, form, use, samples)
        : onGpu(experiment, form, use, samples);
  }

  /**
   * Refuses what no kernel of the network does on a device.
   *
   * @throws BackendUnavailable with the reason and the remedy
   */
  static void requireServed(ConvExperiment experiment, GpuDescription device) {
    if (experiment.precision() == Precision.DOUBLE && !device.doubles()) {
      throw new BackendUnavailable(
          "device "
              + device.info().name()
              + " has no double precision; restarts.precision = \"single\" would run there");
    }
  }

  private void requireRoom(ConvExperiment experiment, ConvForm form) {
    long bytes = arrayBytes(experiment, form);
    int most = device.kind() == Kind.CPU ? MOST_STACK_BYTES : MOST_LOCAL_BYTES;
    if (bytes > most) {
      throw new BackendUnavailable(
          "device %s has room for %,d bytes of a restart; patches = %d and patch_size = %d take %,d: cpu takes them"
              .formatted(
                  device.info().name(), most, experiment.patches(), experiment.patchSize(), bytes));
    }
  }

  /** A team of so few restarts would leave most of a warp or of the vectors empty. */
  private int fewestSharing() {
    return device.kind() == Kind.CPU ? device.vectorWidth() : 32;
  }

  /** Whether the shortest chunk of inputs fits into fast memory. */
  private boolean stages(ConvExperiment experiment, ConvForm form) {
    int room =
        device.kind() == Kind.CPU ? STAGE_BYTES : ConvOnGpu.chunkBytes(device.sharedMemory());
    return chunkBytes(experiment, whole(experiment, form)) <= room;
  }

  private LaunchPlan onCpu(ConvExperiment experiment, ConvForm form, Use use, int samples) {
    int width = device.vectorWidth(experiment.precision());
    int vectors = form == ConvForm.STREAM || form == ConvForm.DATA ? 4 : 1;
    long bytes = arrayBytes(experiment, form);
    if (vectors * width * bytes > STACK_BYTES) {
      vectors = 1;
    }
    while (width > 1 && width * bytes > STACK_BYTES) {
      width = width > 4 ? 4 : 1;
    }
    SequencedMap<String, String> constants = constants(experiment, form, use, samples, width);
    put(constants, "BASIN_VECTORS", vectors);
    put(constants, "BASIN_GROUP_SIZE", 1);
    put(constants, "BASIN_RESIDENT", 1);
    put(constants, "BASIN_REFILL", form == ConvForm.POPULATION ? 8 : 1);
    if (form.specialized()) {
      arrays(constants, vectors, 1, 1, false);
    }
    if (form.direct()) {
      put(constants, "BASIN_TEAM", 1);
      put(constants, "BASIN_REREAD", 0);
      put(constants, "BASIN_PATCHES", atOnce(experiment.patches()));
      put(constants, "BASIN_COORDINATES", atOnce(experiment.patchSize()));
      put(constants, "BASIN_TWO_PASSES", form == ConvForm.OWN ? 0 : 1);
      put(constants, "BASIN_STAGE", form == ConvForm.STREAM ? 1 : 0);
      put(constants, "BASIN_CHUNK", chunk(experiment, form, 4 * 1024));
      input(constants, form == ConvForm.OWN ? "reals" : "real", form == ConvForm.DATA);
    }
    int unit = form.source() > 0 ? 1 << 30 : 512;
    return plan(
        experiment, form, constants, vectors * width, 1, 4 * device.units(), 1, unit, samples);
  }

  private LaunchPlan onGpu(ConvExperiment experiment, ConvForm form, Use use, int samples) {
    boolean shares = form == ConvForm.STREAM || form == ConvForm.DATA && stages(experiment, form);
    ConvOnGpu on = ConvOnGpu.of(experiment, form, shares, device, sizing);
    int group = on.group();
    SequencedMap<String, String> constants = constants(experiment, form, use, samples, 1);
    put(constants, "BASIN_VECTORS", on.vectors());
    put(constants, "BASIN_GROUP_SIZE", group);
    put(constants, "BASIN_RESIDENT", on.resident());
    // A start takes a warp as long as six steps, even of one lane: it waits for more of them.
    put(constants, "BASIN_REFILL", form == ConvForm.POPULATION ? 16 : 1);
    if (form.specialized()) {
      arrays(
          constants,
          on.striped() ? on.vectors() * group : on.vectors(),
          on.registers() ? experiment.patchSize() : 1,
          on.registers() && !on.striped() ? experiment.patches() : 1,
          on.striped());
    }
    if (form.direct()) {
      put(constants, "BASIN_TEAM", shares ? group : 1);
      put(constants, "BASIN_PATCHES", 1);
      put(constants, "BASIN_TWO_PASSES", 0);
      put(constants, "BASIN_REREAD", on.rereads() ? 1 : 0);
      put(constants, "BASIN_STAGE", shares ? 1 : 0);
      put(constants, "BASIN_CHUNK", chunk(experiment, form, on.chunkBytes()));
      input(constants, form == ConvForm.OWN ? "reals" : "real", form == ConvForm.DATA && !shares);
    }
    // One restart a ticket: its record takes the host longer than the atomic takes a GPU, and near
    // the end of a range no work-item holds a restart that another could begin.
    int unit = form.source() > 0 ? 1 << 30 : 1;
    // No more groups than run at once: the others would wait for a whole launch.
    int groups = on.resident() * device.units();
    int team = shares ? group : 1;
    return plan(experiment, form, constants, on.vectors(), group, groups, team, unit, samples);
  }

  private LaunchPlan plan(
      ConvExperiment experiment,
      ConvForm form,
      SequencedMap<String, String> constants,
      int restarts,
      int group,
      int groups,
      int team,
      int unit,
      int samples) {
    int p = experiment.patchSize();
    int k = experiment.patches();
    int learned = experiment.learned() ? p + k : p;
    int kept =
        switch (form) {
          case POPULATION -> 5;
          case PROJECTED -> 2 + k;
          case OWN, STREAM, DATA -> p + k + 1 + learned * optimizer(experiment).remembered();
        };
    int piece = form == ConvForm.POPULATION ? LARGEST_PIECE : PIECE;
    if (experiment.oracle() instanceof Oracle.Empirical of) {
      // A team refills its lanes a few times from each data set.
      piece = Math.clamp(4L * team * restarts * of.dataSets(), PIECE, LARGEST_PIECE);
    }
    if (sizing.launch() > 0) {
      piece = sizing.launch();
    }
    return new LaunchPlan(
        experiment.overlaps() ? new FilterNoted(form, experiment.patchSize()) : form,
        constants,
        experiment.precision(),
        restarts,
        group,
        groups,
        team,
        unit,
        kept,
        samples,
        piece);
  }

  private static SequencedMap<String, String> constants(
      ConvExperiment experiment, ConvForm form, Use use, int samples, int width) {
    SequencedMap<String, String> constants =
        new LinkedHashMap<>(KernelConstants.of(experiment.precision(), width));
    put(constants, "BASIN_LEARNED", experiment.learned() ? 1 : 0);
    put(constants, "BASIN_LEAKY", experiment.network().slope() == 0 ? 0 : 1);
    put(constants, "BASIN_OPTIMIZER", optimizer(experiment).code());
    put(constants, "BASIN_VERDICT", use != Use.TRACE && experiment.stopsByVerdict() ? 1 : 0);
    put(constants, "BASIN_SAMPLES", samples > 0 ? 1 : 0);
    boolean phases = use == Use.TRACE || experiment.records(Recorded.PHASES);
    put(constants, "BASIN_PHASES", phases ? 1 : 0);
    put(constants, "BASIN_GIVEN_STARTS", use == Use.GIVEN_STARTS ? 1 : 0);
    constants.putAll(KernelConstants.start(experiment.start(), experiment.learned()));
    put(constants, "BASIN_NOISE", experiment.noisy() ? 1 : 0);
    if (form.specialized()) {
      put(constants, "BASIN_K", experiment.patches());
      put(constants, "BASIN_P", experiment.patchSize());
    }
    if (form.direct()) {
      put(constants, "BASIN_SOURCE", form.source());
      put(constants, "BASIN_OVERLAPS", experiment.overlaps() ? 1 : 0);
      put(constants, "BASIN_STRIDE", experiment.network().stride());
      put(constants, "BASIN_D", experiment.inputSize());
      // Whoever reads a data set reads it whatever its law.
      Inputs law = form == ConvForm.DATA ? new Inputs.Gaussian() : experiment.inputs();
      constants.putAll(KernelConstants.inputs(law, experiment.precision()));
      put(constants, "BASIN_TEACHER_SUPPORT", support(experiment.teacher().filter()));
    }
    return constants;
  }

  static KernelOptimizer optimizer(ConvExperiment experiment) {
    return KernelOptimizer.of(experiment.descent().optimizer());
  }

  /** Coordinates up to the last in which the teacher's filter is not zero. */
  private static int support(double[] filter) {
    int support = filter.length;
    while (support > 1 && filter[support - 1] == 0) {
      support--;
    }
    return support;
  }

  private static void arrays(
      SequencedMap<String, String> constants,
      int outputStride,
      int unrollFilter,
      int unrollOutput,
      boolean striped) {
    put(constants, "BASIN_OUTPUT_SHARED", striped ? 1 : 0);
    constants.put("BASIN_OUTPUT_SPACE", striped ? "BASIN_SHARED_POINTER" : "");
    put(constants, "BASIN_OUTPUT_STRIDE", outputStride);
    put(constants, "BASIN_UNROLL_FILTER", unrollFilter);
    put(constants, "BASIN_UNROLL_OUTPUT", unrollOutput);
  }

  private static void input(
      SequencedMap<String, String> constants, String type, boolean inGlobalMemory) {
    constants.put("BASIN_INPUT", type);
    constants.put(
        "BASIN_INPUT_SPACE",
        type.equals("reals") ? "" : inGlobalMemory ? "BASIN_GLOBAL" : "TEAM_POINTER");
  }

  /** Bytes of the arrays of a restart, its start's among them, and of inputs it draws. */
  private static long arrayBytes(ConvExperiment experiment, ConvForm form) {
    int back = form.direct() && form != ConvForm.OWN ? 1 : 0;
    long filters = form.direct() ? 3L * experiment.patchSize() : 0;
    if (form == ConvForm.OWN) {
      int patches = atOnce(experiment.patches()) * experiment.patchSize();
      filters += experiment.patchSize();
      filters += experiment.overlaps() ? experiment.inputSize() : patches;
    }
    long outputs = form.specialized() ? (4L + back) * experiment.patches() : 0;
    int real = experiment.precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
    return (filters + outputs) * real;
  }

  /**
   * Patches, or coordinates, in a register block of a CPU: beyond four the registers do not
   * suffice.
   */
  private static int atOnce(int all) {
    return Math.min(4, Integer.lowestOneBit(all));
  }

  /** Inputs in a chunk. */
  private static int chunk(ConvExperiment experiment, ConvForm form, int bytes) {
    if (form == ConvForm.OWN) {
      return UNCUT;
    }
    int whole = whole(experiment, form);
    int inputs = (int) Math.min(UNCUT, bytes / chunkBytes(experiment, 1)) / whole * whole;
    return Math.min(Math.max(whole, inputs), Math.ceilDiv(batch(experiment), 4) * 4);
  }

  /** Fewest inputs whose numbers are whole blocks of the generator, of four; read, any are. */
  private static int whole(ConvExperiment experiment, ConvForm form) {
    long numbers = experiment.inputSize();
    return form == ConvForm.STREAM ? 4 / (int) Math.min(4, Long.lowestOneBit(numbers)) : 1;
  }

  private static long chunkBytes(ConvExperiment experiment, int inputs) {
    int real = experiment.precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
    return (long) inputs * experiment.inputSize() * real;
  }

  /** Inputs of a step. */
  static int batch(ConvExperiment experiment) {
    return switch (experiment.oracle()) {
      case Oracle.Population of -> 0;
      case Oracle.Online of -> of.batch();
      case Oracle.Empirical of -> of.samples();
    };
  }

  private static void put(SequencedMap<String, String> constants, String name, int value) {
    constants.put(name, Integer.toString(value));
  }
}
