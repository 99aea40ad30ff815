package org.basinsim.model.deep;

/**
 * Descent as a fixed kernel predicts it: r(t + 1) = (I − ηK) r(t), so that L(t) = ½ Σ_i (1 −
 * ηλ_i)^{2t} (u_i·r(0))² over eigenpairs of K.
 */
public final class KernelDescent {
  private final double[] contractions;
  private final double[] squares;

  /**
   * @param kernel K, n × n, symmetric
   * @param residuals r(0), of length n
   * @param stepSize η
   */
  public KernelDescent(double[] kernel, double[] residuals, double stepSize) {
    Spectrum spectrum = Spectrum.of(kernel, residuals.length);
    double[] values = spectrum.values();
    contractions = new double[values.length];
    squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double along = 0;
      for (int j = 0; j < residuals.length; j++) {
        along += spectrum.vector(i)[j] * residuals[j];
      }
      double left = 1 - stepSize * values[i];
      contractions[i] = left * left;
      squares[i] = along * along;
    }
  }

  /** L after t steps. */
  public double loss(int t) {
    double loss = 0;
    for (int i = 0; i < squares.length; i++) {
      loss += squares[i] * Math.pow(contractions[i], t) / 2;
    }
    return loss;
  }
}
