package org.basinsim.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;

/**
 * A device that can be given up while a call does not return: the thread that made the call gets a
 * {@link GpuFailure} should the call return one day, and whoever gave the device up may from then
 * on touch what that thread worked on.
 */
final class WatchedDevice implements GpuDevice {
  private final GpuDevice device;
  private long calls;
  private boolean calling;
  private boolean givenUp;

  WatchedDevice(GpuDevice device) {
    this.device = device;
  }

  /** The number of the call that is under way, from 1; 0 while there is none. */
  synchronized long call() {
    return calling ? calls : 0;
  }

  /**
   * Gives the device up unless a call has returned.
   *
   * @param call its number
   * @return whether the device is given up
   */
  synchronized boolean giveUpIn(long call) {
    givenUp |= calling && call == calls;
    return givenUp;
  }

  /** Whether the device was given up. */
  synchronized boolean givenUp() {
    return givenUp;
  }

  private synchronized void begin() {
    refuse();
    calls++;
    calling = true;
  }

  private synchronized void end() {
    calling = false;
    refuse();
  }

  private void refuse() {
    if (givenUp) {
      throw new GpuFailure(describe().info().name() + ": given up");
    }
  }

  private <T> T answer(Supplier<T> call) {
    begin();
    try {
      return call.get();
    } finally {
      end();
    }
  }

  private void carryOut(Runnable call) {
    answer(() -> {
      call.run();
      return null;
    });
  }

  @Override
  public GpuDescription describe() {
    return device.describe();
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    return answer(() -> device.compile(source));
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    return answer(() -> device.allocate(bytes));
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    carryOut(() -> device.upload(to, from));
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    carryOut(() -> device.launch(kernel, groups, groupSize, arguments));
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    carryOut(() -> device.download(from, to));
  }

  @Override
  public Optional<GpuMatrices> matrices() {
    return device.matrices().map(WatchedMatrices::new);
  }

  private final class WatchedMatrices implements GpuMatrices {
    private final GpuMatrices matrices;

    WatchedMatrices(GpuMatrices matrices) {
      this.matrices = matrices;
    }

    @Override
    public String words() {
      return matrices.words();
    }

    @Override
    public void multiply(
        boolean doubles, Product product, int restarts, Operand a, Operand b, Operand c) {
      carryOut(() -> matrices.multiply(doubles, product, restarts, a, b, c));
    }
  }

  @Override
  public void close() {
    carryOut(device::close);
  }
}
