package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Forward and backward pass of a {@link FloatTile} whose restarts all see the same inputs: products
 * of the matrix of inputs with those of filters and of weighted activations, in blocks of four
 * vectors of restarts by four patches or coordinates, whose sixteen sums stay in registers. An
 * input is read once for four vectors of restarts, a vector of restarts once for four inputs.
 *
 * <p>Inputs are patches × p, row-major. Blocks at the edge run over it: they read up to {@link
 * #slack} numbers beyond and leave sums that nobody uses.
 */
final class FloatSharedTile {
  private static final VectorSpecies<Float> SPECIES = FloatTile.SPECIES;
  private static final int LENGTH = FloatTile.LENGTH;
  private static final int LANES = FloatTile.LANES;
  private static final int FIRST = FloatTile.FIRST;
  private static final int BLOCK = 4;

  private FloatSharedTile() {}

  /** Numbers that must follow the last input. */
  static int slack(int p) {
    return BLOCK * p;
  }

  /**
   * Adds the inputs of a chunk to residuals and gradient of a tile.
   *
   * @param z inputs, from {@code from} on inputs × k × p
   * @param labels from {@code label} on one an input
   */
  static void add(
      FloatTile tile, float[] z, int from, float[] labels, int label, int inputs, int k, int p) {
    int patches = inputs * k;
    for (int n = 0; n < patches; n += BLOCK) {
      forward(tile.unit, p, z, from + n * p, tile.hidden, FIRST + n * LANES, tile.leaks());
    }
    tile.leak(FIRST, patches, LANES);
    for (int b = 0; b < inputs; b++) {
      FloatVector minus = FloatVector.broadcast(SPECIES, -labels[label + b]);
      for (int i = 0; i < LANES; i += LENGTH) {
        minus.intoArray(tile.residual, FIRST + b * LANES + i);
      }
    }
    tile.weigh(inputs);
    for (int c = 0; c < p; c += BLOCK) {
      backward(tile.hidden, patches, z, from + c, p, tile.gradient, FIRST + c * LANES);
    }
  }

  /** σ(w·Z_n), or w·Z_n where it leaks, for four patches n, each p numbers from {@code from} on. */
  private static void forward(
      float[] w, int p, float[] z, int from, float[] h, int to, boolean leaks) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s03 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s13 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    FloatVector s23 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s32 = FloatVector.zero(SPECIES);
    FloatVector s33 = FloatVector.zero(SPECIES);
    for (int c = 0; c < p; c++) {
      int at = FIRST + c * LANES;
      FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
      FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + LENGTH);
      FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * LENGTH);
      FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * LENGTH);
      FloatVector z0 = FloatVector.broadcast(SPECIES, z[from + c]);
      s00 = w0.fma(z0, s00);
      s10 = w1.fma(z0, s10);
      s20 = w2.fma(z0, s20);
      s30 = w3.fma(z0, s30);
      FloatVector z1 = FloatVector.broadcast(SPECIES, z[from + p + c]);
      s01 = w0.fma(z1, s01);
      s11 = w1.fma(z1, s11);
      s21 = w2.fma(z1, s21);
      s31 = w3.fma(z1, s31);
      FloatVector z2 = FloatVector.broadcast(SPECIES, z[from + 2 * p + c]);
      s02 = w0.fma(z2, s02);
      s12 = w1.fma(z2, s12);
      s22 = w2.fma(z2, s22);
      s32 = w3.fma(z2, s32);
      FloatVector z3 = FloatVector.broadcast(SPECIES, z[from + 3 * p + c]);
      s03 = w0.fma(z3, s03);
      s13 = w1.fma(z3, s13);
      s23 = w2.fma(z3, s23);
      s33 = w3.fma(z3, s33);
    }
    if (leaks) {
      s00.intoArray(h, to);
      s10.intoArray(h, to + LENGTH);
      s20.intoArray(h, to + 2 * LENGTH);
      s30.intoArray(h, to + 3 * LENGTH);
      s01.intoArray(h, to + 4 * LENGTH);
      s11.intoArray(h, to + 5 * LENGTH);
      s21.intoArray(h, to + 6 * LENGTH);
      s31.intoArray(h, to + 7 * LENGTH);
      s02.intoArray(h, to + 8 * LENGTH);
      s12.intoArray(h, to + 9 * LENGTH);
      s22.intoArray(h, to + 10 * LENGTH);
      s32.intoArray(h, to + 11 * LENGTH);
      s03.intoArray(h, to + 12 * LENGTH);
      s13.intoArray(h, to + 13 * LENGTH);
      s23.intoArray(h, to + 14 * LENGTH);
      s33.intoArray(h, to + 15 * LENGTH);
      return;
    }
    zero.blend(s00, s00.compare(GT, zero)).intoArray(h, to);
    zero.blend(s10, s10.compare(GT, zero)).intoArray(h, to + LENGTH);
    zero.blend(s20, s20.compare(GT, zero)).intoArray(h, to + 2 * LENGTH);
    zero.blend(s30, s30.compare(GT, zero)).intoArray(h, to + 3 * LENGTH);
    zero.blend(s01, s01.compare(GT, zero)).intoArray(h, to + 4 * LENGTH);
    zero.blend(s11, s11.compare(GT, zero)).intoArray(h, to + 5 * LENGTH);
    zero.blend(s21, s21.compare(GT, zero)).intoArray(h, to + 6 * LENGTH);
    zero.blend(s31, s31.compare(GT, zero)).intoArray(h, to + 7 * LENGTH);
    zero.blend(s02, s02.compare(GT, zero)).intoArray(h, to + 8 * LENGTH);
    zero.blend(s12, s12.compare(GT, zero)).intoArray(h, to + 9 * LENGTH);
    zero.blend(s22, s22.compare(GT, zero)).intoArray(h, to + 10 * LENGTH);
    zero.blend(s32, s32.compare(GT, zero)).intoArray(h, to + 11 * LENGTH);
    zero.blend(s03, s03.compare(GT, zero)).intoArray(h, to + 12 * LENGTH);
    zero.blend(s13, s13.compare(GT, zero)).intoArray(h, to + 13 * LENGTH);
    zero.blend(s23, s23.compare(GT, zero)).intoArray(h, to + 14 * LENGTH);
    zero.blend(s33, s33.compare(GT, zero)).intoArray(h, to + 15 * LENGTH);
  }

  /**
   * Σ_n h_n Z_nc for four coordinates c; row n of inputs is p numbers from {@code from} + np on.
   */
  private static void backward(
      float[] h, int patches, float[] z, int from, int p, float[] g, int to) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, g, to);
    FloatVector s10 = FloatVector.fromArray(SPECIES, g, to + LENGTH);
    FloatVector s20 = FloatVector.fromArray(SPECIES, g, to + 2 * LENGTH);
    FloatVector s30 = FloatVector.fromArray(SPECIES, g, to + 3 * LENGTH);
    FloatVector s01 = FloatVector.fromArray(SPECIES, g, to + 4 * LENGTH);
    FloatVector s11 = FloatVector.fromArray(SPECIES, g, to + 5 * LENGTH);
    FloatVector s21 = FloatVector.fromArray(SPECIES, g, to + 6 * LENGTH);
    FloatVector s31 = FloatVector.fromArray(SPECIES, g, to + 7 * LENGTH);
    FloatVector s02 = FloatVector.fromArray(SPECIES, g, to + 8 * LENGTH);
    FloatVector s12 = FloatVector.fromArray(SPECIES, g, to + 9 * LENGTH);
    FloatVector s22 = FloatVector.fromArray(SPECIES, g, to + 10 * LENGTH);
    FloatVector s32 = FloatVector.fromArray(SPECIES, g, to + 11 * LENGTH);
    FloatVector s03 = FloatVector.fromArray(SPECIES, g, to + 12 * LENGTH);
    FloatVector s13 = FloatVector.fromArray(SPECIES, g, to + 13 * LENGTH);
    FloatVector s23 = FloatVector.fromArray(SPECIES, g, to + 14 * LENGTH);
    FloatVector s33 = FloatVector.fromArray(SPECIES, g, to + 15 * LENGTH);
    for (int n = 0; n < patches; n++) {
      int at = FIRST + n * LANES;
      int row = from + n * p;
      FloatVector h0 = FloatVector.fromArray(SPECIES, h, at);
      FloatVector h1 = FloatVector.fromArray(SPECIES, h, at + LENGTH);
      FloatVector h2 = FloatVector.fromArray(SPECIES, h, at + 2 * LENGTH);
      FloatVector h3 = FloatVector.fromArray(SPECIES, h, at + 3 * LENGTH);
      FloatVector z0 = FloatVector.broadcast(SPECIES, z[row]);
      s00 = h0.fma(z0, s00);
      s10 = h1.fma(z0, s10);
      s20 = h2.fma(z0, s20);
      s30 = h3.fma(z0, s30);
      FloatVector z1 = FloatVector.broadcast(SPECIES, z[row + 1]);
      s01 = h0.fma(z1, s01);
      s11 = h1.fma(z1, s11);
      s21 = h2.fma(z1, s21);
      s31 = h3.fma(z1, s31);
      FloatVector z2 = FloatVector.broadcast(SPECIES, z[row + 2]);
      s02 = h0.fma(z2, s02);
      s12 = h1.fma(z2, s12);
      s22 = h2.fma(z2, s22);
      s32 = h3.fma(z2, s32);
      FloatVector z3 = FloatVector.broadcast(SPECIES, z[row + 3]);
      s03 = h0.fma(z3, s03);
      s13 = h1.fma(z3, s13);
      s23 = h2.fma(z3, s23);
      s33 = h3.fma(z3, s33);
    }
    s00.intoArray(g, to);
    s10.intoArray(g, to + LENGTH);
    s20.intoArray(g, to + 2 * LENGTH);
    s30.intoArray(g, to + 3 * LENGTH);
    s01.intoArray(g, to + 4 * LENGTH);
    s11.intoArray(g, to + 5 * LENGTH);
    s21.intoArray(g, to + 6 * LENGTH);
    s31.intoArray(g, to + 7 * LENGTH);
    s02.intoArray(g, to + 8 * LENGTH);
    s12.intoArray(g, to + 9 * LENGTH);
    s22.intoArray(g, to + 10 * LENGTH);
    s32.intoArray(g, to + 11 * LENGTH);
    s03.intoArray(g, to + 12 * LENGTH);
    s13.intoArray(g, to + 13 * LENGTH);
    s23.intoArray(g, to + 14 * LENGTH);
    s33.intoArray(g, to + 15 * LENGTH);
  }
}
