package org.basinsim.backend.gpu;

import java.util.SequencedMap;
import org.basinsim.model.Precision;

/**
 * How restarts are mapped to a device: which text, specialized by which constants, in how many
 * work-items. Experiments of equal plans are trained in one launch. A plan never changes an
 * outcome.
 *
 * @param form which kernel
 * @param constants names and values that specialize the text
 * @param precision type of the numbers
 * @param restarts in a work-item: vectors times width
 * @param groupSize work-items in a work-group
 * @param groups work-groups
 * @param team work-items that share inputs: 1 or the group
 * @param unit restarts of a ticket
 * @param keptReals numbers of a restart that are kept between launches
 * @param samples states of a trajectory that are noted, 0 for none
 * @param piece restarts that are handed on together
 */
record LaunchPlan(
    KernelForm form,
    SequencedMap<String, String> constants,
    Precision precision,
    int restarts,
    int groupSize,
    int groups,
    int team,
    int unit,
    int keptReals,
    int samples,
    int piece) {
  private static final int OWNER_INTS = 8;
  private static final int LANE_INTS = 5;

  /** Integers of a record: tile, offset, outcome, steps, end of phase one. */
  static final int RECORD_INTS = 5;

  /** The kernel and what it is specialized by, for reports. */
  String words() {
    return "%s, %d restarts a work-item, group of %d"
        .formatted(form.words(this), restarts, groupSize);
  }

  /** The value of a constant. */
  String number(String constant) {
    return constants.get(constant);
  }

  /** The text for a dialect. */
  KernelSource source(String dialect) {
    return KernelSource.of(dialect, constants, form.files(), form.entry());
  }

  /** Work-items in all. */
  int items() {
    return groups * groupSize;
  }

  /** Work-items, or teams of them, that take tickets. */
  int owners() {
    return items() / team;
  }

  /** Restarts under way at once. */
  int lanes() {
    return items() * restarts;
  }

  /** Restarts of a team. */
  int teamRestarts() {
    return team * restarts;
  }

  long keptIntsBytes() {
    return 4L * items() * (OWNER_INTS + (long) LANE_INTS * restarts);
  }

  long keptRealsBytes() {
    return (long) realBytes() * lanes() * keptReals;
  }

  /** There is always room for the gradient of a restart, which a probe writes here. */
  long samplesBytes() {
    return realBytes() * Math.max(keptReals, (long) lanes() * form.sampleReals() * samples);
  }

  /** Numbers of a record. */
  int recordReals() {
    return form.recordReals() + form.sampleReals() * samples;
  }

  /** Bytes of a record. */
  long recordBytes() {
    return (long) Integer.BYTES * RECORD_INTS + (long) realBytes() * recordReals();
  }

  int realBytes() {
    return precision == Precision.SINGLE ? Float.BYTES : Double.BYTES;
  }

  /** The same with half the work-groups, for a device with little memory. */
  LaunchPlan halved() {
    return withGroups(groups / 2);
  }

  /** The same with no more work-groups than so many restarts occupy. */
  LaunchPlan forRestarts(long most) {
    return withGroups(Math.clamp(Math.ceilDiv(most, groupSize * restarts), 1, groups));
  }

  /**
   * The same with no more work-groups than may note samples, and have room for two records a lane,
   * in so many bytes; at least one.
   */
  LaunchPlan within(long bytes) {
    long lane = 2 * recordBytes() + (long) realBytes() * form.sampleReals() * samples;
    return withGroups(Math.clamp(bytes / (lane * groupSize * restarts), 1, groups));
  }

  private LaunchPlan withGroups(int fewer) {
    return new LaunchPlan(
        form, constants, precision, restarts, groupSize, fewer, team, unit, keptReals, samples,
        piece);
  }
}
