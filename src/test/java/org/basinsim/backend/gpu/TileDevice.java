package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.basinsim.backend.gpu.GpuDescription.Kind;

/**
 * A device whose kernels are compiled from an edited text. All calls come from one thread, the one
 * that opens it: oclgrind watches over uninitialised memory only there.
 */
final class TileDevice implements GpuDevice {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  private final GpuDevice device;
  private final GpuDescription description;
  private final UnaryOperator<String> edit;

  /**
   * @param width floats in a vector; above 1 it is described as a CPU
   */
  TileDevice(Supplier<GpuDevice> opening, int width, UnaryOperator<String> edit) {
    this.device = there(opening);
    this.description = described(device.describe(), width);
    this.edit = edit;
  }

  private static GpuDescription described(GpuDescription of, int width) {
    return new GpuDescription(
        of.info(),
        of.dialect(),
        width > 1 ? Kind.CPU : of.kind(),
        of.driver(),
        of.compiler(),
        of.units(),
        width,
        of.doubles(),
        of.memory(),
        of.sharedMemory(),
        of.largestGroup());
  }

  private <T> T there(Supplier<T> call) {
    FutureTask<T> task = new FutureTask<>(call::get);
    thread.execute(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException of ? of : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void there(Runnable call) {
    there(() -> {
      call.run();
      return true;
    });
  }

  @Override
  public GpuDescription describe() {
    return description;
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    KernelSource edited = new KernelSource(source.entry(), edit.apply(source.text()));
    return there(() -> device.compile(edited));
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    return there(() -> device.allocate(bytes));
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    there(() -> device.upload(to, from));
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    there(() -> device.launch(kernel, groups, groupSize, arguments));
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    there(() -> device.download(from, to));
  }

  @Override
  public void close() {
    there(device::close);
    thread.shutdown();
  }
}
