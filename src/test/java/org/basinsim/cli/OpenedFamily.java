package org.basinsim.cli;

import java.util.List;
import java.util.Optional;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.study.Systems;

/**
 * A family of devices that a test has opened, for one command: {@code --device NAME:N} and {@code
 * NAME:all}.
 */
record OpenedFamily(String name, List<GpuDevice> devices) implements DeviceFamily {

  /** A program that has these devices and no others. */
  static Program program(String name, GpuDevice... devices) {
    DeviceFamily family = new OpenedFamily(name, List.of(devices));
    return new Program(Systems.builtIn(), new Backends(List.of(family)));
  }

  @Override
  public List<String> forms() {
    return List.of(name + ":N", name + ":all");
  }

  @Override
  public List<Device> present() {
    return devices.stream().map(device -> new Device(device.describe().info(), true)).toList();
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Backend open(List<Integer> numbers, WorkSizing sizing) {
    return GpuBackend.open(numbers, devices::get, sizing);
  }
}
