package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.DeepExperiment;

/**
 * How restarts of over-parameterized networks are mapped to a device: as many side by side as it
 * has room for. A plan never changes an outcome.
 *
 * @param shape of a restart
 * @param precision type of the numbers
 * @param device that it is for
 * @param call restarts that one call of a library for products takes; 1 without one
 * @param restarts side by side, at least 1
 */
record DeepPlan(
    DeepShape shape, Precision precision, GpuDescription device, int call, int restarts) {
  /** Wider networks have products large enough for launches of their own. */
  static final int FUSED_WIDTH = 64;

  private static final List<String> FILES =
      List.of("elementary.h", "deep_activation.h", "deep.h", "train_deep.c");
  private static final List<String> FUSED_FILES =
      List.of("elementary.h", "deep_activation.h", "deep.h", "gemm.h", "train_deep_fused.c");

  /** Part of the memory, in percent: drivers need some for themselves. */
  private static final int MEMORY_PERCENT = 85;

  /** Weights pass through the host's memory, all restarts at once. */
  private static final long MOST_STAGED_BYTES = 1L << 30;

  /** Restarts beyond which a multiprocessor, or core, has nothing to gain. */
  private static final int PER_UNIT = 32;

  /** Work-items in a group that goes through arrays on a GPU. */
  private static final int GROUP = 128;

  /** Numbers that a group goes through before there is another, on a GPU and on a CPU. */
  private static final int PART = 4 * GROUP;

  private static final int CPU_PART = 1 << 14;

  /** The texts that all kernels are put together from, each once. */
  static List<String> files() {
    List<String> files = new ArrayList<>(FUSED_FILES);
    files.add("gemm.c");
    files.add("train_deep.c");
    return files;
  }

  /**
   * The plan of an experiment.
   *
   * @param call restarts that one call of a library for products takes; 1 without one
   * @throws BackendUnavailable where the device cannot serve it, one restart too large among others
   */
  static DeepPlan of(
      DeepExperiment experiment, GpuDescription device, int call, WorkSizing sizing) {
    String name = device.info().name();
    if (experiment.precision() == Precision.DOUBLE && !device.doubles()) {
      throw new BackendUnavailable(
          "device '%s' has no double precision; descent.precision = \"single\" does without"
              .formatted(name));
    }
    DeepShape shape;
    try {
      shape = DeepShape.of(experiment);
    } catch (ArithmeticException e) {
      throw new BackendUnavailable(
          "device '%s': a restart of width %,d with %,d samples has arrays of 2³¹ numbers or more"
              .formatted(name, experiment.network().width(), experiment.samples().count()));
    }
    DeepPlan one = new DeepPlan(shape, experiment.precision(), device, call, 1);
    long there = device.memory() / 100 * MEMORY_PERCENT;
    if (one.bytes(false) > there) {
      throw new BackendUnavailable(
          "device '%s': %s %,d bytes and there are %,d: fewer samples, less width%s or --device cpu"
              .formatted(
                  name,
                  call == 1 ? "a restart takes" : call + " restarts, a call of cuBLAS, take",
                  one.bytes(false),
                  there,
                  call == 1 ? "" : ", BASIN_GEMM=own"));
    }
    long most =
        Math.min(
            (there - one.sharedBytes()) / one.restartBytes(false) / call * call,
            Math.max(1, MOST_STAGED_BYTES / shape.weights() / one.realBytes()));
    long wanted = sizing.launch() > 0 ? sizing.launch() : (long) PER_UNIT * device.units();
    return one.with((int) Math.clamp(most, 1, wanted));
  }

  DeepPlan with(int fewer) {
    return new DeepPlan(shape, precision, device, call, fewer);
  }

  boolean fused() {
    return shape.network().width() <= FUSED_WIDTH;
  }

  boolean cpu() {
    return device.kind() == Kind.CPU;
  }

  /** Components of a vector. */
  int width() {
    return cpu() ? device.vectorWidth(precision) : 1;
  }

  int realBytes() {
    return precision == Precision.SINGLE ? Float.BYTES : Double.BYTES;
  }

  private long restartBytes(boolean gradient) {
    return realBytes() * shape.numbers(gradient) + Integer.BYTES;
  }

  /** What all restarts read. */
  private long sharedBytes() {
    return shape.sharesData() ? realBytes() * ((long) shape.inputs() + shape.labels()) : 0;
  }

  /** Restarts that there is room for: a library multiplies what lies behind the last, too. */
  int places() {
    return Math.ceilDiv(restarts, call) * call;
  }

  /** Bytes on the device, with room for gradients or without. */
  long bytes(boolean gradient) {
    return places() * restartBytes(gradient) + sharedBytes();
  }

  /** Work-items in a group of a kernel that goes through arrays. */
  int group() {
    return cpu() ? 1 : Math.min(GROUP, device.largestGroup());
  }

  /** Groups that a restart's work of so many numbers is cut into. */
  int parts(int numbers) {
    return Math.ceilDiv(numbers, cpu() ? CPU_PART : PART);
  }

  private SequencedMap<String, String> constants(int group) {
    SequencedMap<String, String> constants =
        new LinkedHashMap<>(KernelConstants.of(precision, width()));
    constants.put("BASIN_GROUP_SIZE", Integer.toString(group));
    return constants;
  }

  /** The text of an entry of {@code train_deep.c}. */
  KernelSource source(String entry) {
    return KernelSource.of(device.dialect(), constants(group()), FILES, entry);
  }

  /** Work-items in a group of the fused kernel. */
  int fusedGroup() {
    return OwnGemm.group(fusedEdge());
  }

  private int fusedEdge() {
    return OwnGemm.edge(device, 1, 1);
  }

  /** The text of whole steps. */
  KernelSource fusedSource() {
    SequencedMap<String, String> constants = constants(fusedGroup());
    OwnGemm.specialize(constants, fusedEdge());
    return KernelSource.of(device.dialect(), constants, FUSED_FILES, "train_deep_fused");
  }
}
