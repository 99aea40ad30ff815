package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Elementary;
import org.basinsim.random.Polynomial;

/**
 * Random numbers and elementary functions in single precision, a vector at a time: the same bits as
 * {@code Gaussian.fill}, {@code ChiSquare} and {@link Elementary} give.
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

  private static final float[] LN = Polynomial.LN.singleCoefficients();
  private static final float[] SINE = Polynomial.SINE.singleCoefficients();
  private static final float[] COSINE = Polynomial.COSINE.singleCoefficients();
  private static final float[] ARCTANGENT = Polynomial.ARCTANGENT.singleCoefficients();
  private static final float[] EXPM1 = Polynomial.EXPM1.singleCoefficients();
  private static final float[] ERROR_FUNCTION = Polynomial.ERROR_FUNCTION.singleCoefficients();

  private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xaaaaaaaaaaaaaaaaL);

  /** 0 0 1 1 2 2 … */
  private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(SPECIES, i -> i / 2);

  /** L/2 L/2 L/2+1 L/2+1 … */
  private static final VectorShuffle<Float> HIGH_TWICE =
      VectorShuffle.fromOp(SPECIES, i -> LENGTH / 2 + i / 2);

  private FloatLanes() {}

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

  /** Turns words into √3 (2u − 1), uniform on [−√3, √3], where they stand. */
  static void uniforms(float[] target, int from, int to) {
    for (int at = from; at < to; at += LENGTH) {
      IntVector word = FloatVector.fromArray(SPECIES, target, at).reinterpretAsInts();
      IntVector centred = word.or(1).lanewise(XOR, 0x80000000);
      FloatVector symmetric = ((FloatVector) centred.convert(I2F, 0)).mul(0x1p-31f);
      symmetric.mul((float) Inputs.Uniform.LARGEST).intoArray(target, at);
    }
  }

  /** Turns words into −1 where their highest bit is set, else 1, where they stand. */
  static void signs(float[] target, int from, int to) {
    for (int at = from; at < to; at += LENGTH) {
      IntVector word = FloatVector.fromArray(SPECIES, target, at).reinterpretAsInts();
      word.and(0x80000000).or(0x3f800000).reinterpretAsFloats().intoArray(target, at);
    }
  }

  /** Turns the words of a vector into 2u − 1 where they stand. */
  static void symmetric(float[] target, int at) {
    IntVector word = FloatVector.fromArray(SPECIES, target, at).reinterpretAsInts().or(1);
    IntVector centred = word.lanewise(XOR, 0x80000000);
    ((FloatVector) centred.convert(I2F, 0)).mul(0x1p-31f).intoArray(target, at);
  }

  /**
   * Turns −2 ln u in every {@code every}th vector of {@code target[from .. to - 1]} into 1 −
   * u^power.
   */
  static void complements(float[] target, int from, int to, int every, float power) {
    FloatVector half = FloatVector.broadcast(SPECIES, -0.5f * power);
    for (int at = from; at < to; at += every * LENGTH) {
      expm1(FloatVector.fromArray(SPECIES, target, at).mul(half)).neg().intoArray(target, at);
    }
  }

  /** Brings every 4 × L numbers of {@code target[from .. to - 1]} from row to column order. */
  static void interleave(float[] target, int from, int to) {
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

  /** ln(1 − erf x) for x ≥ 0, that of 4 from there on, where erf x is 1 to rounding. */
  static FloatVector lnOfComplement(FloatVector x) {
    FloatVector most = FloatVector.broadcast(SPECIES, 4f);
    FloatVector bounded = x.blend(most, x.compare(GT, most));
    FloatVector sum = FloatVector.broadcast(SPECIES, ERROR_FUNCTION[ERROR_FUNCTION.length - 1]);
    for (int i = ERROR_FUNCTION.length - 2; i >= 0; i--) {
      sum = sum.fma(bounded, FloatVector.broadcast(SPECIES, ERROR_FUNCTION[i]));
    }
    return bounded.mul(sum).neg();
  }
}
