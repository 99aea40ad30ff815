package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.deep.Activation;

/**
 * Activations and their slopes, over whole arrays of pre-activations. As in {@link FloatLanes}, in
 * short passes and by add, multiply, divide and bit operations alone, so that compiled and
 * interpreted code agree.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatActivationTile {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LENGTH = SPECIES.length();
  private static final float TWO_PER_ROOT_PI = (float) (2 / Math.sqrt(Math.PI));

  private FloatActivationTile() {}

  /**
   * Applies σ and σ'.
   *
   * @param z pre-activations, a matrix of {@link FloatLayerTile} in whole vectors
   * @param value gets σ(z)
   * @param slope gets σ'(z)
   */
  static void apply(Activation activation, float[] z, float[] value, float[] slope) {
    switch (activation) {
      case SOFTPLUS -> {
        exponentials(z, -1f, slope);
        softplus(z, value, slope);
      }
      case RELU -> relu(z, value, slope);
      case TANH -> {
        exponentials(z, -2f, slope);
        tanh(z, value, slope);
      }
      case ERF -> {
        complements(z, value);
        erf(z, value);
        bell(z, slope);
      }
    }
  }

  /** e^{factor·|z|} − 1, factor < 0. */
  private static void exponentials(float[] z, float factor, float[] to) {
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at).abs().mul(factor);
      FloatLanes.expm1(x).intoArray(to, at);
    }
  }

  /**
   * max(z, 0) + ln(1 + e), e = e^{−|z|}; the slope is 1 ∕ (1 + e) above zero, e ∕ (1 + e) below.
   */
  private static void softplus(float[] z, float[] value, float[] slope) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at);
      FloatVector e = FloatVector.fromArray(SPECIES, slope, at).add(one);
      FloatVector sum = e.add(one);
      FloatLanes.ln(sum).add(x.max(zero)).intoArray(value, at);
      one.blend(e, x.compare(LT, zero)).div(sum).intoArray(slope, at);
    }
  }

  private static void relu(float[] z, float[] value, float[] slope) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at);
      x.max(zero).intoArray(value, at);
      zero.blend(one, x.compare(GT, zero)).intoArray(slope, at);
    }
  }

  /** −m ∕ (2 + m) with the sign of z, m = e^{−2|z|} − 1. */
  private static void tanh(float[] z, float[] value, float[] slope) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at);
      FloatVector m = FloatVector.fromArray(SPECIES, slope, at);
      FloatVector t = m.div(m.add(one).add(one));
      t = t.neg().blend(t, x.compare(LT, zero));
      t.intoArray(value, at);
      one.sub(t).mul(one.add(t)).intoArray(slope, at);
    }
  }

  /** ln(1 − erf |z|). */
  private static void complements(float[] z, float[] to) {
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at).abs();
      FloatLanes.lnOfComplement(x).intoArray(to, at);
    }
  }

  /** erf z = 1 − e^{ln(1 − erf |z|)} with the sign of z. */
  private static void erf(float[] z, float[] value) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at);
      FloatVector less = FloatLanes.expm1(FloatVector.fromArray(SPECIES, value, at));
      less.neg().blend(less, x.compare(LT, zero)).intoArray(value, at);
    }
  }

  /** 2∕√π e^{−z²}. */
  private static void bell(float[] z, float[] slope) {
    for (int at = FloatLayerTile.FIRST; at < z.length; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, at);
      FloatLanes.expm1(x.mul(x).neg()).add(1f).mul(TWO_PER_ROOT_PI).intoArray(slope, at);
    }
  }
}
