package org.basinsim.backend.cpu;

import java.util.Arrays;
import java.util.Random;

/**
 * The matrix products of a step of fully-connected layers and nothing else, in single precision:
 * those of {@link FloatDeepDescent}, on matrices of the same sizes and layout.
 */
public final class DeepProducts {
  private final int depth;
  private final int width;
  private final int samples;
  private final int tileRows;
  private final int vectorRows;
  private final int[] fanIn;
  private final float[][] v;
  private final float[][] phi;
  private final float[] z;
  private final float[] delta;
  private final float[] deltaColumns;
  private final float[] back;

  /**
   * @param width m
   * @param depth H
   * @param inputSize d
   * @param samples n
   */
  public DeepProducts(int width, int depth, int inputSize, int samples) {
    this.depth = depth;
    this.width = FloatLayerTile.filled(width, FloatLayerTile.PANEL);
    this.samples = samples;
    this.tileRows = FloatLayerTile.filled(samples, FloatLayerTile.ROWS);
    this.vectorRows = FloatLayerTile.filled(samples, FloatLayerTile.LENGTH);
    this.fanIn = new int[depth];
    Arrays.setAll(
        fanIn, h -> FloatLayerTile.filled(h == 0 ? inputSize : width, FloatLayerTile.ROWS));
    this.v = new float[depth][];
    this.phi = new float[depth][];
    for (int h = 0; h < depth; h++) {
      v[h] = filled(fanIn[h], this.width, 1);
      phi[h] = filled(tileRows, fanIn[h], 1);
    }
    this.z = filled(tileRows, this.width, 1);
    // So small that weights hardly change, and so large that no product is subnormal.
    this.delta = filled(tileRows, this.width, 1e-9f);
    this.deltaColumns = filled(this.width, vectorRows, 1e-9f);
    this.back = filled(this.width, vectorRows, 1);
  }

  private static float[] filled(int rows, int columns, float scale) {
    Random random = new Random(20190);
    float[] matrix = FloatLayerTile.matrix(rows, columns);
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = scale * (float) random.nextGaussian();
    }
    return matrix;
  }

  /** Carries out the products of so many steps. */
  public long steps(long count) {
    for (long step = 0; step < count; step++) {
      for (int h = 0; h < depth; h++) {
        FloatLayerTile.forward(v[h], fanIn[h], width, phi[h], fanIn[h], tileRows, z);
      }
      for (int h = depth - 1; h >= 0; h--) {
        if (h > 0) {
          FloatLayerTile.backward(v[h], fanIn[h], width, deltaColumns, vectorRows, back);
        }
        FloatLayerTile.update(v[h], fanIn[h], width, phi[h], fanIn[h], delta, samples);
      }
    }
    return count;
  }

  /** Multiply-adds of a step that the mathematics asks for: nothing that is filled up with. */
  public static double multiplyAdds(int width, int depth, int inputSize, int samples) {
    return (double) samples * width * (2 * inputSize + 3 * (depth - 1.0) * width);
  }
}
