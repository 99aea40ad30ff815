package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products of a fully connected layer, from registers: tiles of {@value #ROWS} rows by
 * two vectors, every sum in ascending order of its index, so that a number depends on nothing but
 * the two vectors that it is the product of.
 *
 * <p>Weights V = Wᵀ are kept in panels of {@link #PANEL} units: entry (c, r), of input c and unit
 * r, stands at ((r div PANEL)·fanIn + c)·PANEL + r mod PANEL. So a tile's weights lie one behind
 * another, and no product needs a copy of them. Fan-in and rows are multiples of {@value #ROWS},
 * widths of PANEL; what is filled up with is zero. All matrices are row-major from {@link #FIRST}
 * on.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatLayerTile {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();

  /** Where the numbers of every matrix begin: so that its vectors do not straddle cache lines. */
  static final int FIRST = FloatTile.FIRST;

  /** Units of a panel: two vectors. */
  static final int PANEL = 2 * LENGTH;

  /** Rows of a tile: sixteen sums suffice to hide the latency of any processor's multiply-add. */
  static final int ROWS = 8;

  private FloatLayerTile() {}

  /** Room for a matrix, all zeros. */
  static float[] matrix(int rows, int columns) {
    return new float[FIRST + Math.multiplyExact(rows, columns)];
  }

  /** The least multiple of {@code of} that is not below {@code length}. */
  static int filled(int length, int of) {
    return Math.ceilDiv(length, of) * of;
  }

  /**
   * Z = Φ V.
   *
   * @param v weights, fanIn × width
   * @param phi inputs, rows × fanIn, {@code stride} apart
   * @param z result, rows × width
   */
  static void forward(
      float[] v, int fanIn, int width, float[] phi, int stride, int rows, float[] z) {
    for (int r = 0; r < width; r += PANEL) {
      for (int i = 0; i < rows; i += ROWS) {
        forward(
            v,
            FIRST + r * fanIn,
            fanIn,
            phi,
            FIRST + i * stride,
            stride,
            z,
            FIRST + i * width + r,
            width);
      }
    }
  }

  private static void forward(
      float[] v,
      int from,
      int fanIn,
      float[] phi,
      int row,
      int stride,
      float[] z,
      int to,
      int ldz) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    FloatVector s60 = s00;
    FloatVector s61 = s00;
    FloatVector s70 = s00;
    FloatVector s71 = s00;
    for (int c = 0; c < fanIn; c++) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, v, from + c * PANEL);
      FloatVector v1 = FloatVector.fromArray(SPECIES, v, from + c * PANEL + LENGTH);
      FloatVector a = FloatVector.broadcast(SPECIES, phi[row + c]);
      s00 = a.fma(v0, s00);
      s01 = a.fma(v1, s01);
      a = FloatVector.broadcast(SPECIES, phi[row + stride + c]);
      s10 = a.fma(v0, s10);
      s11 = a.fma(v1, s11);
      a = FloatVector.broadcast(SPECIES, phi[row + 2 * stride + c]);
      s20 = a.fma(v0, s20);
      s21 = a.fma(v1, s21);
      a = FloatVector.broadcast(SPECIES, phi[row + 3 * stride + c]);
      s30 = a.fma(v0, s30);
      s31 = a.fma(v1, s31);
      a = FloatVector.broadcast(SPECIES, phi[row + 4 * stride + c]);
      s40 = a.fma(v0, s40);
      s41 = a.fma(v1, s41);
      a = FloatVector.broadcast(SPECIES, phi[row + 5 * stride + c]);
      s50 = a.fma(v0, s50);
      s51 = a.fma(v1, s51);
      a = FloatVector.broadcast(SPECIES, phi[row + 6 * stride + c]);
      s60 = a.fma(v0, s60);
      s61 = a.fma(v1, s61);
      a = FloatVector.broadcast(SPECIES, phi[row + 7 * stride + c]);
      s70 = a.fma(v0, s70);
      s71 = a.fma(v1, s71);
    }
    store(z, to, s00, s01);
    store(z, to + ldz, s10, s11);
    store(z, to + 2 * ldz, s20, s21);
    store(z, to + 3 * ldz, s30, s31);
    store(z, to + 4 * ldz, s40, s41);
    store(z, to + 5 * ldz, s50, s51);
    store(z, to + 6 * ldz, s60, s61);
    store(z, to + 7 * ldz, s70, s71);
  }

  /**
   * Bᵀ = V Δᵀ, what reaches the layer's inputs.
   *
   * @param width units that are summed over, those filled up with left out
   * @param delta Δᵀ, width × samples
   * @param samples a multiple of LENGTH: from one row of Δᵀ and Bᵀ to the next
   * @param back result, fanIn × samples
   */
  static void backward(float[] v, int fanIn, int width, float[] delta, int samples, float[] back) {
    for (int i = 0; i < samples; i += PANEL) {
      // An odd vector at the end goes with the one before it, whose sums are made again.
      int at = samples < PANEL ? i : Math.min(i, samples - PANEL);
      for (int c = 0; c < fanIn; c += ROWS) {
        if (samples < PANEL) {
          backwardOne(v, c, fanIn, width, delta, samples, back, FIRST + c * samples);
        } else {
          backward(v, c, fanIn, width, delta, FIRST + at, samples, back, FIRST + c * samples + at);
        }
      }
    }
  }

  private static void backward(
      float[] v,
      int c,
      int fanIn,
      int width,
      float[] delta,
      int at,
      int samples,
      float[] back,
      int to) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    FloatVector s60 = s00;
    FloatVector s61 = s00;
    FloatVector s70 = s00;
    FloatVector s71 = s00;
    for (int r = 0; r < width; r += PANEL) {
      int weight = FIRST + r * fanIn + c * PANEL;
      int row = r * samples + at;
      int units = Math.min(PANEL, width - r);
      for (int u = 0; u < units; u++) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, delta, row + u * samples);
        FloatVector d1 = FloatVector.fromArray(SPECIES, delta, row + u * samples + LENGTH);
        FloatVector a = FloatVector.broadcast(SPECIES, v[weight + u]);
        s00 = a.fma(d0, s00);
        s01 = a.fma(d1, s01);
        a = FloatVector.broadcast(SPECIES, v[weight + PANEL + u]);
        s10 = a.fma(d0, s10);
        s11 = a.fma(d1, s11);
        a = FloatVector.broadcast(SPECIES, v[weight + 2 * PANEL + u]);
        s20 = a.fma(d0, s20);
        s21 = a.fma(d1, s21);
        a = FloatVector.broadcast(SPECIES, v[weight + 3 * PANEL + u]);
        s30 = a.fma(d0, s30);
        s31 = a.fma(d1, s31);
        a = FloatVector.broadcast(SPECIES, v[weight + 4 * PANEL + u]);
        s40 = a.fma(d0, s40);
        s41 = a.fma(d1, s41);
        a = FloatVector.broadcast(SPECIES, v[weight + 5 * PANEL + u]);
        s50 = a.fma(d0, s50);
        s51 = a.fma(d1, s51);
        a = FloatVector.broadcast(SPECIES, v[weight + 6 * PANEL + u]);
        s60 = a.fma(d0, s60);
        s61 = a.fma(d1, s61);
        a = FloatVector.broadcast(SPECIES, v[weight + 7 * PANEL + u]);
        s70 = a.fma(d0, s70);
        s71 = a.fma(d1, s71);
      }
    }
    store(back, to, s00, s01);
    store(back, to + samples, s10, s11);
    store(back, to + 2 * samples, s20, s21);
    store(back, to + 3 * samples, s30, s31);
    store(back, to + 4 * samples, s40, s41);
    store(back, to + 5 * samples, s50, s51);
    store(back, to + 6 * samples, s60, s61);
    store(back, to + 7 * samples, s70, s71);
  }

  /** The same where all samples are one vector. */
  private static void backwardOne(
      float[] v, int c, int fanIn, int width, float[] delta, int samples, float[] back, int to) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int r = 0; r < width; r += PANEL) {
      int weight = FIRST + r * fanIn + c * PANEL;
      int units = Math.min(PANEL, width - r);
      for (int u = 0; u < units; u++) {
        FloatVector d = FloatVector.fromArray(SPECIES, delta, FIRST + (r + u) * samples);
        s0 = FloatVector.broadcast(SPECIES, v[weight + u]).fma(d, s0);
        s1 = FloatVector.broadcast(SPECIES, v[weight + PANEL + u]).fma(d, s1);
        s2 = FloatVector.broadcast(SPECIES, v[weight + 2 * PANEL + u]).fma(d, s2);
        s3 = FloatVector.broadcast(SPECIES, v[weight + 3 * PANEL + u]).fma(d, s3);
        s4 = FloatVector.broadcast(SPECIES, v[weight + 4 * PANEL + u]).fma(d, s4);
        s5 = FloatVector.broadcast(SPECIES, v[weight + 5 * PANEL + u]).fma(d, s5);
        s6 = FloatVector.broadcast(SPECIES, v[weight + 6 * PANEL + u]).fma(d, s6);
        s7 = FloatVector.broadcast(SPECIES, v[weight + 7 * PANEL + u]).fma(d, s7);
      }
    }
    s0.intoArray(back, to);
    s1.intoArray(back, to + samples);
    s2.intoArray(back, to + 2 * samples);
    s3.intoArray(back, to + 3 * samples);
    s4.intoArray(back, to + 4 * samples);
    s5.intoArray(back, to + 5 * samples);
    s6.intoArray(back, to + 6 * samples);
    s7.intoArray(back, to + 7 * samples);
  }

  /**
   * V ← V + Φᵀ Δ, the step of the weights.
   *
   * @param phi inputs, samples × fanIn, {@code stride} apart
   * @param delta −η r_i δ_i, samples × width
   * @param samples that are summed over, those filled up with left out
   */
  static void update(
      float[] v, int fanIn, int width, float[] phi, int stride, float[] delta, int samples) {
    for (int r = 0; r < width; r += PANEL) {
      for (int c = 0; c < fanIn; c += ROWS) {
        update(
            v,
            FIRST + r * fanIn + c * PANEL,
            phi,
            FIRST + c,
            stride,
            delta,
            FIRST + r,
            width,
            samples);
      }
    }
  }

  private static void update(
      float[] v,
      int at,
      float[] phi,
      int c,
      int stride,
      float[] delta,
      int r,
      int width,
      int samples) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, v, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, v, at + LENGTH);
    FloatVector s10 = FloatVector.fromArray(SPECIES, v, at + PANEL);
    FloatVector s11 = FloatVector.fromArray(SPECIES, v, at + PANEL + LENGTH);
    FloatVector s20 = FloatVector.fromArray(SPECIES, v, at + 2 * PANEL);
    FloatVector s21 = FloatVector.fromArray(SPECIES, v, at + 2 * PANEL + LENGTH);
    FloatVector s30 = FloatVector.fromArray(SPECIES, v, at + 3 * PANEL);
    FloatVector s31 = FloatVector.fromArray(SPECIES, v, at + 3 * PANEL + LENGTH);
    FloatVector s40 = FloatVector.fromArray(SPECIES, v, at + 4 * PANEL);
    FloatVector s41 = FloatVector.fromArray(SPECIES, v, at + 4 * PANEL + LENGTH);
    FloatVector s50 = FloatVector.fromArray(SPECIES, v, at + 5 * PANEL);
    FloatVector s51 = FloatVector.fromArray(SPECIES, v, at + 5 * PANEL + LENGTH);
    FloatVector s60 = FloatVector.fromArray(SPECIES, v, at + 6 * PANEL);
    FloatVector s61 = FloatVector.fromArray(SPECIES, v, at + 6 * PANEL + LENGTH);
    FloatVector s70 = FloatVector.fromArray(SPECIES, v, at + 7 * PANEL);
    FloatVector s71 = FloatVector.fromArray(SPECIES, v, at + 7 * PANEL + LENGTH);
    for (int i = 0; i < samples; i++) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, delta, i * width + r);
      FloatVector d1 = FloatVector.fromArray(SPECIES, delta, i * width + r + LENGTH);
      int row = i * stride + c;
      FloatVector a = FloatVector.broadcast(SPECIES, phi[row]);
      s00 = a.fma(d0, s00);
      s01 = a.fma(d1, s01);
      a = FloatVector.broadcast(SPECIES, phi[row + 1]);
      s10 = a.fma(d0, s10);
      s11 = a.fma(d1, s11);
      a = FloatVector.broadcast(SPECIES, phi[row + 2]);
      s20 = a.fma(d0, s20);
      s21 = a.fma(d1, s21);
      a = FloatVector.broadcast(SPECIES, phi[row + 3]);
      s30 = a.fma(d0, s30);
      s31 = a.fma(d1, s31);
      a = FloatVector.broadcast(SPECIES, phi[row + 4]);
      s40 = a.fma(d0, s40);
      s41 = a.fma(d1, s41);
      a = FloatVector.broadcast(SPECIES, phi[row + 5]);
      s50 = a.fma(d0, s50);
      s51 = a.fma(d1, s51);
      a = FloatVector.broadcast(SPECIES, phi[row + 6]);
      s60 = a.fma(d0, s60);
      s61 = a.fma(d1, s61);
      a = FloatVector.broadcast(SPECIES, phi[row + 7]);
      s70 = a.fma(d0, s70);
      s71 = a.fma(d1, s71);
    }
    store(v, at, s00, s01);
    store(v, at + PANEL, s10, s11);
    store(v, at + 2 * PANEL, s20, s21);
    store(v, at + 3 * PANEL, s30, s31);
    store(v, at + 4 * PANEL, s40, s41);
    store(v, at + 5 * PANEL, s50, s51);
    store(v, at + 6 * PANEL, s60, s61);
    store(v, at + 7 * PANEL, s70, s71);
  }

  private static void store(float[] to, int at, FloatVector first, FloatVector second) {
    first.intoArray(to, at);
    second.intoArray(to, at + LENGTH);
  }
}
