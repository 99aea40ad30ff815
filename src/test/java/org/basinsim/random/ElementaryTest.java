package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Against StrictMath, whose own error is below one unit in the last place (2.3e-16). */
class ElementaryTest {
  private static final double STRICT_MATH = 2.3e-16;
  private static final int[] BOUNDARY_WORDS = {
    0,
    1,
    2,
    -1,
    -2,
    0x80000000,
    0x80000001,
    0x7fffffff,
    0x7ffffffe,
    0x40000000,
    0x3fffffff,
    0x40000001,
    0x20000000,
    0x1fffffff,
    0x20000001,
    0x60000000,
    0x5fffffff,
    0xc0000000,
    0xbfffffff,
    0xe0000000,
    0xdfffffff,
    0xa0000000,
    0x9fffffff,
    0xb504f333,
    0xb504f334
  };

  private static void assertClose(double truth, double value, double error, Object where) {
    // Written so that a value that is not a number fails.
    assertTrue(
        Math.abs(value - truth) <= error * Math.abs(truth),
        () -> where + ": " + value + " is not within " + error + " of " + truth);
  }

  private static void assertClose(double x, DoubleUnaryOperator truth, DoubleUnaryOperator value) {
    assertClose(truth.applyAsDouble(x), value.applyAsDouble(x), 4e-16 + STRICT_MATH, x);
  }

