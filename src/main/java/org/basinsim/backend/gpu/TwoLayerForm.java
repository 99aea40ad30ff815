package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.model.twolayer.TwoLayerState;

/**
 * The kernel of two layers.
 *
 * @param teachers k
 * @param students n
 */
record TwoLayerForm(int teachers, int students) implements KernelForm {
  static final List<String> FILES =
      List.of(
          "elementary.h",
          "philox.h",
          "gaussian.h",
          "work.h",
          "records.h",
          "two_layer.h",
          "train_two_layer.c");

  /** Numbers of a coordinate's row that are read at once. */
  private static final int BLOCK = 4;

  /** Numbers of {@link TwoLayerState}. */
  private static final int STATE = 3;

  @Override
  public String entry() {
    return "train_two_layer";
  }

  @Override
  public List<String> files() {
    return FILES;
  }

  @Override
  public int stateReals() {
    return STATE;
  }

  @Override
  public int recordReals() {
    return STATE;
  }

  /** The loss is part of the state. */
  @Override
  public int sampleReals() {
    return STATE;
  }

  /** The state of a record. */
  static TwoLayerState state(Ended ended) {
    return new TwoLayerState(ended.real(0), ended.real(1), ended.real(2));
  }

  /** Numbers of the students. */
  int weights() {
    return Math.multiplyExact(students, teachers);
  }

  /** Numbers of the arrays of a restart: students, gradient, a number of each pair, lengths. */
  long numbers() {
    long row = Math.ceilDiv(teachers, BLOCK) * (long) BLOCK;
    return students * (2 * row + students + 2);
  }

  @Override
  public String words(LaunchPlan plan) {
    return "two-layer k%d n%d, %s".formatted(teachers, students, plan.precision().word());
  }
}
