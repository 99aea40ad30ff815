package org.basinsim.backend.gpu;

/**
 * Products of matrices of a whole batch of restarts in one call. Matrices lie row after row. A
 * restart's product has the same bits in whatever batch it is taken, as far as the words behind an
 * implementation say.
 */
public interface BatchedGemm extends AutoCloseable {

  /**
   * C = op(A) op(B), or C += op(A) op(B).
   *
   * @param rows of C
   * @param columns of C
   * @param inner columns of op(A), rows of op(B)
   * @param transposesA whether op(A) is Aᵀ
   * @param transposesB whether op(B) is Bᵀ; not both
   * @param accumulates whether C is added to
   */
  record Product(
      int rows,
      int columns,
      int inner,
      boolean transposesA,
      boolean transposesB,
      boolean accumulates) {}

  /**
   * The matrices of a batch.
   *
   * @param first where that of restart 0 begins, in numbers
   * @param stride from one restart's to the next's, in numbers; 0: all have the same
   */
  record Operand(GpuBuffer buffer, long first, long stride) {}

  /** Gets ready for products of this form. */
  void prepare(Product product);

  /** Queues a product for restarts 0 … restarts − 1; c is neither a nor b. */
  void multiply(Product product, int restarts, Operand a, Operand b, Operand c);

  @Override
  void close();
}
