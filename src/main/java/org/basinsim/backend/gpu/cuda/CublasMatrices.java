package org.basinsim.backend.gpu.cuda;

import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuMatrices;

/** cuBLAS on a device. It starts at the first product: most experiments have none. */
final class CublasMatrices implements GpuMatrices {

  /** What a device makes of a call in its context, and of a buffer. */
  interface Device {

    void call(String name, Runnable call);

    /** Where a buffer begins. */
    long address(GpuBuffer buffer);
  }

  private final Cublas library;
  private final Device device;
  private final CudaStream stream;
  private Cublas.Handle handle;

  /**
   * @param stream of the device
   */
  CublasMatrices(Cublas library, Device device, CudaStream stream) {
    this.library = library;
    this.device = device;
    this.stream = stream;
  }

  /** What results say of a library. */
  static String words(Cublas library) {
    return "cublas %s, bit for bit the same only in calls of one size".formatted(library.words());
  }

  @Override
  public String words() {
    return words(library);
  }

  /** The library reads columns where the program has rows: it gets Cᵀ = op(B)ᵀ op(A)ᵀ. */
  @Override
  public void multiply(
      boolean doubles, Product product, int restarts, Operand a, Operand b, Operand c) {
    if (handle == null) {
      device.call("cublasCreate", () -> handle = library.create(stream));
    }
    int columnsOfA = product.transposesA() ? product.rows() : product.inner();
    int columnsOfB = product.transposesB() ? product.inner() : product.columns();
    device.call(
        "cublas" + (doubles ? "D" : "S") + "gemmStridedBatched",
        () ->
            handle.multiply(
                doubles,
                product.columns(),
                product.rows(),
                product.inner(),
                matrices(doubles, b, product.transposesB(), columnsOfB),
                matrices(doubles, a, product.transposesA(), columnsOfA),
                product.accumulates(),
                matrices(doubles, c, false, product.columns()),
                restarts));
  }

  private Cublas.Matrices matrices(
      boolean doubles, Operand operand, boolean transposed, int columns) {
    int bytes = doubles ? Double.BYTES : Float.BYTES;
    return new Cublas.Matrices(
        device.address(operand.buffer()) + bytes * operand.first(),
        transposed,
        columns,
        operand.stride());
  }

  void close() {
    if (handle != null) {
      device.call("cublasDestroy", handle::destroy);
    }
  }
}
