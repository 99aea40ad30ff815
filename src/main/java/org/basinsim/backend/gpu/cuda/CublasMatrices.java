package org.basinsim.backend.gpu.cuda;

import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuMatrices;

/** cuBLAS on a device. It starts at the first product: most experiments have none. */
final class CublasMatrices implements GpuMatrices {

  private final Cublas library;
  private final BiConsumer<String, IntSupplier> context;
  private final ToLongFunction<GpuBuffer> addresses;
  private final CudaStream stream;
  private Cublas.Handle handle;

  /**
   * @param context makes a call, of such a name, in the device's context
   * @param addresses where buffers begin
   * @param stream of the device
   */
  CublasMatrices(
      Cublas library,
      BiConsumer<String, IntSupplier> context,
      ToLongFunction<GpuBuffer> addresses,
      CudaStream stream) {
    this.library = library;
    this.context = context;
    this.addresses = addresses;
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
      call("cublasCreate", () -> handle = library.create(stream));
    }
    int columnsOfA = product.transposesA() ? product.rows() : product.inner();
    int columnsOfB = product.transposesB() ? product.inner() : product.columns();
    call(
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
        addresses.applyAsLong(operand.buffer()) + bytes * operand.first(),
        transposed,
        columns,
        operand.stride());
  }

  void close() {
    if (handle != null) {
      call("cublasDestroy", handle::destroy);
    }
  }

  private void call(String name, Runnable call) {
    context.accept(
        name,
        () -> {
          call.run();
          return 0;
        });
  }
}
