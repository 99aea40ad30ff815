package org.basinsim.backend.gpu.opencl;

import java.util.List;
import java.util.Optional;
import org.basinsim.backend.gpu.GpuDescription;

/**
 * What OpenCL offers on this machine.
 *
 * @param devices by number: the first is {@code opencl:0}
 * @param missing one line: what is missing and how to get it; present where there is no device
 */
public record OpenClFound(List<GpuDescription> devices, Optional<String> missing) {

  /** Copies the list. */
  public OpenClFound {
    devices = List.copyOf(devices);
  }

  static OpenClFound nothing(String missing) {
    return new OpenClFound(List.of(), Optional.of(missing));
  }
}
