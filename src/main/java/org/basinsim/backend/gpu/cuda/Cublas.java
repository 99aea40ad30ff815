package org.basinsim.backend.gpu.cuda;

import jcuda.CudaException;

/**
 * NVIDIA's library for products of matrices, loaded and bound. <a
 * href="https://docs.nvidia.com/cuda/cublas/">Its documentation</a> says what its functions do.
 */
interface Cublas {
  /** No TF32 and no emulation, whatever the environment asks for: CUBLAS_PEDANTIC_MATH. */
  int PEDANTIC_MATH = 2;

  /** Version and how it is bound: 12.6.1 through JCublas2. */
  String words();

  /**
   * A handle for the current context.
   *
   * @param stream that its products go into
   * @throws CudaException where the library refuses, its status the message
   */
  Handle create(CudaStream stream);

  /**
   * Matrices of a call, one for each product, column after column.
   *
   * @param address on the device, of the first
   * @param transposed whether their transposes are meant
   * @param leading numbers from one column to the next
   * @param stride numbers from one matrix to the next
   */
  record Matrices(long address, boolean transposed, int leading, long stride) {}

  /** The library in one context. */
  interface Handle {

    /**
     * Queues C = op(A) op(B), or C += op(A) op(B), for each of so many matrices.
     *
     * @param doubles whether numbers are of double precision
     * @param rows of C
     * @param columns of C
     * @param inner columns of op(A), rows of op(B)
     * @throws CudaException where the library refuses, its status the message
     */
    void multiply(
        boolean doubles,
        int rows,
        int columns,
        int inner,
        Matrices a,
        Matrices b,
        boolean accumulates,
        Matrices c,
        int count);

    /** Lets go of it; in the same context. */
    void destroy();
  }
}
