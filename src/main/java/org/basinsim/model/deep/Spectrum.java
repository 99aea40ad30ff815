package org.basinsim.model.deep;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Eigenvalues and eigenvectors of a symmetric matrix, in ascending order. */
public final class Spectrum {
  private final double[] values;
  private final double[][] vectors;

  private Spectrum(double[] values, double[][] vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * The spectrum of a matrix.
   *
   * @param matrix n × n, row-major, symmetric but for rounding; its entries are finite
   * @param n at least 1
   * @throws ArithmeticException if an entry is not finite
   */
  public static Spectrum of(double[] matrix, int n) {
    EigenDecomposition_F64<DMatrixRMaj> decomposition = decompose(matrix, n, true);
    double[] found = new double[n];
    for (int i = 0; i < n; i++) {
      found[i] = decomposition.getEigenvalue(i).real;
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> found[i]))
            .mapToInt(i -> i)
            .toArray();
    return new Spectrum(
        Arrays.stream(order).mapToDouble(i -> found[i]).toArray(),
        Arrays.stream(order)
            .mapToObj(i -> decomposition.getEigenVector(i).data.clone())
            .toArray(double[][]::new));
  }

  /**
   * The least and the largest eigenvalue of such a matrix: {λ_min, λ_max}; NaN both if an entry is
   * not finite, as weights may end.
   */
  public static double[] extremes(double[] matrix, int n) {
    if (!Arrays.stream(matrix).allMatch(Double::isFinite)) {
      return new double[] {Double.NaN, Double.NaN};
    }
    EigenDecomposition_F64<DMatrixRMaj> decomposition = decompose(matrix, n, false);
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double value = decomposition.getEigenvalue(i).real;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    return new double[] {least, largest};
  }

  private static EigenDecomposition_F64<DMatrixRMaj> decompose(
      double[] matrix, int n, boolean vectors) {
    // Halves of products of matrices differ by rounding; the solver wants one and the same.
    DMatrixRMaj symmetric = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        symmetric.set(i, j, (matrix[i * n + j] + matrix[j * n + i]) / 2);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.eig(n, vectors, true);
    // The solver itself takes some entries that are no numbers for zeros.
    if (!Arrays.stream(matrix).allMatch(Double::isFinite) || !decomposition.decompose(symmetric)) {
      throw new ArithmeticException("no eigenvalues of a matrix with entries that are not finite");
    }
    return decomposition;
  }

  /** Eigenvalues, ascending; a new array. */
  public double[] values() {
    return values.clone();
  }

  /** The unit eigenvector of eigenvalue i; not to be changed. */
  public double[] vector(int i) {
    return vectors[i];
  }
}
