package org.basinsim.model.deep;

/**
 * The shape of a network and what its layers compute.
 *
 * @param architecture how layers follow one another
 * @param width m ≥ 1, units of a layer
 * @param depth H ≥ 1, hidden layers; 1 with two layers
 * @param inputSize d ≥ 1; with convolution a multiple of positions
 * @param positions P ≥ 1; 1 without convolution
 * @param window q ≥ 1, odd: columns that a unit sees; 1 without convolution
 * @param activation σ
 * @param residualScale c_res, 0 < c_res < 1; of no meaning without residual layers
 * @param trainsOutput whether a is trained with the hidden layers; not with two layers, whose signs
 *     are fixed
 */
public record DeepNetwork(
    Architecture architecture,
    int width,
    int depth,
    int inputSize,
    int positions,
    int window,
    Activation activation,
    double residualScale,
    boolean trainsOutput) {

  /**
   * One hidden layer.
   *
   * @param fanIn entries of φ(x^(h−1)) at a position: columns of W^(h)
   * @param skip whether x^(h−1) is added
   * @param gain γ_h
   */
  public record Layer(int fanIn, boolean skip, double gain) {}

  public DeepNetwork {
    boolean convolves = architecture == Architecture.CONV_RESNET;
    if (width < 1
        || depth < 1
        || inputSize < 1
        || positions < 1
        || window < 1
        || window % 2 == 0
        || inputSize % positions != 0
        || !(residualScale > 0 && residualScale < 1)) {
      throw new IllegalArgumentException(
          "width %d, depth %d, input %d in %d positions, window %d, residual scale %s"
              .formatted(width, depth, inputSize, positions, window, residualScale));
    }
    if (!convolves && (positions > 1 || window > 1)) {
      throw new IllegalArgumentException("positions without convolution");
    }
    if (architecture == Architecture.TWO_LAYER && (depth != 1 || trainsOutput)) {
      throw new IllegalArgumentException("two layers of depth " + depth + ", or signs trained");
    }
  }

  /** Of which everything is trained but the signs of two layers. */
  public DeepNetwork(
      Architecture architecture,
      int width,
      int depth,
      int inputSize,
      int positions,
      int window,
      Activation activation,
      double residualScale) {
    this(
        architecture,
        width,
        depth,
        inputSize,
        positions,
        window,
        activation,
        residualScale,
        architecture != Architecture.TWO_LAYER);
  }

  /** Layer h = 1 … H. */
  public Layer layer(int h) {
    int fanIn = window * (h == 1 ? inputSize / positions : width);
    boolean residual =
        architecture == Architecture.RESNET || architecture == Architecture.CONV_RESNET;
    if (architecture == Architecture.TWO_LAYER) {
      return new Layer(fanIn, false, 1);
    }
    return residual && h > 1
        ? new Layer(fanIn, true, residualScale / depth)
        : new Layer(fanIn, false, Math.sqrt(activation.normalization()));
  }

  /** Entries of a column of x^(h): d∕P for h = 0, m from there on. */
  public int channels(int h) {
    return h == 0 ? inputSize / positions : width;
  }

  /** Weights of layer h = 1 … H, row-major m × fan-in. */
  public int weights(int h) {
    return Math.multiplyExact(width, layer(h).fanIn());
  }

  /** Output weights a, P·m: position after position. */
  public int outputs() {
    return Math.multiplyExact(positions, width);
  }
}
