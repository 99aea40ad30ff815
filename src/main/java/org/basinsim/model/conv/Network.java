package org.basinsim.model.conv;

/**
 * What the network computes of an input, beside the number and size of its patches, which the
 * teacher fixes.
 *
 * @param output what stands behind the hidden layer
 * @param stride from the first number of a patch to that of the next, at least 1; the patch size
 *     where patches do not overlap
 */
public record Network(ConvOutput output, int stride) {

  public Network {
    if (stride < 1) {
      throw new IllegalArgumentException("stride " + stride);
    }
  }
}
