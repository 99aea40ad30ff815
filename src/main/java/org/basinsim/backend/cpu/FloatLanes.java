package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.Polynomial;

/** Elementary functions in lanes of single precision. */
final class FloatLanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] ARCTANGENT = Polynomial.ARCTANGENT.singleCoefficients();

  private FloatLanes() {}

  /** atan t for t from 0 to 1. */
  static FloatVector arctangent(FloatVector t) {
    FloatVector z = t.mul(t);
    return t.mul(z).fma(polynomial(ARCTANGENT, z), t);
  }

  private static FloatVector polynomial(float[] coefficients, FloatVector x) {
    FloatVector sum = FloatVector.broadcast(SPECIES, coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = sum.fma(x, FloatVector.broadcast(SPECIES, coefficients[i]));
    }
    return sum;
  }
}
