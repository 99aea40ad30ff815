package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.basinsim.model.deep.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activations in lanes against those of the library, on a grid and far out. */
class ActivationTileTest {
  /** Roundings that a value may be off by, of 1 or of the value where that is larger. */
  private static final double ROUNDINGS = 8;

  private static double[] grid() {
    DoubleStream dense = IntStream.rangeClosed(-40_000, 40_000).mapToDouble(i -> i / 1000.0);
    DoubleStream tiny = IntStream.rangeClosed(-300, 300).mapToDouble(i -> i * 1e-9);
    DoubleStream far =
        DoubleStream.of(
            0.0, -0.0, 1e-30, -1e-30, 87, -87, 745, -745, 1e4, -1e4, 3e38, -3e38, 3.999, 4.001);
    return DoubleStream.concat(DoubleStream.concat(dense, tiny), far).toArray();
  }

  private static float[] singles(double[] grid) {
    int length = FloatLayerTile.filled(grid.length, FloatLayerTile.LENGTH);
    float[] z = FloatLayerTile.matrix(1, length);
    for (int i = 0; i < grid.length; i++) {
      z[FloatLayerTile.FIRST + i] = (float) grid[i];
    }
    return z;
  }

  private static double[] doubles(double[] grid) {
    int length = DoubleLayerTile.filled(grid.length, DoubleLayerTile.LENGTH);
    double[] z = DoubleLayerTile.matrix(1, length);
    System.arraycopy(grid, 0, z, DoubleLayerTile.FIRST, grid.length);
    return z;
  }

  /** σ by StrictMath and the library's error function, at the very number that the lane has. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void singlePrecisionIsThatOfTheLibrary(Activation activation) {
    float[] z = singles(grid());
    float[] value = new float[z.length];
    float[] slope = new float[z.length];
    FloatActivationTile.apply(activation, z, value, slope);
    for (int i = FloatLayerTile.FIRST; i < z.length; i++) {
      check(activation, z[i], value[i], slope[i], 0x1p-24);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void doublePrecisionIsThatOfTheLibrary(Activation activation) {
    double[] z = doubles(grid());
    double[] value = new double[z.length];
    double[] slope = new double[z.length];
    DoubleActivationTile.apply(activation, z, value, slope);
    for (int i = DoubleLayerTile.FIRST; i < z.length; i++) {
      check(activation, z[i], value[i], slope[i], 0x1p-53);
    }
  }

  private static void check(
      Activation activation, double z, double value, double slope, double roundoff) {
    String what = activation + " at " + z;
    double expected = activation.value(z);
    double tolerance = ROUNDINGS * roundoff;
    assertEquals(expected, value, tolerance * Math.max(1, Math.abs(expected)), what);
    assertEquals(activation.slope(z), slope, tolerance, "slope of " + what);
  }

  /** Near 0, what is odd keeps its relative precision: it is not a difference of ones. */
  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"TANH", "ERF"})
  void whatIsOddIsPreciseNearZero(Activation activation) {
    double[] grid = IntStream.range(1, 200).mapToDouble(i -> Math.pow(10, -i / 10.0)).toArray();
    float[] z = singles(grid);
    float[] value = new float[z.length];
    FloatActivationTile.apply(activation, z, value, new float[z.length]);
    double[] fine = doubles(grid);
    double[] fineValue = new double[fine.length];
    DoubleActivationTile.apply(activation, fine, fineValue, new double[fine.length]);
    for (int i = 0; i < grid.length; i++) {
      float single = z[FloatLayerTile.FIRST + i];
      double expected = activation.value(single);
      assertEquals(
          expected,
          value[FloatLayerTile.FIRST + i],
          ROUNDINGS * 0x1p-24 * expected,
          activation + " at " + single);
      expected = activation.value(grid[i]);
      assertEquals(
          expected,
          fineValue[DoubleLayerTile.FIRST + i],
          ROUNDINGS * 0x1p-53 * expected,
          activation + " at " + grid[i]);
    }
  }

  /** Losses that are not numbers tell that a restart has diverged: none gets lost on the way. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void whatIsNotANumberStaysSo(Activation activation) {
    float[] z = singles(new double[] {Double.NaN});
    float[] value = new float[z.length];
    FloatActivationTile.apply(activation, z, value, new float[z.length]);
    assertTrue(Float.isNaN(value[FloatLayerTile.FIRST]));
    double[] fine = doubles(new double[] {Double.NaN});
    double[] fineValue = new double[fine.length];
    DoubleActivationTile.apply(activation, fine, fineValue, new double[fine.length]);
    assertTrue(Double.isNaN(fineValue[DoubleLayerTile.FIRST]));
  }
}
