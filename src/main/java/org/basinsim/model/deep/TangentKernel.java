package org.basinsim.model.deep;

/**
 * Gram matrices of a network at one state, n × n, row-major.
 *
 * <p>∂f_i∕∂W^(h) = Σ_p δ_ip φ_ipᵀ with φ_ip the input of layer h at position p of sample i and δ_ip
 * = ∂f_i∕∂z^(h)_p, so that G^(h)_ij = Σ_pq ⟨δ_ip, δ_jq⟩⟨φ_ip, φ_jq⟩.
 *
 * @param tangent Θ, the sum over everything trained
 * @param last G^(H)
 */
public record TangentKernel(double[] tangent, double[] last) {

  /** Builds a kernel from the inner products of each layer. */
  public static final class Sum {
    private final int samples;
    private final int positions;
    private final double[] tangent;
    private double[] last;

    /**
     * @param samples n
     * @param positions P
     */
    public Sum(int samples, int positions) {
      this.samples = samples;
      this.positions = positions;
      this.tangent = new double[samples * samples];
    }

    /**
     * Adds a hidden layer; the one added last counts as layer H.
     *
     * @param inputs ⟨φ_ip, φ_jq⟩, nP × nP
     * @param sensitivities ⟨δ_ip, δ_jq⟩, nP × nP
     */
    public void add(double[] inputs, double[] sensitivities) {
      last = new double[samples * samples];
      int rows = samples * positions;
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < rows; s++) {
          last[r / positions * samples + s / positions] +=
              inputs[r * rows + s] * sensitivities[r * rows + s];
        }
      }
      for (int i = 0; i < tangent.length; i++) {
        tangent[i] += last[i];
      }
    }

    /**
     * Adds the output weights: Σ_p ⟨x_ip, x_jp⟩.
     *
     * @param outputs ⟨x^(H)_ip, x^(H)_jq⟩, nP × nP
     */
    public void addOutput(double[] outputs) {
      int rows = samples * positions;
      for (int i = 0; i < samples; i++) {
        for (int j = 0; j < samples; j++) {
          for (int p = 0; p < positions; p++) {
            tangent[i * samples + j] += outputs[(i * positions + p) * rows + j * positions + p];
          }
        }
      }
    }

    /** What was added. */
    public TangentKernel kernel() {
      return new TangentKernel(tangent, last);
    }
  }

  /** n. */
  public int samples() {
    return (int) Math.round(Math.sqrt(tangent.length));
  }

  /** {λ_min(Θ), λ_max(Θ)}. */
  public double[] extremes() {
    return Spectrum.extremes(tangent, samples());
  }

  /** {λ_min(G^(H)), λ_max(G^(H))}. */
  public double[] lastExtremes() {
    return Spectrum.extremes(last, samples());
  }

  /** ‖Θ − Θ'‖₂, the largest absolute eigenvalue of the difference. */
  public double distance(TangentKernel other) {
    double[] difference = new double[tangent.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = tangent[i] - other.tangent[i];
    }
    double[] extremes = Spectrum.extremes(difference, samples());
    return Math.max(Math.abs(extremes[0]), Math.abs(extremes[1]));
  }
}
