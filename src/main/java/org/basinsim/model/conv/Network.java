package org.basinsim.model.conv;

/**
 * What the network computes of an input, beside the number and size of its patches, which the
 * teacher fixes.
 *
 * @param output what stands behind the hidden layer
 * @param stride from the first number of a patch to that of the next, at least 1; the patch size
 *     where patches do not overlap
 * @param slope α of the activation σ(z) = z above zero and αz below, 0 ≤ α < 1; 0 for ReLU
 */
public record Network(ConvOutput output, int stride, double slope) {

  public Network {
    if (stride < 1 || !(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException("stride " + stride + ", slope " + slope);
    }
  }

  /** With ReLU. */
  public Network(ConvOutput output, int stride) {
    this(output, stride, 0);
  }

  /** σ(z). */
  public double activation(double z) {
    return z > 0 ? z : slope * z;
  }

  /** σ′(z), at 0 that from below. */
  public double steepness(double z) {
    return z > 0 ? 1 : slope;
  }

  /** σ, and what its population formulas need of it. */
  public Activation activation() {
    return new Activation(slope);
  }
}
