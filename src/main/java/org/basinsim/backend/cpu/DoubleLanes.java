package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Elementary;
import org.basinsim.random.Polynomial;

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

  private static final double[] LN = Polynomial.LN.coefficients();
  private static final double[] SINE = Polynomial.SINE.coefficients();
  private static final double[] COSINE = Polynomial.COSINE.coefficients();
  private static final double[] ARCTANGENT = Polynomial.ARCTANGENT.coefficients();
  private static final double[] ARCSINE = Polynomial.ARCSINE.coefficients();
  private static final double[] EXPM1 = Polynomial.EXPM1.coefficients();
  private static final double[] ERROR_FUNCTION = Polynomial.ERROR_FUNCTION.coefficients();

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

  /** Turns words into √3 (2u − 1), uniform on [−√3, √3], where they stand. */
  static void uniforms(double[] target, int from, int to) {
    for (int at = from; at < to; at += LENGTH) {
      LongVector word =
          DoubleVector.fromArray(SPECIES, target, at).reinterpretAsLongs().and(LOW_32).or(1);
      DoubleVector lifted = word.or(BITS_OF_2_52).reinterpretAsDoubles();
      DoubleVector symmetric = lifted.sub(0x1p52 + 0x1p31).mul(0x1p-31);
      symmetric.mul(Inputs.Uniform.LARGEST).intoArray(target, at);
    }
  }

  /** Turns words into −1 where their highest bit is set, else 1, where they stand. */
  static void signs(double[] target, int from, int to) {
    for (int at = from; at < to; at += LENGTH) {
      LongVector word = DoubleVector.fromArray(SPECIES, target, at).reinterpretAsLongs();
      LongVector sign = word.and(0x80000000L).lanewise(LSHL, 32);
      sign.or(0x3ff0000000000000L).reinterpretAsDoubles().intoArray(target, at);
    }
  }

  /** Turns the words of a vector, lower halves of its bits, into 2u − 1 where they stand. */
  static void symmetric(double[] target, int at) {
    LongVector word =
        DoubleVector.fromArray(SPECIES, target, at).reinterpretAsLongs().and(LOW_32).or(1);
    DoubleVector lifted = word.or(BITS_OF_2_52).reinterpretAsDoubles();
    lifted.sub(0x1p52 + 0x1p31).mul(0x1p-31).intoArray(target, at);
  }

  /**
   * Turns −2 ln u in every {@code every}th vector of {@code target[from .. to - 1]} into 1 −
   * u^power.
   */
  static void complements(double[] target, int from, int to, int every, double power) {
    DoubleVector half = DoubleVector.broadcast(SPECIES, -0.5 * power);
    for (int at = from; at < to; at += every * LENGTH) {
      expm1(DoubleVector.fromArray(SPECIES, target, at).mul(half)).neg().intoArray(target, at);
    }
  }

  /** Brings every 4 × L numbers of {@code target[from .. to - 1]} from row to column order. */
  static void interleave(double[] target, int from, int to) {
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

  /** The arcsine of s for s from 0 to √½; as {@link Elementary#arcsine(double)}. */
  static DoubleVector arcsine(DoubleVector s) {
    DoubleVector z = s.mul(s);
    DoubleVector sum = DoubleVector.broadcast(SPECIES, ARCSINE[ARCSINE.length - 1]);
    for (int i = ARCSINE.length - 2; i >= 0; i--) {
      sum = sum.fma(z, DoubleVector.broadcast(SPECIES, ARCSINE[i]));
    }
    return s.mul(z).fma(sum, s);
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

  /** ln(1 − erf x) for x ≥ 0, that of 6 from there on, where erf x is 1 to rounding. */
  static DoubleVector lnOfComplement(DoubleVector x) {
    DoubleVector most = DoubleVector.broadcast(SPECIES, 6);
    DoubleVector bounded = x.blend(most, x.compare(GT, most));
    DoubleVector sum = DoubleVector.broadcast(SPECIES, ERROR_FUNCTION[ERROR_FUNCTION.length - 1]);
    for (int i = ERROR_FUNCTION.length - 2; i >= 0; i--) {
      sum = sum.fma(bounded, DoubleVector.broadcast(SPECIES, ERROR_FUNCTION[i]));
    }
    return bounded.mul(sum).neg();
  }
}
