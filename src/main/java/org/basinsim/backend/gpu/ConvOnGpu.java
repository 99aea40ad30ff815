package org.basinsim.backend.gpu;

import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;

/**
 * How restarts of the convolutional network lie on a GPU.
 *
 * <p>A restart has three numbers for each coordinate of its filter (the coordinate, its gradient,
 * and what the residual of an input multiplies) and three for each output weight. They lie in
 * registers where these suffice; else the output weights' lie in shared memory, striped by
 * work-item; else all lie in local memory, in arrays.
 *
 * @param vectors restarts of a work-item
 * @param group work-items of a group
 * @param resident groups that a multiprocessor holds at once, at least 1
 * @param shares whether a group reads its inputs from shared memory, of which a chunk is there
 * @param registers whether filters are in registers, so that loops over coordinates are unrolled
 * @param striped whether output weights are in shared memory
 * @param rereads whether the backward pass of an input reads it again, for want of registers
 * @param chunkBytes most bytes of a chunk
 */
record ConvOnGpu(
    int vectors,
    int group,
    int resident,
    boolean shares,
    boolean registers,
    boolean striped,
    boolean rereads,
    int chunkBytes) {
  /** Bytes of shared memory that a group may declare on every device. */
  private static final int SHARED_BYTES = 48 * 1024;

  /** Bytes of inputs in a chunk: several groups of a multiprocessor hold theirs at once. */
  private static final int CHUNK_BYTES = 16 * 1024;

  /** A team's board, and what rounding adds. */
  private static final int BOARD_BYTES = 64;

  /** Work-items that are scheduled together. */
  private static final int WARP = 32;

  private static final int GROUP = 128;

  /** Registers of a multiprocessor, and most of a work-item. */
  private static final int REGISTERS = 65536;

  private static final int MOST_REGISTERS = 255;

  /** Groups that every multiprocessor holds, and shared memory of the largest. */
  private static final int MOST_GROUPS = 16;

  private static final int MOST_SHARED_BYTES = 228 * 1024;

  /** Numbers of restarts in registers at most; what is left is needed beside them. */
  private static final int MOST_NUMBERS = 192;

  private static final int MOST_DOUBLES = 128;

  /** What a step takes beside those numbers: owner and lanes, sums, the generator. */
  private static final int BESIDE = 56;

  /** And what average output takes more: the filter's norm enters its output. */
  private static final int BESIDE_AVERAGE = 16;

  /** State and rule of population descent as far as they are not beside. */
  private static final int POPULATION_NUMBERS = 8;

  /** Registers that noise takes beside that: words drawn, the epoch, the perturbed point. */
  private static final int NOISE_WORDS = 48;

  private static final int BESIDE_DOUBLES = 100;

  /** And what leaky ReLU takes more, its labels' slope and the students'; and an optimizer. */
  private static final int BESIDE_LEAKY = 16;

  private static final int BESIDE_OPTIMIZER = 32;

  /**
   * Bytes of inputs in a chunk at most.
   *
   * @param sharedMemory what a group may declare, in bytes
   */
  static int chunkBytes(int sharedMemory) {
    return Math.min(CHUNK_BYTES, Math.min(SHARED_BYTES, sharedMemory) / 3);
  }

  /**
   * Chooses.
   *
   * @param shares whether restarts of a group see the same inputs, and a chunk of them fits
   */
  static ConvOnGpu of(
      ConvExperiment experiment,
      ConvForm form,
      boolean shares,
      GpuDescription device,
      WorkSizing sizing) {
    boolean doubles = experiment.precision() == Precision.DOUBLE;
    int words = doubles ? 2 : 1;
    int most = doubles ? MOST_DOUBLES : MOST_NUMBERS;
    int options = options(experiment);
    int inputs = form.direct() ? experiment.patchSize() * words : 0;
    int filters = 3 * inputs;
    // Average output learns no weights: they have no gradient, for which activations are kept.
    int outputs = (experiment.learned() ? 3 : 1) * experiment.patches() * words;
    if (form == ConvForm.POPULATION) {
      outputs = POPULATION_NUMBERS * words + (experiment.noisy() ? NOISE_WORDS : 0);
    }
    int chunkBytes = chunkBytes(device.sharedMemory());
    boolean two =
        shares && 2 * (filters + outputs) <= most - options && share(experiment) >= 2 * WARP;
    int vectors = two ? 2 : 1;
    int group = group(experiment, form, vectors, device, sizing);
    // Beside the numbers of a chunk, what the teacher sees of each patch.
    int chunk = shares ? chunkBytes + chunkBytes / experiment.network().stride() : 0;
    int striping = striping(Float.BYTES * outputs, chunk, device);
    boolean all = vectors * (filters + outputs) <= most - options;
    boolean striped = !all && filters <= most && striping >= Math.min(WARP, group);
    if (striped) {
      group = Math.min(group, striping);
    }
    boolean registers = all || striped;
    int held = all ? vectors * (filters + outputs) : striped ? filters : 0;
    // An input of patches that overlap is drawn whole, to an array.
    boolean drawnWhole = form == ConvForm.OWN && experiment.overlaps();
    boolean rereads = registers && (drawnWhole || held + inputs > most + 16 * words - options);
    int needed = held + (rereads ? 0 : inputs) + (doubles ? BESIDE_DOUBLES : BESIDE) + options;
    needed += experiment.learned() || form == ConvForm.POPULATION ? 0 : BESIDE_AVERAGE;
    int shared = chunk + (striped ? group * Float.BYTES * outputs : 0);
    int resident = Math.min(byRegisters(needed, group), byShared(shared));
    return new ConvOnGpu(vectors, group, resident, shares, registers, striped, rereads, chunkBytes);
  }

  /** Registers that options of the network and of its descent take beside the others. */
  private static int options(ConvExperiment experiment) {
    int leaky = experiment.network().slope() == 0 ? 0 : BESIDE_LEAKY;
    return leaky + (ConvPlans.optimizer(experiment).code() == 0 ? 0 : BESIDE_OPTIMIZER);
  }

  /** Restarts that see the same inputs. */
  private static int share(ConvExperiment experiment) {
    return experiment.oracle() instanceof Oracle.Online of ? of.share() : Integer.MAX_VALUE;
  }

  private static int group(
      ConvExperiment experiment,
      ConvForm form,
      int vectors,
      GpuDescription device,
      WorkSizing sizing) {
    int group = GROUP;
    if (sizing.workGroup() > 0) {
      group = sizing.workGroup();
    } else if (form == ConvForm.STREAM) {
      // All of a group see one stream: of equal shares of it few work-items stay empty.
      int share = share(experiment);
      int groups = Math.ceilDiv(share, GROUP * vectors);
      group = Math.ceilDiv(Math.ceilDiv(Math.ceilDiv(share, groups), vectors), WARP) * WARP;
    }
    return Math.min(group, device.largestGroup());
  }

  /**
   * Work-items whose output weights fit into shared memory.
   *
   * @param bytes of a work-item
   * @param chunk bytes of a chunk and of what the teacher sees of it
   */
  private static int striping(int bytes, int chunk, GpuDescription device) {
    int room = Math.min(SHARED_BYTES, device.sharedMemory()) - chunk - BOARD_BYTES;
    int items = room / Math.max(1, bytes);
    return items >= WARP ? items / WARP * WARP : items;
  }

  private static int byRegisters(int registers, int group) {
    int each = Math.ceilDiv(Math.min(registers, MOST_REGISTERS), 8) * 8;
    int groups = REGISTERS / (each * (Math.ceilDiv(group, WARP) * WARP));
    return Math.clamp(groups, 1, MOST_GROUPS);
  }

  /**
   * Where there is less, some groups wait for a launch; where less were assumed, some would lie
   * idle.
   */
  private static int byShared(int bytes) {
    return Math.max(1, MOST_SHARED_BYTES / (bytes + 1024));
  }
}
