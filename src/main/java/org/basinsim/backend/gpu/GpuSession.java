package org.basinsim.backend.gpu;

import java.util.HashMap;
import java.util.Map;

/**
 * An open device and the kernels compiled for it. A device that fails is lost: it takes no further
 * work.
 */
final class GpuSession implements AutoCloseable {
  private final GpuDevice device;
  private final Map<KernelSource, GpuKernel> kernels = new HashMap<>();
  private volatile String failure;

  GpuSession(GpuDevice device) {
    this.device = device;
  }

  GpuDevice device() {
    return device;
  }

  String name() {
    return device.describe().info().name();
  }

  /** The kernel of a plan, compiled when it is first asked for. */
  GpuKernel kernel(LaunchPlan plan) {
    return kernels.computeIfAbsent(plan.source(device.describe().dialect()), device::compile);
  }

  /** The kernels compiled so far. */
  Map<KernelSource, GpuKernel> kernels() {
    return Map.copyOf(kernels);
  }

  boolean lost() {
    return failure != null;
  }

  /** What lost the device, or null. */
  String failure() {
    return failure;
  }

  void lose(String message) {
    failure = message;
  }

  @Override
  public void close() {
    if (!lost()) {
      kernels.values().forEach(GpuKernel::close);
      device.close();
    }
  }
}
