package org.basinsim.backend.cpu;

import static org.basinsim.backend.cpu.FloatLanes.BLOCK;
import static org.basinsim.backend.cpu.FloatLanes.LENGTH;
import static org.basinsim.backend.cpu.FloatLanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/**
 * Random numbers a vector at a time: the same bits as {@code Gaussian.fill} and {@code ChiSquare}
 * give in this precision. Made of the short passes of {@link FloatLanes}: words, squared radii,
 * normals, and, where they are to stand in natural order, an interleaving.
 */
final class FloatDraws {
  /**
   * Blocks that go through all passes before the next are begun: at most 16 KiB, well within the L1
   * cache.
   */
  private static final int CHUNK = 2048 / BLOCK;

  private FloatDraws() {}

  /**
   * Fills {@code target[offset .. offset + count - 1]} with the normals of one stream in natural
   * order: normal i is normal i mod 4 of Philox lane firstLane + i div 4.
   *
   * @throws IllegalArgumentException if the stream is out of range
   */
  static void fillNormals(
      float[] target,
      int offset,
      int count,
      long key,
      long stream,
      Purpose purpose,
      int step,
      int firstLane) {
    fill(target, offset, count, DrawLaw.NORMAL, key, stream, purpose, step, firstLane);
  }

  /** The same by another law: number i is made of lane firstLane + i div 4. */
  static void fill(
      float[] target,
      int offset,
      int count,
      DrawLaw law,
      long key,
      long stream,
      Purpose purpose,
      int step,
      int firstLane) {
    int[] c0 = new int[LENGTH];
    int[] c1 = new int[LENGTH];
    int[] c2 = new int[LENGTH];
    int[] c3 = new int[LENGTH];
    Arrays.fill(c1, step);
    Arrays.fill(c2, Philox.streamLow(stream));
    Arrays.fill(c3, Philox.streamHigh(stream, purpose));
    int whole = count / BLOCK;
    for (int done = 0; done < whole; done += CHUNK) {
      int blocks = Math.min(CHUNK, whole - done);
      int from = offset + done * BLOCK;
      countUp(c0, firstLane + done * LENGTH);
      PhiloxLanes.words(target, from, blocks, key, c0, LENGTH, c1, c2, c3);
      shape(target, from, from + blocks * BLOCK, law);
      FloatLanes.interleave(target, from, from + blocks * BLOCK);
    }
    int rest = count - whole * BLOCK;
    if (rest > 0) {
      float[] last = new float[BLOCK];
      countUp(c0, firstLane + whole * LENGTH);
      PhiloxLanes.words(last, 0, 1, key, c0, LENGTH, c1, c2, c3);
      shape(last, 0, BLOCK, law);
      FloatLanes.interleave(last, 0, BLOCK);
      System.arraycopy(last, 0, target, offset + whole * BLOCK, rest);
    }
  }

  /**
   * Draws normals for L restarts, each from its own stream: normal j of restart i stands at {@code
   * target[offset + j * L + i]}, for j from 0 to 4 * blocks − 1, and is normal j mod 4 of Philox
   * lane firstLane + j div 4.
   *
   * @param streamLow lower 32 bits of the L streams
   * @param streamHigh upper 16 bits of the L streams, 0 to 65535
   * @param step the L steps
   */
  static void normalsPerLane(
      float[] target,
      int offset,
      int blocks,
      long key,
      int[] streamLow,
      int[] streamHigh,
      Purpose purpose,
      int[] step,
      int firstLane) {
    fillPerLane(
        target,
        offset,
        blocks,
        DrawLaw.NORMAL,
        key,
        streamLow,
        streamHigh,
        purpose,
        step,
        firstLane);
  }

  /** The same by another law. */
  static void fillPerLane(
      float[] target,
      int offset,
      int blocks,
      DrawLaw law,
      long key,
      int[] streamLow,
      int[] streamHigh,
      Purpose purpose,
      int[] step,
      int firstLane) {
    int[] c0 = new int[LENGTH];
    int[] c3 = withPurpose(streamHigh, purpose);
    for (int done = 0; done < blocks; done += CHUNK) {
      int from = offset + done * BLOCK;
      int to = from + Math.min(CHUNK, blocks - done) * BLOCK;
      Arrays.fill(c0, firstLane + done);
      PhiloxLanes.words(target, from, (to - from) / BLOCK, key, c0, 1, step, streamLow, c3);
      shape(target, from, to, law);
    }
  }

  /** Turns words into numbers where they stand. */
  private static void shape(float[] target, int from, int to, DrawLaw law) {
    switch (law) {
      case NORMAL -> {
        FloatLanes.exponentials(target, from, to, 2);
        FloatLanes.turns(target, from, to);
      }
      case UNIFORM -> FloatLanes.uniforms(target, from, to);
      case SIGN -> FloatLanes.signs(target, from, to);
    }
  }

  /**
   * Draws a chi-square with n ≥ 0 degrees of freedom for each of L restarts to {@code target[offset
   * .. offset + L - 1]}; streams and steps as in {@link #normalsPerLane}.
   */
  static void chiSquarePerLane(
      float[] target,
      int offset,
      int n,
      long key,
      int[] streamLow,
      int[] streamHigh,
      Purpose purpose,
      int[] step) {
    int words = ChiSquare.words(n);
    int blocks = (words + 3) / 4;
    float[] terms = new float[blocks * BLOCK];
    int[] c3 = withPurpose(streamHigh, purpose);
    PhiloxLanes.words(terms, 0, blocks, key, new int[LENGTH], 1, step, streamLow, c3);
    FloatVector sum = FloatVector.zero(SPECIES);
    int first = n % 2 * 2 * LENGTH;
    if (n % 2 == 1) {
      FloatLanes.exponentials(terms, 0, LENGTH, 1);
      FloatLanes.turns(terms, 0, 2 * LENGTH);
      FloatVector normal = FloatVector.fromArray(SPECIES, terms, 0);
      sum = normal.mul(normal);
    }
    FloatLanes.exponentials(terms, first, words * LENGTH, 1);
    for (int at = first; at < words * LENGTH; at += LENGTH) {
      sum = sum.add(FloatVector.fromArray(SPECIES, terms, at));
    }
    sum.intoArray(target, offset);
  }

  private static void countUp(int[] lanes, int first) {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = first + i;
    }
  }

  private static int[] withPurpose(int[] streamHigh, Purpose purpose) {
    int[] c3 = new int[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      c3[i] = streamHigh[i] | purpose.code() << 16;
    }
    return c3;
  }
}
