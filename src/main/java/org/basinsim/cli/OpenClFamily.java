package org.basinsim.cli;

import java.util.List;
import java.util.Optional;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;

/**
 * Whatever speaks OpenCL. On a processor the CPU backend is faster, so that one is never chosen.
 */
final class OpenClFamily implements DeviceFamily {

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public List<String> forms() {
    return List.of("opencl:N");
  }

  @Override
  public List<Device> present() {
    return OpenClPlatform.find().devices().stream()
        .map(device -> new Device(device.info(), device.kind() == Kind.GPU))
        .toList();
  }

  @Override
  public Optional<String> missing() {
    return OpenClPlatform.find().missing();
  }

  @Override
  public Backend open(List<Integer> numbers, WorkSizing sizing) {
    return GpuBackend.open(numbers, OpenClPlatform::open, sizing);
  }
}
