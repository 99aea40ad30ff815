package org.basinsim.backend.gpu;

import org.basinsim.model.Precision;

/**
 * The product of a device's library, in calls of {@link #RESTARTS} restarts each.
 *
 * <p>cuBLAS promises the same bits at every run of one version on GPUs of one architecture with as
 * many multiprocessors, as long as one stream is at work (its documentation, section results
 * reproducibility), for the same call. It says nothing of calls with other numbers of restarts, for
 * which it may choose another algorithm. So every call has the same number, whatever the batch:
 * what lies behind its last restart is multiplied, too. The promise does not name the place in a
 * call.
 */
final class LibraryGemm implements BatchedGemm {
  /** Restarts of a call; batches have room for a multiple of it. */
  static final int RESTARTS = 16;

  private final GpuMatrices library;
  private final Precision precision;

  LibraryGemm(GpuMatrices library, Precision precision) {
    this.library = library;
    this.precision = precision;
  }

  @Override
  public void prepare(Product product) {
    // The library has its kernels ready.
  }

  @Override
  public void multiply(Product product, int restarts, Operand a, Operand b, Operand c) {
    for (int first = 0; first < restarts; first += RESTARTS) {
      library.multiply(
          precision == Precision.DOUBLE,
          product,
          RESTARTS,
          from(a, first),
          from(b, first),
          from(c, first));
    }
  }

  private static Operand from(Operand operand, int restart) {
    return new Operand(
        operand.buffer(), operand.first() + restart * operand.stride(), operand.stride());
  }

  @Override
  public void close() {
    // The library is the device's.
  }
}
