package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrix products by tiles against plain loops over what is not filled up. */
class LayerTileTest {

  /** Inputs, units and samples as they are, before they are filled up. */
  private record Shape(int inputs, int units, int samples) {}

  /** W (units × inputs), X (samples × inputs) and Δ (samples × units), entries within ±1. */
  private record Layer(Shape shape, double[] w, double[] x, double[] delta) {
    static Layer drawn(Shape s) {
      SplittableRandom random = new SplittableRandom(s.hashCode());
      return new Layer(
          s,
          random.doubles(s.units * s.inputs, -1, 1).toArray(),
          random.doubles(s.samples * s.inputs, -1, 1).toArray(),
          random.doubles(s.samples * s.units, -1, 1).toArray());
    }

    double forward(int sample, int unit) {
      double sum = 0;
      for (int c = 0; c < shape.inputs; c++) {
        sum += w[unit * shape.inputs + c] * x[sample * shape.inputs + c];
      }
      return sum;
    }

    double backward(int sample, int input) {
      double sum = 0;
      for (int r = 0; r < shape.units; r++) {
        sum += w[r * shape.inputs + input] * delta[sample * shape.units + r];
      }
      return sum;
    }

    double updated(int input, int unit) {
      double sum = w[unit * shape.inputs + input];
      for (int i = 0; i < shape.samples; i++) {
        sum += x[i * shape.inputs + input] * delta[i * shape.units + unit];
      }
      return sum;
    }
  }

