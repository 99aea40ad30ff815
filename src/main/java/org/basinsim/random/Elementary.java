package org.basinsim.random;

/**
 * Elementary functions whose bits are the same everywhere, each in double and in single precision.
 *
 * <p>Built from {@link Polynomial}s by add, multiply, fused multiply-add, divide and bit operations
 * alone. {@code Math.log} and its like may differ between the interpreter, compiled code and
 * platforms; these do not. Selections are written so that lanes and kernels can follow them without
 * a branch.
 *
 * <p>Errors are relative, stated as bounds "double, single" that the tests hold on dense grids. The
 * largest found against 40-digit arithmetic at 40,000 points: ln 1.9e-16, 0.8e-7; sine and cosine
 * of turns 2.2e-16, 1.6e-7; atan2 2.6e-16, 1.5e-7; expm1 2.0e-16, 0.9e-7.
 */
public final class Elementary {
  /** π rounded to single precision. */
  public static final float PI_SINGLE = (float) Math.PI;

  /** ln 2. */
  public static final double LN_2 = 0.6931471805599453;

  /** ln 2 rounded to single precision. */
  public static final float LN_2_SINGLE = (float) LN_2;

  /** 1 / ln 2. */
  public static final double PER_LN_2 = 1.4426950408889634;

  /** 1 / ln 2 rounded to single precision. */
  public static final float PER_LN_2_SINGLE = (float) PER_LN_2;

  /** Added to a number, rounds it to an integer, which the lowest bits of the sum then hold. */
  public static final double ROUNDER = 0x1.8p52;

  /** {@link #ROUNDER} for single precision. */
  public static final float ROUNDER_SINGLE = 0x1.8p23f;

  /** Added to the bits of a number, carries into the exponent from √2 times a power of two on. */
  public static final long TO_ROOT_HALF = 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL;

  /** {@link #TO_ROOT_HALF} for single precision. */
  public static final int TO_ROOT_HALF_SINGLE = 0x3f800000 - 0x3f3504f3;

  /** Below this eˣ − 1 is −1 to rounding. */
  public static final double EXPM1_FLOOR = -40;

  /** {@link #EXPM1_FLOOR} for single precision. */
  public static final float EXPM1_FLOOR_SINGLE = -20;

  private static final double[] LN = Polynomial.LN.coefficients();
  private static final float[] LN_SINGLE = Polynomial.LN.singleCoefficients();
  private static final double[] SINE = Polynomial.SINE.coefficients();
  private static final float[] SINE_SINGLE = Polynomial.SINE.singleCoefficients();
  private static final double[] COSINE = Polynomial.COSINE.coefficients();
  private static final float[] COSINE_SINGLE = Polynomial.COSINE.singleCoefficients();
  private static final double[] ARCTANGENT = Polynomial.ARCTANGENT.coefficients();
  private static final float[] ARCTANGENT_SINGLE = Polynomial.ARCTANGENT.singleCoefficients();
  private static final double[] ARCSINE = Polynomial.ARCSINE.coefficients();
  private static final float[] ARCSINE_SINGLE = Polynomial.ARCSINE.singleCoefficients();
  private static final double[] EXPM1 = Polynomial.EXPM1.coefficients();
  private static final float[] EXPM1_SINGLE = Polynomial.EXPM1.singleCoefficients();

  private Elementary() {}

  /** ln x for normal x with 0 &lt; x &lt; 2¹⁰²³ (single: 2¹²⁷). Error below 3e-16, 2e-7. */
  public static double ln(double x) {
    return lnOfSum(0, x);
  }

  /** ln x in single precision. */
  public static float ln(float x) {
    return lnOfSum(0f, x);
  }

  /**
   * ln(whole + part), where whole is 0 or 1 and the part of a whole 1 lies in (−1, 1): with whole =
   * 1 it keeps its relative accuracy as the part goes to 0.
   */
  static double lnOfSum(double whole, double part) {
    long biased = Double.doubleToRawLongBits(whole + part) + TO_ROOT_HALF >>> 52;
    double exponent = biased - 1023;
    double scale = Double.longBitsToDouble(2046 - biased << 52);
    double f = Math.fma(part, scale, Math.fma(whole, scale, -1));
    return Math.fma(exponent, LN_2, Math.fma(f * f, polynomial(LN, f), f));
  }

  /** {@link #lnOfSum(double, double)} in single precision. */
  static float lnOfSum(float whole, float part) {
    int biased = Float.floatToRawIntBits(whole + part) + TO_ROOT_HALF_SINGLE >>> 23;
    float exponent = biased - 127;
    float scale = Float.intBitsToFloat(254 - biased << 23);
    float f = Math.fma(part, scale, Math.fma(whole, scale, -1f));
    return Math.fma(exponent, LN_2_SINGLE, Math.fma(f * f, polynomial(LN_SINGLE, f), f));
  }

  /**
   * sin(2π word / 2³²) for a signed or unsigned word. Error below 4e-16, 2e-7.
   *
   * <p>Here and in the three methods below the nearest quarter turn is taken off in integers, so
   * the reduction is exact. What is left is h half turns, |h| ≤ ¼.
   */
  public static double sineOfTurn(int word) {
    int quarters = quarters(word);
    double h = (word - (quarters << 30)) * 0x1p-31;
    double value = (quarters & 1) == 0 ? sine(h) : cosine(h);
    return (quarters & 2) == 0 ? value : -value;
  }

