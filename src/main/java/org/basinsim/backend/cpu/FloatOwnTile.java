package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Labels, forward and backward pass of one vector of a {@link FloatTile} whose restarts see inputs
 * of their own. Each lane does exactly what {@link FloatSharedTile} does for it, in the same order.
 *
 * <p>Inputs are patches × p vectors. Blocks at the edge run over them: they read up to {@link
 * #slack} numbers beyond and leave sums that nobody uses.
 */
final class FloatOwnTile {
  private static final VectorSpecies<Float> SPECIES = FloatTile.SPECIES;
  private static final int LENGTH = FloatTile.LENGTH;
  private static final int LANES = FloatTile.LANES;
  private static final int FIRST = FloatTile.FIRST;
  private static final int BLOCK = 4;

  private FloatOwnTile() {}

  /** Numbers that must follow the last input. */
  static int slack(int p) {
    return BLOCK * p * LENGTH;
  }

  /** σ(w·Z_n) for every patch n of the vector at {@code lane}, inputs from {@code from} on. */
  static void forward(FloatTile tile, int lane, float[] z, int from, int patches, int p) {
    for (int n = 0; n < patches; n += BLOCK) {
      forward(
          tile.unit,
          lane,
          p,
          z,
          from + n * p * LENGTH,
          tile.hidden,
          FIRST + n * LANES + lane,
          tile.leaks());
    }
    tile.leak(FIRST + lane, patches, LENGTH);
  }

  private static void forward(
      float[] w, int lane, int p, float[] z, int from, float[] h, int to, boolean leaks) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    FloatVector s2 = FloatVector.zero(SPECIES);
    FloatVector s3 = FloatVector.zero(SPECIES);
    int row = p * LENGTH;
    for (int c = 0; c < p; c++) {
      FloatVector wc = FloatVector.fromArray(SPECIES, w, FIRST + c * LANES + lane);
      int at = from + c * LENGTH;
      s0 = wc.fma(FloatVector.fromArray(SPECIES, z, at), s0);
      s1 = wc.fma(FloatVector.fromArray(SPECIES, z, at + row), s1);
      s2 = wc.fma(FloatVector.fromArray(SPECIES, z, at + 2 * row), s2);
      s3 = wc.fma(FloatVector.fromArray(SPECIES, z, at + 3 * row), s3);
    }
    if (leaks) {
      s0.intoArray(h, to);
      s1.intoArray(h, to + LANES);
      s2.intoArray(h, to + 2 * LANES);
      s3.intoArray(h, to + 3 * LANES);
      return;
    }
    zero.blend(s0, s0.compare(GT, zero)).intoArray(h, to);
    zero.blend(s1, s1.compare(GT, zero)).intoArray(h, to + LANES);
    zero.blend(s2, s2.compare(GT, zero)).intoArray(h, to + 2 * LANES);
    zero.blend(s3, s3.compare(GT, zero)).intoArray(h, to + 3 * LANES);
  }

  /** Minus the teacher's labels in place of residuals. */
  static void label(
      FloatTile tile, int lane, float[] z, int from, int inputs, float[] filter, float[] output) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int p = filter.length;
    int k = output.length;
    for (int b = 0; b < inputs; b++) {
      FloatVector label = zero;
      for (int j = 0; j < k; j++) {
        FloatVector sum = zero;
        int row = from + (b * k + j) * p * LENGTH;
        for (int c = 0; c < p; c++) {
          FloatVector input = FloatVector.fromArray(SPECIES, z, row + c * LENGTH);
          sum = input.fma(FloatVector.broadcast(SPECIES, filter[c]), sum);
        }
        FloatVector active = sum.mul(tile.slope).blend(sum, sum.compare(GT, zero));
        label = active.fma(FloatVector.broadcast(SPECIES, output[j]), label);
      }
      label.neg().intoArray(tile.residual, FIRST + b * LANES + lane);
    }
  }

  /** Adds Σ_n h_n Z_n to G. */
  static void backward(FloatTile tile, int lane, float[] z, int from, int patches, int p) {
    for (int c = 0; c < p; c += BLOCK) {
      int at = from + c * LENGTH;
      backward(tile.hidden, lane, patches, z, at, p, tile.gradient, FIRST + c * LANES + lane);
    }
  }

  private static void backward(
      float[] h, int lane, int patches, float[] z, int from, int p, float[] g, int to) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, g, to);
    FloatVector s1 = FloatVector.fromArray(SPECIES, g, to + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, g, to + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, g, to + 3 * LANES);
    for (int n = 0; n < patches; n++) {
      FloatVector hn = FloatVector.fromArray(SPECIES, h, FIRST + n * LANES + lane);
      int at = from + n * p * LENGTH;
      s0 = hn.fma(FloatVector.fromArray(SPECIES, z, at), s0);
      s1 = hn.fma(FloatVector.fromArray(SPECIES, z, at + LENGTH), s1);
      s2 = hn.fma(FloatVector.fromArray(SPECIES, z, at + 2 * LENGTH), s2);
      s3 = hn.fma(FloatVector.fromArray(SPECIES, z, at + 3 * LENGTH), s3);
    }
    s0.intoArray(g, to);
    s1.intoArray(g, to + LANES);
    s2.intoArray(g, to + 2 * LANES);
    s3.intoArray(g, to + 3 * LANES);
  }
}