  /** A sum of k products within ±1 is off by a rounding of k for each, and by those of entries. */
  private static double tolerance(int products, double roundoff) {
    return (products + 3.0) * (products + 3.0) * roundoff;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "7, 31, 3",
    "8, 32, 8",
    "9, 33, 17",
    "13, 47, 23",
    "101, 67, 41",
    "5, 129, 9",
    "16, 64, 49"
  })
  void singlePrecisionProducts(int inputs, int units, int samples) {
    Layer layer = Layer.drawn(new Shape(inputs, units, samples));
    int fanIn = FloatLayerTile.filled(inputs, FloatLayerTile.ROWS);
    int width = FloatLayerTile.filled(units, FloatLayerTile.PANEL);
    int rows = FloatLayerTile.filled(samples, FloatLayerTile.ROWS);
    int columns = FloatLayerTile.filled(samples, FloatLayerTile.LENGTH);
    int stride = fanIn + FloatLayerTile.LENGTH;
    int first = FloatLayerTile.FIRST;
    float[] v = FloatLayerTile.matrix(fanIn, width);
    float[] phi = FloatLayerTile.matrix(rows, stride);
    float[] delta = FloatLayerTile.matrix(rows, width);
    float[] deltaColumns = FloatLayerTile.matrix(width, columns);
    for (int c = 0; c < inputs; c++) {
      for (int r = 0; r < units; r++) {
        v[at(first, FloatLayerTile.PANEL, fanIn, c, r)] = (float) layer.w[r * inputs + c];
      }
      for (int i = 0; i < samples; i++) {
        phi[first + i * stride + c] = (float) layer.x[i * inputs + c];
      }
    }
    for (int i = 0; i < samples; i++) {
      for (int r = 0; r < units; r++) {
        delta[first + i * width + r] = (float) layer.delta[i * units + r];
        deltaColumns[first + r * columns + i] = (float) layer.delta[i * units + r];
      }
    }
    // Beyond what is summed over, anything may stand.
    Arrays.fill(delta, first + samples * width, delta.length, Float.NaN);
    Arrays.fill(deltaColumns, first + units * columns, deltaColumns.length, Float.NaN);

    float[] z = FloatLayerTile.matrix(rows, width);
    FloatLayerTile.forward(v, fanIn, width, phi, stride, rows, z);
    float[] back = FloatLayerTile.matrix(fanIn, columns);
    FloatLayerTile.backward(v, fanIn, units, deltaColumns, columns, back);
    FloatLayerTile.update(v, fanIn, width, phi, stride, delta, samples);
    for (int i = 0; i < samples; i++) {
      for (int r = 0; r < units; r++) {
        assertEquals(
            layer.forward(i, r), z[first + i * width + r], tolerance(inputs, 0x1p-24), "forward");
      }
      for (int c = 0; c < inputs; c++) {
        assertEquals(
            layer.backward(i, c),
            back[first + c * columns + i],
            tolerance(units, 0x1p-24),
            "backward");
      }
    }
    for (int c = 0; c < inputs; c++) {
      for (int r = 0; r < units; r++) {
        assertEquals(
            layer.updated(c, r),
            v[at(first, FloatLayerTile.PANEL, fanIn, c, r)],
            tolerance(samples, 0x1p-24),
            "update");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "7, 15, 3",
    "8, 16, 8",
    "9, 17, 17",
    "13, 23, 23",
    "101, 67, 41",
    "5, 65, 9",
    "16, 32, 25"
  })
  void doublePrecisionProducts(int inputs, int units, int samples) {
    Layer layer = Layer.drawn(new Shape(inputs, units, samples));
    int fanIn = DoubleLayerTile.filled(inputs, DoubleLayerTile.ROWS);
    int width = DoubleLayerTile.filled(units, DoubleLayerTile.PANEL);
    int rows = DoubleLayerTile.filled(samples, DoubleLayerTile.ROWS);
    int columns = DoubleLayerTile.filled(samples, DoubleLayerTile.LENGTH);
    int stride = fanIn + DoubleLayerTile.LENGTH;
    int first = DoubleLayerTile.FIRST;
    double[] v = DoubleLayerTile.matrix(fanIn, width);
    double[] phi = DoubleLayerTile.matrix(rows, stride);
    double[] delta = DoubleLayerTile.matrix(rows, width);
    double[] deltaColumns = DoubleLayerTile.matrix(width, columns);
    for (int c = 0; c < inputs; c++) {
      for (int r = 0; r < units; r++) {
        v[at(first, DoubleLayerTile.PANEL, fanIn, c, r)] = layer.w[r * inputs + c];
      }
      for (int i = 0; i < samples; i++) {
        phi[first + i * stride + c] = layer.x[i * inputs + c];
      }
    }
    for (int i = 0; i < samples; i++) {
      for (int r = 0; r < units; r++) {
        delta[first + i * width + r] = layer.delta[i * units + r];
        deltaColumns[first + r * columns + i] = layer.delta[i * units + r];
      }
    }
    Arrays.fill(delta, first + samples * width, delta.length, Double.NaN);
    Arrays.fill(deltaColumns, first + units * columns, deltaColumns.length, Double.NaN);

    double[] z = DoubleLayerTile.matrix(rows, width);
    DoubleLayerTile.forward(v, fanIn, width, phi, stride, rows, z);
    double[] back = DoubleLayerTile.matrix(fanIn, columns);
    DoubleLayerTile.backward(v, fanIn, units, deltaColumns, columns, back);
    DoubleLayerTile.update(v, fanIn, width, phi, stride, delta, samples);
    for (int i = 0; i < samples; i++) {
      for (int r = 0; r < units; r++) {
        assertEquals(
            layer.forward(i, r), z[first + i * width + r], tolerance(inputs, 0x1p-53), "forward");
      }
      for (int c = 0; c < inputs; c++) {
        assertEquals(
            layer.backward(i, c),
            back[first + c * columns + i],
            tolerance(units, 0x1p-53),
            "backward");
      }
    }
    for (int c = 0; c < inputs; c++) {
      for (int r = 0; r < units; r++) {
        assertEquals(
            layer.updated(c, r),
            v[at(first, DoubleLayerTile.PANEL, fanIn, c, r)],
            tolerance(samples, 0x1p-53),
            "update");
      }
    }
  }

  /** Where weight (c, r) stands. */
  private static int at(int first, int panel, int fanIn, int c, int r) {
    return first + (r / panel * fanIn + c) * panel + r % panel;
  }
}
