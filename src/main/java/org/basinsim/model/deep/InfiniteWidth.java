package org.basinsim.model.deep;

/**
 * The kernels of a network as its width tends to infinity, at random weights.
 *
 * <p>Over pairs (i, p), (j, q) of samples and positions: K^(0) = ⟨x_ip, x_jq⟩; C^(h) = cov(z_ip,
 * z_jq) is the sum of K^(h−1) over the columns of the window, one offset for both; E and Ė are E σσ
 * and E σ'σ' of normals with covariance C^(h), b_ip = E σ(z_ip), M_ip = lim 1ᵀx_ip∕√m and B^(h) =
 * lim ⟨∂f∕∂x_ip, ∂f∕∂x_jq⟩∕m. With γ = γ_h, and the terms of K^(h−1), M^(h−1) and B^(h) alone only
 * where the layer skips,
 *
 * <pre>
 *   K^(h) = K^(h−1) + γ (M_ip b_jq + b_ip M_jq) + γ² E       M^(h) = M^(h−1) + γ b
 *   B^(H) = 1 at equal positions, 0 at others                  B^(h−1) = B^(h) + γ² window(B^(h) ∘ Ė)
 *   G^(h) = γ² Σ_pq C^(h) ∘ Ė ∘ B^(h)                          Θ = Σ_h G^(h) + Σ_p K^(H), if a is trained
 * </pre>
 *
 * <p>The cross terms of K are what a skipping layer's outputs, of mean b, have in common with its
 * input. B has none: the signs of ∂f∕∂x are those of a, independent of everything before.
 * Arc-cosine and arcsine kernels for ReLU and erf, quadrature for softplus and tanh.
 */
public final class InfiniteWidth {
  private final DeepNetwork network;
  private final int samples;
  private final int positions;
  private final int rows;

  private InfiniteWidth(DeepNetwork network, int samples) {
    this.network = network;
    this.samples = samples;
    this.positions = network.positions();
    this.rows = samples * positions;
  }

  /** What a layer hands on. */
  private record Forward(double[] covariance, double[] slopes) {}

  /**
   * The limits of Θ and G^(H).
   *
   * @param inputs n × d, row-major, position after position
   */
  public static TangentKernel of(DeepNetwork network, double[] inputs) {
    return new InfiniteWidth(network, inputs.length / network.inputSize()).kernel(inputs);
  }

  private TangentKernel kernel(double[] inputs) {
    int depth = network.depth();
    Forward[] layers = new Forward[depth];
    double[] k = products(inputs);
    double[] means = new double[rows];
    for (int h = 1; h <= depth; h++) {
      DeepNetwork.Layer layer = network.layer(h);
      double[] covariance = overWindows(k);
      double[] activated = new double[rows];
      for (int r = 0; r < rows; r++) {
        activated[r] = network.activation().expected(covariance[r * rows + r]);
      }
      double[] products = new double[rows * rows];
      double[] slopes = new double[rows * rows];
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s <= r; s++) {
          double rr = covariance[r * rows + r];
          double rs = covariance[r * rows + s];
          double ss = covariance[s * rows + s];
          products[r * rows + s] = network.activation().expectedProduct(rr, rs, ss);
          slopes[r * rows + s] = network.activation().expectedSlopes(rr, rs, ss);
          products[s * rows + r] = products[r * rows + s];
          slopes[s * rows + r] = slopes[r * rows + s];
        }
      }
      layers[h - 1] = new Forward(covariance, slopes);
      double gain = layer.gain();
      double kept = layer.skip() ? 1 : 0;
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < rows; s++) {
          int at = r * rows + s;
          double cross = means[r] * activated[s] + activated[r] * means[s];
          k[at] = kept * (k[at] + gain * cross) + gain * gain * products[at];
        }
      }
      for (int r = 0; r < rows; r++) {
        means[r] = kept * means[r] + gain * activated[r];
      }
    }
    return backward(layers, k);
  }

  private TangentKernel backward(Forward[] layers, double[] outputs) {
    double[][] back = new double[layers.length][];
    double[] b = new double[rows * rows];
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < rows; s++) {
        b[r * rows + s] = r % positions == s % positions ? 1 : 0;
      }
    }
    for (int h = layers.length; h >= 1; h--) {
      DeepNetwork.Layer layer = network.layer(h);
      double squaredGain = layer.gain() * layer.gain();
      double[] sensitivities = new double[b.length];
      for (int at = 0; at < b.length; at++) {
        sensitivities[at] = squaredGain * b[at] * layers[h - 1].slopes()[at];
      }
      back[h - 1] = sensitivities;
      double[] before = overWindows(sensitivities);
      for (int at = 0; at < b.length; at++) {
        b[at] = (layer.skip() ? b[at] : 0) + before[at];
      }
    }
    TangentKernel.Sum sum = new TangentKernel.Sum(samples, positions);
    for (int h = 1; h <= layers.length; h++) {
      sum.add(layers[h - 1].covariance(), back[h - 1]);
    }
    if (network.trainsOutput()) {
      sum.addOutput(outputs);
    }
    return sum.kernel();
  }

  /** ⟨x_ip, x_jq⟩. */
  private double[] products(double[] inputs) {
    int channels = network.channels(0);
    double[] products = new double[rows * rows];
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < rows; s++) {
        for (int c = 0; c < channels; c++) {
          products[r * rows + s] += inputs[r * channels + c] * inputs[s * channels + c];
        }
      }
    }
    return products;
  }

  /**
   * Sums of entries (p + o, q + o) over the window's offsets o, those beyond the ends left out:
   * what φ makes of inner products, and, as offsets come in pairs o and −o, its transpose, too.
   */
  private double[] overWindows(double[] products) {
    int reach = network.window() / 2;
    double[] sums = new double[rows * rows];
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < rows; s++) {
        for (int o = -reach; o <= reach; o++) {
          int p = r % positions + o;
          int q = s % positions + o;
          if (p >= 0 && p < positions && q >= 0 && q < positions) {
            sums[r * rows + s] += products[(r + o) * rows + s + o];
          }
        }
      }
    }
    return sums;
  }
}
