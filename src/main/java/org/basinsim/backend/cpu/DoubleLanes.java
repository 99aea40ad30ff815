package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Elementary;
import org.basinsim.random.Philox;
import org.basinsim.random.Polynomial;
import org.basinsim.random.Purpose;

/**
 * Random numbers and elementary functions in double precision, a vector at a time: the same bits as
 * {@code Gaussian.fill}, {@code ChiSquare.draw} and {@link Elementary} give.
 *
 * <p>Normals are made by short passes over an array: words, squared radii, normals, and, where they
 * are to stand in natural order, an interleaving. A pass calls the Vector API alone and no method
 * of this class: the compiler stops inlining methods other than the Vector API's after some forty
 * vector operations, and a vector that crosses a call is allocated, which costs ten times the work.
 */
final class DoubleLanes {
  static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Number of lanes L. */
  static final int LENGTH = SPECIES.length();

  /** Words, or normals, of one block in every lane: 4L. */
  static final int BLOCK = 4 * LENGTH;

  /**
   * Blocks that go through all passes before the next are begun: 16 KiB, well within the L1 cache.
   */
  private static final int CHUNK = 2048 / BLOCK;

  private static final double[] LN = Polynomial.LN.coefficients();
  private static final double[] SINE = Polynomial.SINE.coefficients();
  private static final double[] COSINE = Polynomial.COSINE.coefficients();
  private static final double[] ARCTANGENT = Polynomial.ARCTANGENT.coefficients();
  private static final double[] EXPM1 = Polynomial.EXPM1.coefficients();

  private static final VectorMask<Double> ODD = VectorMask.fromLong(SPECIES, 0xaaaaaaaaaaaaaaaaL);

  /** 0 0 1 1 2 2 … */
  private static final VectorShuffle<Double> LOW_TWICE = VectorShuffle.fromOp(SPECIES, i -> i / 2);

  /** L/2 L/2 L/2+1 L/2+1 … */
  private static final VectorShuffle<Double> HIGH_TWICE =
      VectorShuffle.fromOp(SPECIES, i -> LENGTH / 2 + i / 2);

  private static final long LOW_32 = 0xffffffffL;

  /**
   * The bits of 2⁵². Set above an integer below 2⁵² they make the double 2⁵² plus this integer: a
   * conversion that, unlike that of longs, every processor has.
   */
  private static final long BITS_OF_2_52 = 0x4330000000000000L;

  private DoubleLanes() {}

