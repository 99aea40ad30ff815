package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device that several backends have one after the other: a kernel is compiled once for all of
 * them, and the device stays open until {@link #end}.
 */
final class KernelsKept implements GpuDevice {
  private final GpuDevice device;
  private final Map<KernelSource, GpuKernel> kernels = new HashMap<>();

  KernelsKept(GpuDevice device) {
    this.device = device;
  }

  /** Kernels compiled. */
  int compiled() {
    return kernels.size();
  }

  void end() {
    device.close();
  }

  /** A kernel that outlives the backend that closes it. */
  private record Kept(GpuKernel kernel) implements GpuKernel {
    @Override
    public Optional<Resources> resources() {
      return kernel.resources();
    }

    @Override
    public void close() {}
  }

  @Override
  public GpuDescription describe() {
    return device.describe();
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    return new Kept(kernels.computeIfAbsent(source, device::compile));
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    return device.allocate(bytes);
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    device.upload(to, from);
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    device.launch(((Kept) kernel).kernel(), groups, groupSize, arguments);
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    device.download(from, to);
  }

  @Override
  public void close() {}
}