  /** cos(2π word / 2³²). */
  public static double cosineOfTurn(int word) {
    int quarters = quarters(word);
    double h = (word - (quarters << 30)) * 0x1p-31;
    double value = (quarters & 1) == 0 ? cosine(h) : sine(h);
    return (quarters + 1 & 2) == 0 ? value : -value;
  }

  /** sin(2π word / 2³²) in single precision. */
  public static float sineOfTurnSingle(int word) {
    int quarters = quarters(word);
    float h = (word - (quarters << 30)) * 0x1p-31f;
    float value = (quarters & 1) == 0 ? sine(h) : cosine(h);
    return (quarters & 2) == 0 ? value : -value;
  }

  /** cos(2π word / 2³²) in single precision. */
  public static float cosineOfTurnSingle(int word) {
    int quarters = quarters(word);
    float h = (word - (quarters << 30)) * 0x1p-31f;
    float value = (quarters & 1) == 0 ? cosine(h) : sine(h);
    return (quarters + 1 & 2) == 0 ? value : -value;
  }

  /**
   * The angle of the point (x, y) of the upper half plane, y ≥ 0, in [0, π]: 0 at the origin, π
   * where y = 0 and x &lt; 0. Error below 4e-16, 3e-7. Not a number if a coordinate is none, or if
   * both are infinite.
   */
  public static double atan2(double y, double x) {
    double side = Math.abs(x);
    boolean steep = y > side;
    double larger = steep ? y : side;
    double smaller = steep ? side : y;
    double t = smaller / (larger == 0 ? 1 : larger);
    double z = t * t;
    double angle = Math.fma(t * z, polynomial(ARCTANGENT, z), t);
    double upright = steep ? Math.PI / 2 - angle : angle;
    return x < 0 ? Math.PI - upright : upright;
  }

  /** {@link #atan2(double, double)} in single precision. */
  public static float atan2(float y, float x) {
    float side = Math.abs(x);
    boolean steep = y > side;
    float larger = steep ? y : side;
    float smaller = steep ? side : y;
    float t = smaller / (larger == 0 ? 1 : larger);
    float z = t * t;
    float angle = Math.fma(t * z, polynomial(ARCTANGENT_SINGLE, z), t);
    float upright = steep ? PI_SINGLE / 2 - angle : angle;
    return x < 0 ? PI_SINGLE - upright : upright;
  }

  /** The angle in [0, π/4] whose sine is s, for s from 0 to √½. Error below 4e-16, 2e-7. */
  public static double arcsine(double s) {
    double z = s * s;
    return Math.fma(s * z, polynomial(ARCSINE, z), s);
  }

  /** {@link #arcsine(double)} in single precision. */
  public static float arcsine(float s) {
    float z = s * s;
    return Math.fma(s * z, polynomial(ARCSINE_SINGLE, z), s);
  }

  /** eˣ − 1 for x ≤ 0, in [−1, 0]. Error below 4e-16, 2e-7. */
  public static double expm1(double x) {
    double bounded = x < EXPM1_FLOOR ? EXPM1_FLOOR : x;
    double rounded = Math.fma(bounded, PER_LN_2, ROUNDER);
    double scale = Double.longBitsToDouble(Double.doubleToRawLongBits(rounded) + 1023 << 52);
    double r = Math.fma(rounded - ROUNDER, -LN_2, bounded);
    double value = Math.fma(r * r, polynomial(EXPM1, r), r);
    return Math.fma(scale, value, scale - 1);
  }

  /** {@link #expm1(double)} in single precision. */
  public static float expm1(float x) {
    float bounded = x < EXPM1_FLOOR_SINGLE ? EXPM1_FLOOR_SINGLE : x;
    float rounded = Math.fma(bounded, PER_LN_2_SINGLE, ROUNDER_SINGLE);
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) + 127 << 23);
    float r = Math.fma(rounded - ROUNDER_SINGLE, -LN_2_SINGLE, bounded);
    float value = Math.fma(r * r, polynomial(EXPM1_SINGLE, r), r);
    return Math.fma(scale, value, scale - 1);
  }

  /** The quarter turn nearest to a word, 0 to 3. */
  private static int quarters(int word) {
    return word + 0x20000000 >>> 30;
  }

  /** sin(πh) for |h| ≤ ¼. */
  private static double sine(double h) {
    return h * polynomial(SINE, h * h);
  }

  private static float sine(float h) {
    return h * polynomial(SINE_SINGLE, h * h);
  }

  /** cos(πh) for |h| ≤ ¼. */
  private static double cosine(double h) {
    double z = h * h;
    return Math.fma(z, polynomial(COSINE, z), 1);
  }

  private static float cosine(float h) {
    float z = h * h;
    return Math.fma(z, polynomial(COSINE_SINGLE, z), 1f);
  }

  /** By Horner's rule, coefficients of the lowest power first. */
  private static double polynomial(double[] coefficients, double x) {
    double sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }

  private static float polynomial(float[] coefficients, float x) {
    float sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