  /**
   * Fills {@code target[offset .. offset + count - 1]} with the normals of one stream in natural
   * order: normal i is normal i mod 4 of Philox lane firstLane + i div 4.
   *
   * @throws IllegalArgumentException if the stream is out of range
   */
  static void fillNormals(
      double[] target,
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
      double[] last = new double[BLOCK];
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
      double[] target,
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
      double[] target,
      int offset,
      int n,
      long key,
      int[] streamLow,
      int[] streamHigh,
      Purpose purpose,
      int[] step) {
    int words = ChiSquare.words(n);
    int blocks = (words + 3) / 4;
    double[] terms = new double[blocks * BLOCK];
    int[] c3 = withPurpose(streamHigh, purpose);
    PhiloxLanes.words(terms, 0, blocks, key, new int[LENGTH], 1, step, streamLow, c3);
    DoubleVector sum = DoubleVector.zero(SPECIES);
    int first = n % 2 * 2 * LENGTH;
    if (n % 2 == 1) {
      exponentials(terms, 0, LENGTH, 1);
      turns(terms, 0, 2 * LENGTH);
      DoubleVector normal = DoubleVector.fromArray(SPECIES, terms, 0);
      sum = normal.mul(normal);
    }
    exponentials(terms, first, words * LENGTH, 1);
    for (int at = first; at < words * LENGTH; at += LENGTH) {
      sum = sum.add(DoubleVector.fromArray(SPECIES, terms, at));
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
   * Turns words, the lower halves of the bits of every {@code every}th vector of {@code target[from
   * .. to - 1]}, into −2 ln u where they stand.
   */
  static void exponentials(double[] target, int from, int to, int every) {
    for (int at = from; at < to; at += every * LENGTH) {
      LongVector word =
          DoubleVector.fromArray(SPECIES, target, at).reinterpretAsLongs().and(LOW_32).or(1);
      // u = whole + part; whole is 0 or the bits of 1. Flipping bit 31 adds 2³¹ to a signed word.
      DoubleVector whole =
          word.lanewise(LSHR, 31).neg().and(0x3ff0000000000000L).reinterpretAsDoubles();
      LongVector lifted = word.lanewise(XOR, 0x80000000L).or(BITS_OF_2_52);
      DoubleVector part = lifted.reinterpretAsDoubles().sub(0x1p52 + 0x1p31).mul(0x1p-32);
      LongVector bits = whole.add(part).reinterpretAsLongs();
      LongVector biased = bits.add(Elementary.TO_ROOT_HALF).lanewise(LSHR, 52);
      DoubleVector exponent = biased.or(BITS_OF_2_52).reinterpretAsDoubles().sub(0x1p52 + 1023);
      DoubleVector scale = biased.neg().add(2046).lanewise(LSHL, 52).reinterpretAsDoubles();
      DoubleVector f = part.fma(scale, whole.fma(scale, DoubleVector.broadcast(SPECIES, -1)));
      DoubleVector sum = DoubleVector.broadcast(SPECIES, LN[LN.length - 1]);
      for (int i = LN.length - 2; i >= 0; i--) {
        sum = sum.fma(f, DoubleVector.broadcast(SPECIES, LN[i]));
      }
      DoubleVector ln = f.mul(f).fma(sum, f);
      ln = exponent.fma(DoubleVector.broadcast(SPECIES, Elementary.LN_2), ln);
      ln.mul(-2).intoArray(target, at);
    }
  }

  /**
   * Turns pairs of vectors (r², word in the lower half) of {@code target[from .. to - 1]} into (r
   * cos t, r sin t), t = 2π word / 2³², where they stand.
   */
  static void turns(double[] target, int from, int to) {
    for (int at = from; at < to; at += 2 * LENGTH) {
      LongVector word = DoubleVector.fromArray(SPECIES, target, at + LENGTH).reinterpretAsLongs();
      LongVector quarters = word.add(0x20000000).and(LOW_32).lanewise(LSHR, 30);
      LongVector rest = word.sub(quarters.lanewise(LSHL, 30)).and(LOW_32);
      LongVector lifted = rest.lanewise(XOR, 0x80000000L).or(BITS_OF_2_52);
      DoubleVector h = lifted.reinterpretAsDoubles().sub(0x1p52 + 0x1p31).mul(0x1p-31);
      DoubleVector z = h.mul(h);
      DoubleVector sine = DoubleVector.broadcast(SPECIES, SINE[SINE.length - 1]);
      for (int i = SINE.length - 2; i >= 0; i--) {
        sine = sine.fma(z, DoubleVector.broadcast(SPECIES, SINE[i]));
      }
      sine = sine.mul(h);
      DoubleVector cosine = DoubleVector.broadcast(SPECIES, COSINE[COSINE.length - 1]);
      for (int i = COSINE.length - 2; i >= 0; i--) {
        cosine = cosine.fma(z, DoubleVector.broadcast(SPECIES, COSINE[i]));
      }
      cosine = z.fma(cosine, DoubleVector.broadcast(SPECIES, 1));
      // In odd quarters sine ^ cosine turns each into the other.
      LongVector a = cosine.reinterpretAsLongs();
      LongVector b = sine.reinterpretAsLongs();
      LongVector swap = a.lanewise(XOR, b).and(quarters.and(1).neg());
      a = a.lanewise(XOR, swap).lanewise(XOR, quarters.add(1).and(2).lanewise(LSHL, 62));
      b = b.lanewise(XOR, swap).lanewise(XOR, quarters.and(2).lanewise(LSHL, 62));
      DoubleVector radius = DoubleVector.fromArray(SPECIES, target, at).sqrt();
      radius.mul(a.reinterpretAsDoubles()).intoArray(target, at);
      radius.mul(b.reinterpretAsDoubles()).intoArray(target, at + LENGTH);
    }
  }

  /** Brings every 4 × L numbers of {@code target[from .. to - 1]} from row to column order. */
  private static void interleave(double[] target, int from, int to) {
    for (int at = from; at < to; at += BLOCK) {
      DoubleVector n0 = DoubleVector.fromArray(SPECIES, target, at);
      DoubleVector n1 = DoubleVector.fromArray(SPECIES, target, at + LENGTH);
      DoubleVector n2 = DoubleVector.fromArray(SPECIES, target, at + 2 * LENGTH);
      DoubleVector n3 = DoubleVector.fromArray(SPECIES, target, at + 3 * LENGTH);
      DoubleVector low02 = n0.rearrange(LOW_TWICE).blend(n2.rearrange(LOW_TWICE), ODD);
      DoubleVector low13 = n1.rearrange(LOW_TWICE).blend(n3.rearrange(LOW_TWICE), ODD);
      DoubleVector high02 = n0.rearrange(HIGH_TWICE).blend(n2.rearrange(HIGH_TWICE), ODD);
      DoubleVector high13 = n1.rearrange(HIGH_TWICE).blend(n3.rearrange(HIGH_TWICE), ODD);
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

  /** ln x for normal x with 0 &lt; x &lt; 2¹⁰²³. */
  static DoubleVector ln(DoubleVector x) {
    LongVector biased = x.reinterpretAsLongs().add(Elementary.TO_ROOT_HALF).lanewise(LSHR, 52);
    DoubleVector exponent = biased.or(BITS_OF_2_52).reinterpretAsDoubles().sub(0x1p52 + 1023);
    DoubleVector scale = biased.neg().add(2046).lanewise(LSHL, 52).reinterpretAsDoubles();
    DoubleVector f = x.fma(scale, DoubleVector.broadcast(SPECIES, -1));
    DoubleVector sum = DoubleVector.broadcast(SPECIES, LN[LN.length - 1]);
    for (int i = LN.length - 2; i >= 0; i--) {
      sum = sum.fma(f, DoubleVector.broadcast(SPECIES, LN[i]));
    }
    DoubleVector ln = f.mul(f).fma(sum, f);
    return exponent.fma(DoubleVector.broadcast(SPECIES, Elementary.LN_2), ln);
  }

  /** The angle of (x, y), y ≥ 0, in [0, π]; as {@link Elementary#atan2(double, double)}. */
  static DoubleVector atan2(DoubleVector y, DoubleVector x) {
    DoubleVector side = x.abs();
    VectorMask<Double> steep = y.compare(GT, side);
    DoubleVector larger = side.blend(y, steep);
    DoubleVector smaller = y.blend(side, steep);
    DoubleVector t = smaller.div(larger.blend(1, larger.compare(EQ, 0)));
    DoubleVector angle = arctangent(t);
    DoubleVector pi = DoubleVector.broadcast(SPECIES, Math.PI);
    DoubleVector upright = angle.blend(pi.mul(0.5).sub(angle), steep);
    return upright.blend(pi.sub(upright), x.compare(LT, 0));
  }

  /** The arctangent of t for t from 0 to 1. */
  static DoubleVector arctangent(DoubleVector t) {
    DoubleVector z = t.mul(t);
    DoubleVector sum = DoubleVector.broadcast(SPECIES, ARCTANGENT[ARCTANGENT.length - 1]);
    for (int i = ARCTANGENT.length - 2; i >= 0; i--) {
      sum = sum.fma(z, DoubleVector.broadcast(SPECIES, ARCTANGENT[i]));
    }
    return t.mul(z).fma(sum, t);
  }

  /** eˣ − 1 for x ≤ 0; as {@link Elementary#expm1(double)}. */
  static DoubleVector expm1(DoubleVector x) {
    DoubleVector floor = DoubleVector.broadcast(SPECIES, Elementary.EXPM1_FLOOR);
    DoubleVector rounder = DoubleVector.broadcast(SPECIES, Elementary.ROUNDER);
    DoubleVector perLn2 = DoubleVector.broadcast(SPECIES, Elementary.PER_LN_2);
    DoubleVector minusLn2 = DoubleVector.broadcast(SPECIES, -Elementary.LN_2);
    DoubleVector bounded = x.blend(floor, x.compare(LT, floor));
    DoubleVector rounded = bounded.fma(perLn2, rounder);
    DoubleVector scale =
        rounded.reinterpretAsLongs().add(1023).lanewise(LSHL, 52).reinterpretAsDoubles();
    DoubleVector r = rounded.sub(rounder).fma(minusLn2, bounded);
    DoubleVector sum = DoubleVector.broadcast(SPECIES, EXPM1[EXPM1.length - 1]);
    for (int i = EXPM1.length - 2; i >= 0; i--) {
      sum = sum.fma(r, DoubleVector.broadcast(SPECIES, EXPM1[i]));
    }
    return scale.fma(r.mul(r).fma(sum, r), scale.sub(1));
  }
}