  @Test
  void logarithm() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      double x = (1 + random.nextDouble()) * StrictMath.scalb(1.0, random.nextInt(-40, 40));
      assertClose(StrictMath.log(x), Elementary.ln(x), 3e-16 + STRICT_MATH, x);
      float single = (float) x;
      assertClose(StrictMath.log(single), Elementary.ln(single), 2e-7, single);
    }
    for (double centre :
        new double[] {1, Math.sqrt(0.5), Math.sqrt(2), 0.5, 2, 0x1p-1022, 0x1p1022}) {
      double x = Math.max(centre * (1 - 1e-13), Double.MIN_NORMAL);
      for (int i = 0; i < 2000; i++, x = Math.nextUp(x)) {
        assertClose(StrictMath.log(x), Elementary.ln(x), 3e-16 + STRICT_MATH, x);
      }
    }
    for (float centre : new float[] {1, (float) Math.sqrt(0.5), (float) Math.sqrt(2), 0x1p-126f}) {
      float x = Math.max(centre * (1 - 1e-4f), Float.MIN_NORMAL);
      for (int i = 0; i < 5000; i++, x = Math.nextUp(x)) {
        assertClose(StrictMath.log(x), Elementary.ln(x), 2e-7, x);
      }
    }
    assertEquals(0.0, Elementary.ln(1.0));
    assertEquals(0f, Elementary.ln(1f));
  }

  @Test
  void logarithmOfASumKeepsItsAccuracyNearOne() {
    for (double part = -0.999; part < 0.999; part += 1.37e-4) {
      double small = part * part * part * 1e-3;
      for (double p : new double[] {part, small}) {
        assertClose(StrictMath.log1p(p), Elementary.lnOfSum(1, p), 3e-16 + STRICT_MATH, p);
        float single = (float) p;
        assertClose(StrictMath.log1p(single), Elementary.lnOfSum(1f, single), 2e-7, single);
      }
    }
  }

  /** The words' angles are exact in double up to the rounding of 2π, which is allowed for. */
  @Test
  void sineAndCosineOfTurns() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200_000; i++) {
      assertTurn(random.nextInt());
    }
    for (int word : BOUNDARY_WORDS) {
      assertTurn(word);
    }
    for (int i = 0; i < 8; i++) {
      int word = i << 30;
      assertEquals(new double[] {0, 1, 0, -1}[i % 4], Elementary.sineOfTurn(word), 0.0);
      assertEquals(new double[] {1, 0, -1, 0}[i % 4], Elementary.cosineOfTurn(word), 0.0);
      assertEquals(new float[] {0, 1, 0, -1}[i % 4], Elementary.sineOfTurnSingle(word), 0f);
      assertEquals(new float[] {1, 0, -1, 0}[i % 4], Elementary.cosineOfTurnSingle(word), 0f);
    }
  }

  private static void assertTurn(int word) {
    // Fold into an eighth of a turn by the symmetries of sine and cosine; then StrictMath's
    // argument is below π/4 and the rounding of π costs one more unit.
    double turns = Math.abs(word * 0x1p-32);
    double toHalf = Math.min(turns, 0.5 - turns);
    double quarterLeft = 0.25 - toHalf;
    double sine =
        toHalf <= 0.125
            ? StrictMath.sin(2 * Math.PI * toHalf)
            : StrictMath.cos(2 * Math.PI * quarterLeft);
    double cosine =
        toHalf <= 0.125
            ? StrictMath.cos(2 * Math.PI * toHalf)
            : StrictMath.sin(2 * Math.PI * quarterLeft);
    double signedSine = word < 0 ? -sine : sine;
    double signedCosine = turns > 0.25 ? -cosine : cosine;
    double error = 4e-16 + 2 * STRICT_MATH;
    assertClose(signedSine, Elementary.sineOfTurn(word), error, word);
    assertClose(signedCosine, Elementary.cosineOfTurn(word), error, word);
    assertClose(signedSine, Elementary.sineOfTurnSingle(word), 2e-7, word);
    assertClose(signedCosine, Elementary.cosineOfTurnSingle(word), 2e-7, word);
  }

  @Test
  void angleOfTheUpperHalfPlane() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200_000; i++) {
      double x = (random.nextDouble() - 0.5) * StrictMath.scalb(1.0, random.nextInt(-30, 30));
      double y = random.nextDouble() * StrictMath.scalb(1.0, random.nextInt(-30, 30));
      assertAngle(y, x);
      assertAngle(Math.abs(x), x);
      assertAngle(Math.nextUp(Math.abs(x)), x);
      assertAngle(Math.nextDown(Math.abs(x)), x);
    }
    for (double x : new double[] {1, 1e-300, 1e300, -1, -1e-300, -1e300}) {
      assertEquals(x < 0 ? Math.PI : 0, Elementary.atan2(0.0, x));
      assertEquals(Math.PI / 2, Elementary.atan2(Math.abs(x), 0.0));
      assertEquals(Math.PI / 2, Elementary.atan2(Math.abs(x), -0.0));
    }
    for (float x : new float[] {1, 1e-30f, 1e30f, -1, -1e-30f, -1e30f}) {
      assertEquals(x < 0 ? (float) Math.PI : 0f, Elementary.atan2(0f, x));
      assertEquals((float) Math.PI / 2, Elementary.atan2(Math.abs(x), 0f));
    }
    for (double zero : new double[] {0.0, -0.0}) {
      assertEquals(0.0, Elementary.atan2(0.0, zero));
      assertEquals(0f, Elementary.atan2(0f, (float) zero));
    }
    assertTrue(Double.isNaN(Elementary.atan2(Double.NaN, 1)));
    assertTrue(Double.isNaN(Elementary.atan2(1, Double.NaN)));
    assertTrue(Float.isNaN(Elementary.atan2(Float.NaN, 1f)));
    assertTrue(Float.isNaN(Elementary.atan2(1f, Float.NaN)));
  }

  private static void assertAngle(double y, double x) {
    assertClose(StrictMath.atan2(y, x), Elementary.atan2(y, x), 4e-16 + STRICT_MATH, y + "/" + x);
    float singleY = (float) y;
    float singleX = (float) x;
    assertClose(
        StrictMath.atan2(singleY, singleX), Elementary.atan2(singleY, singleX), 3e-7, y + "/" + x);
  }

  @Test
  void arcsineOfUpToAnEighthOfATurn() {
    for (double s = 0; s < Math.sqrt(0.5); s += 1.3e-5) {
      assertClose(s, StrictMath::asin, Elementary::arcsine);
      assertClose(s * s * s * 1e-6, StrictMath::asin, Elementary::arcsine);
      float single = (float) s;
      assertClose(StrictMath.asin(single), Elementary.arcsine(single), 2e-7, single);
    }
    assertClose(Math.sqrt(0.5), StrictMath::asin, Elementary::arcsine);
    assertEquals(0.0, Elementary.arcsine(0.0));
    assertTrue(Double.isNaN(Elementary.arcsine(Double.NaN)));
  }

  @Test
  void exponentialMinusOne() {
    for (double x = -50; x < 0; x += 3.7e-4) {
      assertClose(x, StrictMath::expm1, Elementary::expm1);
      assertClose(x * x * x * 1e-6, StrictMath::expm1, Elementary::expm1);
      float single = (float) x;
      assertClose(StrictMath.expm1(single), Elementary.expm1(single), 2e-7, single);
    }
    for (double x : new double[] {-0.0, -1e-300, -1e-17, -745, -1e300, Double.NEGATIVE_INFINITY}) {
      assertClose(x, StrictMath::expm1, Elementary::expm1);
      assertClose(StrictMath.expm1((float) x), Elementary.expm1((float) x), 2e-7, x);
    }
    assertTrue(Double.isNaN(Elementary.expm1(Double.NaN)));
    assertTrue(Float.isNaN(Elementary.expm1(Float.NaN)));
  }
}
