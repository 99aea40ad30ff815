package org.basinsim.model.deep;

import java.util.function.DoubleUnaryOperator;

/**
 * Expectations over normals by the quadrature of Gauss and Hermite.
 *
 * <p>For a function that is analytic within ±iε of the real line the error falls as exp(−ε√(2N)):
 * with N = {@value #NODES} nodes and ε = π∕2, of tanh, to about 10⁻⁹.
 */
final class GaussHermite {
  private static final int NODES = 80;

  private static final double[] POINTS;
  private static final double[] WEIGHTS;

  static {
    // Golub, Welsch (1969): nodes are eigenvalues of the Jacobi matrix of the Hermite polynomials,
    // weights the squared first entries of its eigenvectors.
    double[] jacobi = new double[NODES * NODES];
    for (int k = 1; k < NODES; k++) {
      jacobi[(k - 1) * NODES + k] = Math.sqrt(k);
      jacobi[k * NODES + k - 1] = Math.sqrt(k);
    }
    Spectrum spectrum = Spectrum.of(jacobi, NODES);
    POINTS = spectrum.values();
    WEIGHTS = new double[NODES];
    for (int i = 0; i < NODES; i++) {
      double first = spectrum.vector(i)[0];
      WEIGHTS[i] = first * first;
    }
  }

  private GaussHermite() {}

  /** E g(u) for u ~ N(0, variance). */
  static double expectation(DoubleUnaryOperator g, double variance) {
    double deviation = Math.sqrt(variance);
    double sum = 0;
    for (int i = 0; i < NODES; i++) {
      sum += WEIGHTS[i] * g.applyAsDouble(deviation * POINTS[i]);
    }
    return sum;
  }

  /** E g(u)g(v) for normal (u, v) of mean 0, variances uu, vv ≥ 0 and covariance uv. */
  static double expectation(DoubleUnaryOperator g, double uu, double uv, double vv) {
    double deviation = Math.sqrt(uu);
    double along = deviation == 0 ? 0 : uv / deviation;
    double across = Math.sqrt(Math.max(0, vv - along * along));
    double sum = 0;
    for (int i = 0; i < NODES; i++) {
      double inner = 0;
      for (int j = 0; j < NODES; j++) {
        inner += WEIGHTS[j] * g.applyAsDouble(along * POINTS[i] + across * POINTS[j]);
      }
      sum += WEIGHTS[i] * g.applyAsDouble(deviation * POINTS[i]) * inner;
    }
    return sum;
  }
}
