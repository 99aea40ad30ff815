package org.basinsim.backend.gpu;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.random.Elementary;
import org.basinsim.random.Philox;
import org.basinsim.random.Polynomial;
import org.basinsim.random.Purpose;

/**
 * The constants that every kernel text begins with: what the Java twins are made of, so that each
 * number stays in one place. {@code kernels/README.md} lists the names.
 */
public final class KernelConstants {
  private final SequencedMap<String, String> constants = new LinkedHashMap<>();
  private final boolean doubles;

  private KernelConstants(Precision precision) {
    this.doubles = precision == Precision.DOUBLE;
  }

  /**
   * Constants of the random and start layers.
   *
   * @param precision of every {@code real}
   * @param width restarts in a vector: 1, or where the device is an OpenCL CPU, 4, 8 or 16
   * @return names, some with a parameter list, and values; a new map that may be added to
   */
  public static SequencedMap<String, String> of(Precision precision, int width) {
    KernelConstants kernel = new KernelConstants(precision);
    kernel.constants.put("BASIN_WIDTH", Integer.toString(width));
    kernel.constants.put("BASIN_DOUBLE", kernel.doubles ? "1" : "0");
    kernel.philox();
    kernel.elementary();
    for (Polynomial polynomial : Polynomial.values()) {
      kernel.polynomial(polynomial);
    }
    return kernel.constants;
  }

  /**
   * Constants of the law that starts are drawn from.
   *
   * @param law of filter and output weights
   * @param learned whether output weights are learned, so that they have a start
   */
  public static SequencedMap<String, String> start(StartLaw law, boolean learned) {
    SequencedMap<String, String> constants = new LinkedHashMap<>();
    int filter =
        switch (law.filter()) {
          case SPHERE -> 0;
          case CUBE -> 1;
          case NORMAL -> 2;
          case SHORTCUT -> 3;
        };
    int output =
        switch (law.output()) {
          case BALL -> 0;
          case SPHERE -> 1;
          case NORMAL -> 2;
          case ZERO -> 3;
        };
    constants.put("BASIN_FILTER_LAW", Integer.toString(filter));
    constants.put("BASIN_OUTPUT_LAW", Integer.toString(learned ? output : 4));
    constants.put("BASIN_QUADRUPLE", law.quadruple() ? "1" : "0");
    return constants;
  }

  /**
   * Constants of the law of drawn inputs.
   *
   * @param precision of every {@code real}
   */
  static SequencedMap<String, String> inputs(Inputs inputs, Precision precision) {
    SequencedMap<String, String> constants = new LinkedHashMap<>();
    int law =
        switch (inputs) {
          case Inputs.Correlated(double correlation) -> 1;
          case Inputs.Uniform() -> 2;
          case Inputs.Rademacher() -> 3;
          default -> 0;
        };
    constants.put("BASIN_INPUT_LAW", Integer.toString(law));
    if (inputs instanceof Inputs.Correlated correlated) {
      constants.put("BASIN_CORRELATION", literal(precision, correlated.correlation()));
      constants.put("BASIN_FRESH", literal(precision, correlated.fresh()));
    }
    return constants;
  }

  /**
   * A number, rounded to the precision, as a literal of its type: the shortest decimal that reads
   * back.
   *
   * @throws IllegalArgumentException if the rounded number is not finite
   */
  public static String literal(Precision precision, double value) {
    double rounded = precision == Precision.DOUBLE ? value : (float) value;
    if (!Double.isFinite(rounded)) {
      throw new IllegalArgumentException("no literal for " + value);
    }
    return precision == Precision.DOUBLE ? Double.toString(value) : (float) value + "f";
  }

  private void philox() {
    put("BASIN_PHILOX_ROUNDS", Integer.toString(Philox.ROUNDS));
    put("BASIN_PHILOX_MULTIPLIER_0", word(Philox.MULTIPLIER_0));
    put("BASIN_PHILOX_MULTIPLIER_1", word(Philox.MULTIPLIER_1));
    put("BASIN_PHILOX_WEYL_0", word(Philox.WEYL_0));
    put("BASIN_PHILOX_WEYL_1", word(Philox.WEYL_1));
    for (Purpose purpose : Purpose.values()) {
      put("BASIN_PURPOSE_" + purpose, word(purpose.code()));
    }
  }

  private void elementary() {
    int fraction = doubles ? 52 : 23;
    int bias = doubles ? Double.MAX_EXPONENT : Float.MAX_EXPONENT;
    put("BASIN_FRACTION_BITS", Integer.toString(fraction));
    put("BASIN_EXPONENT_BIAS", Integer.toString(bias));
    // From the highest bit of a word to that of a real.
    put("BASIN_SIGN_SHIFT", doubles ? "32" : "0");
    put("BASIN_LIFTED_BIAS", real(Math.scalb(1.0, fraction) + bias));
    put(
        "BASIN_TO_ROOT_HALF",
        doubles
            ? "0x" + Long.toHexString(Elementary.TO_ROOT_HALF)
            : word(Elementary.TO_ROOT_HALF_SINGLE));
    put("BASIN_PI", real(doubles ? Math.PI : Elementary.PI_SINGLE));
    put("BASIN_LN_2", real(doubles ? Elementary.LN_2 : Elementary.LN_2_SINGLE));
    put("BASIN_PER_LN_2", real(doubles ? Elementary.PER_LN_2 : Elementary.PER_LN_2_SINGLE));
    put("BASIN_ROUNDER", real(doubles ? Elementary.ROUNDER : Elementary.ROUNDER_SINGLE));
    put(
        "BASIN_EXPM1_FLOOR",
        real(doubles ? Elementary.EXPM1_FLOOR : Elementary.EXPM1_FLOOR_SINGLE));
  }

  /** By Horner's rule with fused multiply-adds, as the Java text evaluates it. */
  private void polynomial(Polynomial polynomial) {
    double[] coefficients = doubles ? polynomial.coefficients() : singles(polynomial);
    String sum = real(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = "BASIN_FMA(" + sum + ", x, " + real(coefficients[i]) + ")";
    }
    put("BASIN_POLYNOMIAL_" + polynomial + "(x)", sum);
  }

  private static double[] singles(Polynomial polynomial) {
    float[] singles = polynomial.singleCoefficients();
    double[] coefficients = new double[singles.length];
    for (int i = 0; i < singles.length; i++) {
      coefficients[i] = singles[i];
    }
    return coefficients;
  }

  private void put(String name, String value) {
    constants.put(name, value);
  }

  private static String word(int word) {
    return "0x" + Integer.toHexString(word) + "u";
  }

  /** A value of every component of a vector. */
  private String real(double value) {
    return "((reals)(" + literal(doubles ? Precision.DOUBLE : Precision.SINGLE, value) + "))";
  }
}
