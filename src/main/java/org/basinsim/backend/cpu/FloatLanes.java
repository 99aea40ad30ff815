package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Elementary;
import org.basinsim.random.Philox;
import org.basinsim.random.Polynomial;
import org.basinsim.random.Purpose;

/**
 * Random numbers and elementary functions in single precision, a vector at a time: the same bits as
 * {@code Gaussian.fill}, {@code ChiSquare.drawSingle} and {@link Elementary} give.
 *
 * <p>Normals are made by short passes over an array: words, squared radii, normals, and, where they
 * are to stand in natural order, an interleaving. A pass calls the Vector API alone and no method
 * of this class: the compiler stops inlining methods other than the Vector API's after some forty
 * vector operations, and a vector that crosses a call is allocated, which costs ten times the work.
 */
final class FloatLanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Number of lanes L. */
  static final int LENGTH = SPECIES.length();

  /** Words, or normals, of one block in every lane: 4L. */
  static final int BLOCK = 4 * LENGTH;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /**
   * Blocks that go through all passes before the next are begun: 8 KiB, well within the L1 cache.
   */
  private static final int CHUNK = 2048 / BLOCK;

  private static final float[] LN = Polynomial.LN.singleCoefficients();
  private static final float[] SINE = Polynomial.SINE.singleCoefficients();
  private static final float[] COSINE = Polynomial.COSINE.singleCoefficients();
  private static final float[] ARCTANGENT = Polynomial.ARCTANGENT.singleCoefficients();
  private static final float[] EXPM1 = Polynomial.EXPM1.singleCoefficients();

  private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xaaaaaaaaaaaaaaaaL);

  /** 0 0 1 1 2 2 … */
  private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(SPECIES, i -> i / 2);

  /** L/2 L/2 L/2+1 L/2+1 … */
  private static final VectorShuffle<Float> HIGH_TWICE =
      VectorShuffle.fromOp(SPECIES, i -> LENGTH / 2 + i / 2);

  private FloatLanes() {}

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
      exponentials(target, from, from + blocks * BLOCK, 2);
      turns(target, from, from + blocks * BLOCK);
      interleave(target, from, from + blocks * BLOCK);
    }
    int rest = count - whole * BLOCK;
    if (rest > 0) {
      float[] last = new float[BLOCK];
      countUp(c0, firstLane + whole * LENGTH);
      PhiloxLanes.words(last, 0, 1, key, c0, LENGTH, c1, c2, c3);
      exponentials(last, 0, BLOCK, 2);
      turns(last, 0, BLOCK);
      interleave(last, 0, BLOCK);
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
    int[] c0 = new int[LENGTH];
    int[] c3 = withPurpose(streamHigh, purpose);
    for (int done = 0; done < blocks; done += CHUNK) {
      int from = offset + done * BLOCK;
      int to = from + Math.min(CHUNK, blocks - done) * BLOCK;
      Arrays.fill(c0, firstLane + done);
      PhiloxLanes.words(target, from, (to - from) / BLOCK, key, c0, 1, step, streamLow, c3);
      exponentials(target, from, to, 2);
      turns(target, from, to);
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
      exponentials(terms, 0, LENGTH, 1);
      turns(terms, 0, 2 * LENGTH);
      FloatVector normal = FloatVector.fromArray(SPECIES, terms, 0);
      sum = normal.mul(normal);
    }
    exponentials(terms, first, words * LENGTH, 1);
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

  /**
   * Turns words, the raw bits of every {@code every}th vector of {@code target[from .. to - 1]},
   * into −2 ln u where they stand.
   */
  static void exponentials(float[] target, int from, int to, int every) {
    for (int at = from; at < to; at += every * LENGTH) {
      IntVector word = FloatVector.fromArray(SPECIES, target, at).reinterpretAsInts();
      // u = whole + part; whole is 0 or the bits of 1.
      FloatVector whole = word.lanewise(ASHR, 31).and(0x3f800000).reinterpretAsFloats();
      FloatVector part = ((FloatVector) word.or(1).convert(I2F, 0)).mul(0x1p-32f);
      IntVector bits = whole.add(part).reinterpretAsInts();
      IntVector biased = bits.add(Elementary.TO_ROOT_HALF_SINGLE).lanewise(LSHR, 23);
      FloatVector exponent = (FloatVector) biased.sub(127).convert(I2F, 0);
      FloatVector scale = biased.neg().add(254).lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector f = part.fma(scale, whole.fma(scale, FloatVector.broadcast(SPECIES, -1f)));
      FloatVector sum = FloatVector.broadcast(SPECIES, LN[LN.length - 1]);
      for (int i = LN.length - 2; i >= 0; i--) {
        sum = sum.fma(f, FloatVector.broadcast(SPECIES, LN[i]));
      }
      FloatVector ln = f.mul(f).fma(sum, f);
      ln = exponent.fma(FloatVector.broadcast(SPECIES, Elementary.LN_2_SINGLE), ln);
      ln.mul(-2f).intoArray(target, at);
    }
  }

  /**
   * Turns pairs of vectors (r², word) of {@code target[from .. to - 1]} into (r cos t, r sin t), t
   * = 2π word / 2³², where they stand.
   */
  static void turns(float[] target, int from, int to) {
    for (int at = from; at < to; at += 2 * LENGTH) {
      IntVector word = FloatVector.fromArray(SPECIES, target, at + LENGTH).reinterpretAsInts();
      IntVector quarters = word.add(0x20000000).lanewise(LSHR, 30);
      IntVector rest = word.sub(quarters.lanewise(LSHL, 30));
      FloatVector h = ((FloatVector) rest.convert(I2F, 0)).mul(0x1p-31f);
      FloatVector z = h.mul(h);
      FloatVector sine = FloatVector.broadcast(SPECIES, SINE[SINE.length - 1]);
      for (int i = SINE.length - 2; i >= 0; i--) {
        sine = sine.fma(z, FloatVector.broadcast(SPECIES, SINE[i]));
      }
      sine = sine.mul(h);
      FloatVector cosine = FloatVector.broadcast(SPECIES, COSINE[COSINE.length - 1]);
      for (int i = COSINE.length - 2; i >= 0; i--) {
        cosine = cosine.fma(z, FloatVector.broadcast(SPECIES, COSINE[i]));
      }
      cosine = z.fma(cosine, FloatVector.broadcast(SPECIES, 1f));
      // In odd quarters sine ^ cosine turns each into the other.
      IntVector a = cosine.reinterpretAsInts();
      IntVector b = sine.reinterpretAsInts();
      IntVector swap = a.lanewise(XOR, b).and(quarters.and(1).neg());
      a = a.lanewise(XOR, swap).lanewise(XOR, quarters.add(1).and(2).lanewise(LSHL, 30));
      b = b.lanewise(XOR, swap).lanewise(XOR, quarters.and(2).lanewise(LSHL, 30));
      FloatVector radius = FloatVector.fromArray(SPECIES, target, at).sqrt();
      radius.mul(a.reinterpretAsFloats()).intoArray(target, at);
      radius.mul(b.reinterpretAsFloats()).intoArray(target, at + LENGTH);
    }
  }

  /** Brings every 4 × L numbers of {@code target[from .. to - 1]} from row to column order. */
  private static void interleave(float[] target, int from, int to) {
    for (int at = from; at < to; at += BLOCK) {
      FloatVector n0 = FloatVector.fromArray(SPECIES, target, at);
      FloatVector n1 = FloatVector.fromArray(SPECIES, target, at + LENGTH);
      FloatVector n2 = FloatVector.fromArray(SPECIES, target, at + 2 * LENGTH);
      FloatVector n3 = FloatVector.fromArray(SPECIES, target, at + 3 * LENGTH);
      FloatVector low02 = n0.rearrange(LOW_TWICE).blend(n2.rearrange(LOW_TWICE), ODD);
      FloatVector low13 = n1.rearrange(LOW_TWICE).blend(n3.rearrange(LOW_TWICE), ODD);
      FloatVector high02 = n0.rearrange(HIGH_TWICE).blend(n2.rearrange(HIGH_TWICE), ODD);
      FloatVector high13 = n1.rearrange(HIGH_TWICE).blend(n3.rearrange(HIGH_TWICE), ODD);
      n0 = low02.rearrange(LOW_TWICE).blend(low13.rearrange(LOW_TWICE), ODD);
      n1 = low02.rearrange(HIGH_TWICE).blend(low13.rearrange(HIGH_TWICE), ODD);
      n2 = high02.rearrange(LOW_TWICE).blend(high13.rearrange(LOW_TWICE), ODD);
      n3 = high02.rearrange(HIGH_TWICE).blend(high13.rearrange(HIGH_TWICE), ODD);
      n0.intoArray(target, at);
      n1.intoArray(target, at + LENGTH);
      n2.intoArray(target, at + 2 * LENGTH);
      n3.intoArray(target, at + 3 * LENGTH);
    }
  }

  /** ln x for normal x with 0 &lt; x &lt; 2¹²⁷. */
  static FloatVector ln(FloatVector x) {
    IntVector biased = x.reinterpretAsInts().add(Elementary.TO_ROOT_HALF_SINGLE).lanewise(LSHR, 23);
    FloatVector exponent = (FloatVector) biased.sub(127).convert(I2F, 0);
    FloatVector scale = biased.neg().add(254).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector f = x.fma(scale, FloatVector.broadcast(SPECIES, -1f));
    FloatVector sum = FloatVector.broadcast(SPECIES, LN[LN.length - 1]);
    for (int i = LN.length - 2; i >= 0; i--) {
      sum = sum.fma(f, FloatVector.broadcast(SPECIES, LN[i]));
    }
    FloatVector ln = f.mul(f).fma(sum, f);
    return exponent.fma(FloatVector.broadcast(SPECIES, Elementary.LN_2_SINGLE), ln);
  }

  /** The angle of (x, y), y ≥ 0, in [0, π]; as {@link Elementary#atan2(float, float)}. */
  static FloatVector atan2(FloatVector y, FloatVector x) {
    FloatVector side = x.abs();
    VectorMask<Float> steep = y.compare(GT, side);
    FloatVector larger = side.blend(y, steep);
    FloatVector smaller = y.blend(side, steep);
    FloatVector t = smaller.div(larger.blend(1f, larger.compare(EQ, 0f)));
    FloatVector angle = arctangent(t);
    FloatVector pi = FloatVector.broadcast(SPECIES, Elementary.PI_SINGLE);
    FloatVector upright = angle.blend(pi.mul(0.5f).sub(angle), steep);
    return upright.blend(pi.sub(upright), x.compare(LT, 0f));
  }

  /** The arctangent of t for t from 0 to 1. */
  static FloatVector arctangent(FloatVector t) {
    FloatVector z = t.mul(t);
    FloatVector sum = FloatVector.broadcast(SPECIES, ARCTANGENT[ARCTANGENT.length - 1]);
    for (int i = ARCTANGENT.length - 2; i >= 0; i--) {
      sum = sum.fma(z, FloatVector.broadcast(SPECIES, ARCTANGENT[i]));
    }
    return t.mul(z).fma(sum, t);
  }

  /** eˣ − 1 for x ≤ 0; as {@link Elementary#expm1(float)}. */
  static FloatVector expm1(FloatVector x) {
    FloatVector floor = FloatVector.broadcast(SPECIES, Elementary.EXPM1_FLOOR_SINGLE);
    FloatVector rounder = FloatVector.broadcast(SPECIES, Elementary.ROUNDER_SINGLE);
    FloatVector perLn2 = FloatVector.broadcast(SPECIES, Elementary.PER_LN_2_SINGLE);
    FloatVector minusLn2 = FloatVector.broadcast(SPECIES, -Elementary.LN_2_SINGLE);
    FloatVector bounded = x.blend(floor, x.compare(LT, floor));
    FloatVector rounded = bounded.fma(perLn2, rounder);
    FloatVector scale =
        rounded.reinterpretAsInts().add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector r = rounded.sub(rounder).fma(minusLn2, bounded);
    FloatVector sum = FloatVector.broadcast(SPECIES, EXPM1[EXPM1.length - 1]);
    for (int i = EXPM1.length - 2; i >= 0; i--) {
      sum = sum.fma(r, FloatVector.broadcast(SPECIES, EXPM1[i]));
    }
    return scale.fma(r.mul(r).fma(sum, r), scale.sub(1f));
  }
}
