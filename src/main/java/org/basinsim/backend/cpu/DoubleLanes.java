package org.basinsim.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.Polynomial;

/** Elementary functions in lanes of double precision. */
final class DoubleLanes {
  static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final double[] ARCTANGENT = Polynomial.ARCTANGENT.coefficients();

  private DoubleLanes() {}

  /** atan t for t from 0 to 1. */
  static DoubleVector arctangent(DoubleVector t) {
    DoubleVector z = t.mul(t);
    return t.mul(z).fma(polynomial(ARCTANGENT, z), t);
  }

  private static DoubleVector polynomial(double[] coefficients, DoubleVector x) {
    DoubleVector sum = DoubleVector.broadcast(SPECIES, coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = sum.fma(x, DoubleVector.broadcast(SPECIES, coefficients[i]));
    }
    return sum;
  }
}
