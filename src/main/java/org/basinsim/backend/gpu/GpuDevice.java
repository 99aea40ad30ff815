package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * One piece of hardware behind a GPU interface: memory, kernels, launches. No domain word in it.
 *
 * <p>Get one from {@code CudaPlatform} or {@code OpenClPlatform}. It belongs to the thread that
 * opened it until that thread hands it on for good; calls never overlap. A call that fails throws
 * {@link GpuFailure}, after which the device can only be closed. Buffers and kernels are freed by
 * their own {@code close}; closing the device frees what is left.
 */
public interface GpuDevice extends AutoCloseable {

  /** What it is and what it can do; the same record every time. */
  GpuDescription describe();

  /**
   * Compiles a kernel.
   *
   * @throws CompileFailure with the compiler's log and the source
   */
  GpuKernel compile(KernelSource source);

  /**
   * Memory on the device, its content undefined.
   *
   * @param bytes at least 1
   * @throws OutOfDeviceMemory where there is not enough
   */
  GpuBuffer allocate(long bytes);

  /**
   * Copies a whole segment to the beginning of a buffer; returns when the segment may be reused.
   *
   * @param from native memory, not on the Java heap
   */
  void upload(GpuBuffer to, MemorySegment from);

  /**
   * Queues a launch; returns at once. Launches and copies of a device are carried out in the order
   * of their calls.
   *
   * @param groups number of work-groups, at least 1
   * @param groupSize work-items in each
   * @param arguments of the kernel, in order: kernels take buffers only
   */
  void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments);

  /**
   * Fills a whole segment from the beginning of a buffer, after every launch before it is done.
   *
   * @param to native memory, not on the Java heap
   */
  void download(GpuBuffer from, MemorySegment to);

  /** A library for products of matrices on this device, where one is there and not declined. */
  default Optional<GpuMatrices> matrices() {
    return Optional.empty();
  }

  @Override
  void close();
}
