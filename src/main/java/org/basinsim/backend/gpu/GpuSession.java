package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.backend.KernelUse;

/**
 * An open device and the kernels compiled for it. A device that fails is lost: it takes no further
 * work.
 */
final class GpuSession implements AutoCloseable {
  private final GpuDevice device;
  private final Map<KernelSource, GpuKernel> kernels = new HashMap<>();
  private final List<KernelUse> uses = new ArrayList<>();
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
    return kernels.computeIfAbsent(
        plan.source(device.describe().dialect()),
        source -> {
          GpuKernel kernel = device.compile(source);
          kernel
              .resources()
              .ifPresent(of ->
                  uses.add(
                      new KernelUse(
                          plan.words(), of.registers(), of.localBytes(), of.sharedBytes())));
          return kernel;
        });
  }

  /** What the kernels compiled so far take, where the interface tells. */
  List<KernelUse> uses() {
    return List.copyOf(uses);
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
