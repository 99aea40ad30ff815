package org.basinsim.backend.gpu.cuda;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a kernel is compiled to.
 *
 * @param capability compute capability without its point: 90 for 9.0
 * @param machineCode a cubin for exactly this capability; otherwise PTX, which the driver compiles
 *     for any device from this capability on
 */
public record Target(int capability, boolean machineCode) {

  /**
   * Machine code where the compiler knows the device, PTX for the nearest older one where the
   * device is newer than the compiler; nothing for a device too old for it.
   *
   * @param known capabilities the compiler compiles for
   */
  static Optional<Target> of(int capability, List<Integer> known) {
    return known.stream()
        .filter(each -> each <= capability)
        .max(Comparator.naturalOrder())
        .map(nearest -> new Target(nearest, nearest == capability));
  }

  /** As compilers take it: {@code sm_90}, {@code compute_90}. */
  public String architecture() {
    return (machineCode ? "sm_" : "compute_") + capability;
  }

  /** A capability as people write it: 9.0. */
  static String dotted(int capability) {
    return capability / 10 + "." + capability % 10;
  }
}
