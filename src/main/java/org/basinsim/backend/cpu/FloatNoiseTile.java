package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/**
 * Points uniform in the unit balls of filters and of output weights, as far as a step sees them, in
 * lanes: the words and formulas of the reference's noisy descent.
 *
 * <p>Of vector v they stand at {@code points[8 v L …]}, a vector each: two components of the
 * filter's point, two of the output weights' along the teacher's axes, two beside these in units of
 * the radius left, and the squared norms of what is left of filter and output weights, each in
 * units of what its ball has left.
 */
final class FloatNoiseTile {
  private static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
  private static final int LENGTH = FloatLanes.LENGTH;
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  /** Vectors of numbers for each vector of restarts. */
  static final int WORDS = 8;

  private final long key;
  private final int p;
  private final int k;

  final float[] points;

  /** Squared radii that are left of the unit ball: beside the filter's plane. */
  final float[] filterLeft;

  /** Beside the plane of the teacher's axes. */
  final float[] outputLeft;

  /** Beside both planes of output weights, in units of what the first has left. */
  final float[] restLeft;

  private final int[][] step;
  private final int[][] streamLow;
  private final int[][] streamHigh;

  /** The first block of a step. */
  private final int[] blocks = new int[LENGTH];

  /**
   * @param vectors of restarts at most
   */
  FloatNoiseTile(long key, int p, int k, int vectors) {
    this.key = key;
    this.p = p;
    this.k = k;
    this.points = new float[vectors * WORDS * LENGTH];
    this.filterLeft = new float[vectors * LENGTH];
    this.outputLeft = new float[vectors * LENGTH];
    this.restLeft = new float[vectors * LENGTH];
    this.step = new int[vectors][LENGTH];
    this.streamLow = new int[vectors][LENGTH];
    this.streamHigh = new int[vectors][LENGTH];
  }

  /** What a lane draws next: the step of a restart. */
  void name(int lane, long restart, int number) {
    int vector = lane / LENGTH;
    int at = lane % LENGTH;
    step[vector][at] = number;
    streamLow[vector][at] = Philox.streamLow(restart);
    streamHigh[vector][at] = Philox.streamHigh(restart, Purpose.NOISE);
  }

  /** Draws for the lanes of the first vectors. */
  void draw(int vectors) {
    for (int v = 0; v < vectors; v++) {
      PhiloxLanes.words(
          points,
          v * WORDS * LENGTH,
          WORDS / 4,
          key,
          blocks,
          1,
          step[v],
          streamLow[v],
          streamHigh[v]);
    }
    ball(0, p, vectors, filterLeft);
    ball(2, k, vectors, outputLeft);
    ball(4, k - 2, vectors, restLeft);
    norms(6, p - 2, vectors);
    norms(7, k - 4, vectors);
  }

  /** Two components of points of the unit ball of R^d, and the squared radius left beside them. */
  private void ball(int place, int d, int vectors, float[] left) {
    int from = place * LENGTH;
    int to = vectors * WORDS * LENGTH;
    if (d < 2) {
      for (int v = 0; v < vectors; v++) {
        int at = from + v * WORDS * LENGTH;
        if (d == 1) {
          FloatLanes.symmetric(points, at);
        } else {
          ZERO.intoArray(points, at);
        }
        ZERO.intoArray(points, at + LENGTH);
        ZERO.intoArray(left, v * LENGTH);
      }
      return;
    }
    FloatLanes.exponentials(points, from, to, WORDS);
    FloatLanes.complements(points, from, to, WORDS, 2f / d);
    for (int v = 0; v < vectors; v++) {
      int at = from + v * WORDS * LENGTH;
      FloatVector part = FloatVector.fromArray(SPECIES, points, at);
      (d == 2 ? ZERO : ONE.sub(part)).intoArray(left, v * LENGTH);
      FloatLanes.turns(points, at, at + 2 * LENGTH);
    }
  }

  /** Squared norms of points of the unit ball of R^d, 0 where there is no room. */
  private void norms(int place, int d, int vectors) {
    int from = place * LENGTH;
    int to = vectors * WORDS * LENGTH;
    if (d >= 1) {
      FloatLanes.exponentials(points, from, to, WORDS);
      FloatLanes.complements(points, from, to, WORDS, 2f / d);
    }
    for (int at = from; at < to; at += WORDS * LENGTH) {
      FloatVector squared = d < 1 ? ZERO : ONE.sub(FloatVector.fromArray(SPECIES, points, at));
      squared.intoArray(points, at);
    }
  }
}
