package org.basinsim.backend.gpu.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;
import org.basinsim.backend.BackendUnavailable;

/** Version 12 of the library through JCublas2, which is made for it. */
final class JCublas implements Cublas {
  private static final Scalars SINGLES = Scalars.of(false);
  private static final Scalars DOUBLES = Scalars.of(true);

  private final String version;

  private JCublas(String version) {
    this.version = version;
  }

  /** Zero and one, where native code reads them: outside the heap, nothing need be pinned. */
  private record Scalars(Pointer zero, Pointer one) {

    static Scalars of(boolean doubles) {
      return new Scalars(number(doubles, 0), number(doubles, 1));
    }

    private static Pointer number(boolean doubles, int value) {
      ByteBuffer place = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.nativeOrder());
      return Pointer.to(doubles ? place.putDouble(0, value) : place.putFloat(0, value));
    }
  }

  /** An address on the device. */
  private static final class Address extends Pointer {
    Address(long address) {
      super(address);
    }
  }

  /**
   * Loads JCublas2, whose functions throw from then on where they fail. Once a process, after the
   * library itself: by its name JCublas2 then gets the one that is loaded.
   *
   * @param version of the library: 12.6.1
   * @throws BackendUnavailable where JCublas2 does not load
   */
  static JCublas load(String version) {
    JCudaNative.CUBLAS.require();
    JCudaNative.CUBLAS.load(() -> JCublas2.setExceptionsEnabled(true));
    return new JCublas(version);
  }

  @Override
  public String words() {
    return version + " through JCublas2";
  }

  @Override
  public Handle create(CudaStream stream) {
    cublasHandle handle = new cublasHandle();
    JCublas2.cublasCreate(handle);
    JCublas2.cublasSetStream(handle, new cudaStream_t(stream));
    JCublas2.cublasSetMathMode(handle, PEDANTIC_MATH);
    return new Products(handle);
  }

  private record Products(cublasHandle handle) implements Handle {

    @Override
    public void multiply(
        boolean doubles,
        int rows,
        int columns,
        int inner,
        Matrices a,
        Matrices b,
        boolean accumulates,
        Matrices c,
        int count) {
      Scalars scalars = doubles ? DOUBLES : SINGLES;
      Gemm gemm =
          doubles ? JCublas2::cublasDgemmStridedBatched : JCublas2::cublasSgemmStridedBatched;
      gemm.multiply(
          handle,
          operation(a),
          operation(b),
          rows,
          columns,
          inner,
          scalars.one(),
          new Address(a.address()),
          a.leading(),
          a.stride(),
          new Address(b.address()),
          b.leading(),
          b.stride(),
          accumulates ? scalars.one() : scalars.zero(),
          new Address(c.address()),
          c.leading(),
          c.stride(),
          count);
    }

    private static int operation(Matrices matrices) {
      return matrices.transposed() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    @Override
    public void destroy() {
      JCublas2.cublasDestroy(handle);
    }
  }

  /** Either function, with the library's own names. */
  @FunctionalInterface
  private interface Gemm {
    int multiply(
        cublasHandle handle,
        int transa,
        int transb,
        int m,
        int n,
        int k,
        Pointer alpha,
        Pointer a,
        int lda,
        long strideA,
        Pointer b,
        int ldb,
        long strideB,
        Pointer beta,
        Pointer c,
        int ldc,
        long strideC,
        int batchCount);
  }
}
