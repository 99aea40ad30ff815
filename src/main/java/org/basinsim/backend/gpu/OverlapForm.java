package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.model.conv.ConvState;

/**
 * The kernel of patches that overlap, population descent.
 *
 * @param patchSize p
 */
record OverlapForm(int patchSize) implements KernelForm {
  static final List<String> FILES =
      List.of(
          "elementary.h",
          "philox.h",
          "gaussian.h",
          "start.h",
          "start_full.h",
          "work.h",
          "records.h",
          "overlap.h",
          "train_overlap.c");

  @Override
  public String entry() {
    return "train_overlap";
  }

  @Override
  public List<String> files() {
    return FILES;
  }

  @Override
  public int stateReals() {
    return ConvState.SIZE;
  }

  /** The loss, then the filter. */
  @Override
  public int recordReals() {
    return 1 + patchSize;
  }

  @Override
  public String words(LaunchPlan plan) {
    return "overlap p%d stride %s reach %s, %s"
        .formatted(
            patchSize,
            plan.number("BASIN_STRIDE"),
            plan.number("BASIN_REACH"),
            plan.precision().word());
  }
}
