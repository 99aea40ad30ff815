package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Elementary;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.junit.jupiter.api.Test;

/** Lanes against the scalar text, bit for bit: every comparison here is of raw bits. */
class LanesTest {
  private static final long KEY = 0x8badf00ddeadbeefL;
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
    0x20000000,
    0x1fffffff,
    0x60000000,
    0x5fffffff,
    0xc0000000,
    0xbfffffff,
    0xe0000000,
    0xdfffffff,
    0xa0000000,
    0x9fffffff,
    0xb504f333,
    0xb504f334,
    0x7f800001,
    0xff800001,
    0x7fc00000,
    0xffffff00
  };
  private static final double[] BOUNDARY_NUMBERS = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    Math.sqrt(0.5),
    Math.sqrt(2),
    1e-300,
    -1e-300,
    1e300,
    -1e300,
    1e-30,
    -1e-30,
    1e30,
    -1e30,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -20,
    -40,
    -39.99,
    -745,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Math.nextDown(1.0),
    Math.nextUp(1.0),
    -0.34657,
    -1.03972
  };

  private static void assertBits(float[] expected, float[] actual) {
    assertArrayEquals(bits(expected), bits(actual));
  }

  private static void assertBits(double[] expected, double[] actual) {
    assertArrayEquals(bits(expected), bits(actual));
  }

  private static int[] bits(float[] numbers) {
    int[] bits = new int[numbers.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(numbers[i]));
    return bits;
  }

  private static long[] bits(double[] numbers) {
    return Arrays.stream(numbers).mapToLong(Double::doubleToLongBits).toArray();
  }

  @Test
  void fillsEveryLengthWithTheScalarNormals() {
    int longest = 3 * FloatLanes.BLOCK + 7;
    for (int count = 0; count <= longest; count++) {
      assertFill(3 + count % 5, count, 1000L + count, count, -3);
    }
    assertFill(0, 2 * 2048 + 61, Philox.LAST_STREAM, -1, Integer.MAX_VALUE - 100);
    assertFill(1, 2 * 2048, 1L << 32, Integer.MIN_VALUE, -1);
  }

  private static void assertFill(int offset, int count, long stream, int step, int firstLane) {
    float[] single = new float[offset + count + 3];
    float[] expectedSingle = single.clone();
    FloatDraws.fillNormals(single, offset, count, KEY, stream, Purpose.INPUTS, step, firstLane);
    Gaussian.fill(expectedSingle, offset, count, KEY, stream, Purpose.INPUTS, step, firstLane);
    assertBits(expectedSingle, single);
    double[] normals = new double[offset + count + 3];
    double[] expected = normals.clone();
    DoubleDraws.fillNormals(normals, offset, count, KEY, stream, Purpose.INPUTS, step, firstLane);
    Gaussian.fill(expected, offset, count, KEY, stream, Purpose.INPUTS, step, firstLane);
    assertBits(expected, normals);
  }

  @Test
  void refusesStreamsBeyond48Bits() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FloatDraws.fillNormals(new float[1], 0, 1, KEY, 1L << 48, Purpose.INPUTS, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> DoubleDraws.fillNormals(new double[1], 0, 1, KEY, -1, Purpose.INPUTS, 0, 0));
  }

  /** Restarts with streams and steps of their own, as they lie in the lanes. */
  private record Restarts(long[] streams, int[] low, int[] high, int[] steps) {
    static Restarts random(SplittableRandom random, int count) {
      long[] streams = random.longs(count, 0, Philox.LAST_STREAM + 1).toArray();
      streams[0] = Philox.LAST_STREAM;
      int[] low = Arrays.stream(streams).mapToInt(Philox::streamLow).toArray();
      int[] high = Arrays.stream(streams).mapToInt(stream -> (int) (stream >>> 32)).toArray();
      return new Restarts(streams, low, high, random.ints(count).toArray());
    }
  }

  @Test
  void drawsNormalsForEachRestartFromItsOwnStream() {
    SplittableRandom random = new SplittableRandom(1);
    for (int blocks : new int[] {0, 1, 2, 3, 31, 33, 130}) {
      int offset = blocks % 3;
      int firstLane = blocks - 2;
      Restarts restarts = Restarts.random(random, FloatLanes.LENGTH);
      float[] single = new float[offset + blocks * FloatLanes.BLOCK];
      FloatDraws.normalsPerLane(
          single,
          offset,
          blocks,
          KEY,
          restarts.low,
          restarts.high,
          Purpose.INPUTS,
          restarts.steps,
          firstLane);
      double[] normals = new double[offset + blocks * DoubleLanes.BLOCK];
      DoubleDraws.normalsPerLane(
          normals,
          offset,
          blocks,
          KEY,
          restarts.low,
          restarts.high,
          Purpose.INPUTS,
          restarts.steps,
          firstLane);
      for (int i = 0; i < FloatLanes.LENGTH; i++) {
        long stream = restarts.streams[i];
        float[] expectedSingle = new float[4 * blocks];
        Gaussian.fill(
            expectedSingle,
            0,
            4 * blocks,
            KEY,
            stream,
            Purpose.INPUTS,
            restarts.steps[i],
            firstLane);
        for (int j = 0; j < 4 * blocks; j++) {
          assertEquals(expectedSingle[j], single[offset + j * FloatLanes.LENGTH + i]);
        }
      }
      for (int i = 0; i < DoubleLanes.LENGTH; i++) {
        long stream = restarts.streams[i];
        double[] expected = new double[4 * blocks];
        Gaussian.fill(
            expected, 0, 4 * blocks, KEY, stream, Purpose.INPUTS, restarts.steps[i], firstLane);
        for (int j = 0; j < 4 * blocks; j++) {
          assertEquals(expected[j], normals[offset + j * DoubleLanes.LENGTH + i]);
        }
      }
    }
  }

  @Test
  void drawsAChiSquareForEachRestart() {
    SplittableRandom random = new SplittableRandom(2);
    for (int n : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 62, 61, 999}) {
      Restarts restarts = Restarts.random(random, FloatLanes.LENGTH);
      float[] single = new float[FloatLanes.LENGTH + 1];
      FloatDraws.chiSquarePerLane(
          single, 1, n, KEY, restarts.low, restarts.high, Purpose.PERPENDICULAR, restarts.steps);
      double[] values = new double[DoubleLanes.LENGTH + 1];
      DoubleDraws.chiSquarePerLane(
          values, 1, n, KEY, restarts.low, restarts.high, Purpose.PERPENDICULAR, restarts.steps);
      for (int i = 0; i < FloatLanes.LENGTH; i++) {
        long stream = restarts.streams[i];
        int step = restarts.steps[i];
        assertEquals(
            ChiSquare.drawSingle(n, KEY, stream, Purpose.PERPENDICULAR, step), single[1 + i]);
      }
      for (int i = 0; i < DoubleLanes.LENGTH; i++) {
        long stream = restarts.streams[i];
        int step = restarts.steps[i];
        assertEquals(ChiSquare.draw(n, KEY, stream, Purpose.PERPENDICULAR, step), values[1 + i]);
      }
    }
  }

  /** Boundary words, each beside each, then random ones. */
  @Test
  void transformsWordsAsTheScalarTextDoes() {
    SplittableRandom random = new SplittableRandom(3);
    int size = BOUNDARY_WORDS.length;
    for (int i = 0; i < 20_000; i++) {
      int radiusWord = i < size * size ? BOUNDARY_WORDS[i / size] : random.nextInt();
      int angleWord = i < size * size ? BOUNDARY_WORDS[i % size] : random.nextInt();
      int[] words = {radiusWord, angleWord, radiusWord, angleWord};
      float[] expectedSingle = new float[4];
      double[] expected = new double[4];
      Gaussian.normals(words, 0, expectedSingle, 0);
      Gaussian.normals(words, 0, expected, 0);

      float[] single = new float[2 * FloatLanes.LENGTH];
      double[] normals = new double[2 * DoubleLanes.LENGTH];
      int lane = i % DoubleLanes.LENGTH;
      single[lane] = Float.intBitsToFloat(radiusWord);
      single[FloatLanes.LENGTH + lane] = Float.intBitsToFloat(angleWord);
      long rubbish = random.nextLong() << 32;
      normals[lane] = Double.longBitsToDouble(rubbish | radiusWord & 0xffffffffL);
      normals[DoubleLanes.LENGTH + lane] =
          Double.longBitsToDouble(~rubbish & ~0xffffffffL | angleWord & 0xffffffffL);
      FloatLanes.exponentials(single, 0, FloatLanes.LENGTH, 1);
      DoubleLanes.exponentials(normals, 0, DoubleLanes.LENGTH, 1);
      assertEquals(Gaussian.exponentialSingle(radiusWord), single[lane]);
      assertEquals(Gaussian.exponential(radiusWord), normals[lane]);
      FloatLanes.turns(single, 0, 2 * FloatLanes.LENGTH);
      DoubleLanes.turns(normals, 0, 2 * DoubleLanes.LENGTH);
      assertBits(
          Arrays.copyOf(expectedSingle, 2),
          new float[] {single[lane], single[FloatLanes.LENGTH + lane]});
      assertBits(
          Arrays.copyOf(expected, 2),
          new double[] {normals[lane], normals[DoubleLanes.LENGTH + lane]});
    }
  }

  /** A number from all that the functions may meet: boundaries, and sizes from 2⁻⁴⁰ to 2⁴⁰. */
  private static double number(SplittableRandom random) {
    return random.nextInt(4) == 0
        ? BOUNDARY_NUMBERS[random.nextInt(BOUNDARY_NUMBERS.length)]
        : (random.nextDouble() - 0.5) * StrictMath.scalb(1.0, random.nextInt(-40, 40));
  }

  @Test
  void elementaryFunctionsInDouble() {
    SplittableRandom random = new SplittableRandom(4);
    int length = DoubleLanes.LENGTH;
    double[] x = new double[length];
    double[] y = new double[length];
    double[] expected = new double[length];
    double[] actual = new double[length];
    for (int i = 0; i < 10_000; i++) {
      Arrays.setAll(x, lane -> number(random));
      Arrays.setAll(y, lane -> Math.abs(number(random)));
      DoubleVector xs = DoubleVector.fromArray(DoubleLanes.SPECIES, x, 0);
      DoubleVector ys = DoubleVector.fromArray(DoubleLanes.SPECIES, y, 0);
      Arrays.setAll(expected, lane -> Elementary.atan2(y[lane], x[lane]));
      DoubleLanes.atan2(ys, xs).intoArray(actual, 0);
      assertBits(expected, actual);
      Arrays.setAll(expected, lane -> Elementary.expm1(-y[lane]));
      DoubleLanes.expm1(ys.neg()).intoArray(actual, 0);
      assertBits(expected, actual);
      double[] sines = new double[length];
      Arrays.setAll(sines, lane -> y[lane] % 0.7);
      Arrays.setAll(expected, lane -> Elementary.arcsine(sines[lane]));
      DoubleLanes.arcsine(DoubleVector.fromArray(DoubleLanes.SPECIES, sines, 0))
          .intoArray(actual, 0);
      assertBits(expected, actual);
      Arrays.setAll(y, lane -> y[lane] < Double.MIN_NORMAL || y[lane] > 0x1p1022 ? 1 : y[lane]);
      Arrays.setAll(expected, lane -> Elementary.ln(y[lane]));
      DoubleLanes.ln(DoubleVector.fromArray(DoubleLanes.SPECIES, y, 0)).intoArray(actual, 0);
      assertBits(expected, actual);
    }
  }

  @Test
  void elementaryFunctionsInSingle() {
    SplittableRandom random = new SplittableRandom(5);
    int length = FloatLanes.LENGTH;
    float[] x = new float[length];
    float[] y = new float[length];
    float[] expected = new float[length];
    float[] actual = new float[length];
    for (int i = 0; i < 10_000; i++) {
      for (int lane = 0; lane < length; lane++) {
        x[lane] = (float) number(random);
        y[lane] = (float) Math.abs(number(random));
      }
      FloatVector xs = FloatVector.fromArray(FloatLanes.SPECIES, x, 0);
      FloatVector ys = FloatVector.fromArray(FloatLanes.SPECIES, y, 0);
      for (int lane = 0; lane < length; lane++) {
        expected[lane] = Elementary.atan2(y[lane], x[lane]);
      }
      FloatLanes.atan2(ys, xs).intoArray(actual, 0);
      assertBits(expected, actual);
      for (int lane = 0; lane < length; lane++) {
        expected[lane] = Elementary.expm1(-y[lane]);
      }
      FloatLanes.expm1(ys.neg()).intoArray(actual, 0);
      assertBits(expected, actual);
      for (int lane = 0; lane < length; lane++) {
        y[lane] = y[lane] < Float.MIN_NORMAL || y[lane] > 0x1p126f ? 1 : y[lane];
        expected[lane] = Elementary.ln(y[lane]);
      }
      FloatLanes.ln(FloatVector.fromArray(FloatLanes.SPECIES, y, 0)).intoArray(actual, 0);
      assertBits(expected, actual);
    }
  }
}
