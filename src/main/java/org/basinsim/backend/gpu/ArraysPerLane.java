package org.basinsim.backend.gpu;

import java.util.SequencedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Precision;

/**
 * How restarts lie on a device whose every lane has arrays of its own: a GPU gets one restart a
 * thread, whose arrays lie in its local memory, a CPU a vector of restarts a work-item, whose
 * arrays lie on a stack. Nothing is shared.
 *
 * @param width restarts of a work-item
 * @param group work-items of a group
 * @param resident groups that a multiprocessor holds at once
 * @param groups groups of a launch
 * @param unit restarts of a ticket
 */
record ArraysPerLane(int width, int group, int resident, int groups, int unit) {
  /** Bytes of arrays that suit the stack of a thread of a CPU's driver, and those it bears. */
  private static final int STACK_BYTES = 2 << 20;

  private static final long MOST_STACK_BYTES = 5 << 20;

  /** CUDA gives a thread 512 KiB of local memory; some of it is the compiler's. */
  private static final long MOST_LOCAL_BYTES = 448 << 10;

  /** Threads that a multiprocessor may hold: CUDA sets local memory aside for all of them. */
  private static final int THREADS = 2048;

  /**
   * Work-items of a group of a GPU: a warp, because nothing is shared in it, and because few
   * restarts so spread over more multiprocessors.
   */
  private static final int GROUP = 32;

  private static final int MOST_GROUPS = 16;

  /** Work-items of a multiprocessor: they leave each 128 registers, or 255. */
  static final int ITEMS = 512;

  static final int FEW_ITEMS = 256;

  /** Restarts of a lane of a CPU from one ticket: until all have ended, some lanes idle. */
  private static final int FROM_A_TICKET = 16;

  /** Descents are long: few of them are handed over together. */
  private static final int PIECE = 1 << 12;

  /**
   * Chooses.
   *
   * @param bytes of the arrays of a restart
   * @param sizes what makes them so large, in words of a study
   * @param items of a multiprocessor of a GPU: {@link #ITEMS} or {@link #FEW_ITEMS}
   * @throws BackendUnavailable where the device has no room for them, or not the precision
   */
  static ArraysPerLane of(
      GpuDescription device,
      WorkSizing sizing,
      Precision precision,
      long bytes,
      String sizes,
      int items) {
    boolean cpu = device.kind() == Kind.CPU;
    // Half of the memory is for what is kept of the restarts, and for others.
    long set = device.memory() / (2L * THREADS * device.units());
    long most = cpu ? MOST_STACK_BYTES : Math.min(MOST_LOCAL_BYTES, set);
    if (bytes > most) {
      throw new BackendUnavailable(
          "device %s has room for %,d bytes of a restart; %s take %,d: --device cpu takes them"
              .formatted(device.info().name(), most, sizes, bytes));
    }
    if (cpu) {
      int width = device.vectorWidth(precision);
      while (width > 1 && width * bytes > STACK_BYTES) {
        width = width > 4 ? 4 : 1;
      }
      return new ArraysPerLane(width, 1, 1, 4 * device.units(), FROM_A_TICKET * width);
    }
    int asked = sizing.workGroup() > 0 ? sizing.workGroup() : GROUP;
    int group = Math.min(asked, device.largestGroup());
    int resident = Math.clamp(items / group, 1, MOST_GROUPS);
    return new ArraysPerLane(1, group, resident, resident * device.units(), 1);
  }

  /** Adds the constants that every kernel needs. */
  void put(SequencedMap<String, String> constants, int samples) {
    put(constants, "BASIN_VECTORS", 1);
    put(constants, "BASIN_SAMPLES", samples > 0 ? 1 : 0);
    put(constants, "BASIN_GROUP_SIZE", group);
    put(constants, "BASIN_RESIDENT", resident);
  }

  static void put(SequencedMap<String, String> constants, String name, int value) {
    constants.put(name, Integer.toString(value));
  }

  /**
   * The plan.
   *
   * @param kept numbers of a restart that are kept between launches
   */
  LaunchPlan plan(
      KernelForm form,
      SequencedMap<String, String> constants,
      Precision precision,
      int kept,
      int samples,
      WorkSizing sizing) {
    return new LaunchPlan(
        form,
        constants,
        precision,
        width,
        group,
        groups,
        1,
        unit,
        kept,
        samples,
        sizing.launch() > 0 ? sizing.launch() : PIECE);
  }
}
