package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of the matrices of {@link FloatLayerTile}: turned into columns, multiplied by one another.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatRowsTile {
  private static final VectorSpecies<Float> SPECIES = FloatLayerTile.SPECIES;
  private static final int LENGTH = FloatLayerTile.LENGTH;
  private static final int FIRST = FloatLayerTile.FIRST;

  private FloatRowsTile() {}

  /**
   * Turns rows into columns. Blocks of eight by eight, so that both sides are read and written by
   * the cache line.
   */
  static void transpose(
      float[] from, int rows, int columns, int stride, float[] to, int newStride) {
    for (int i = 0; i < rows; i += 8) {
      int lastRow = Math.min(i + 8, rows);
      for (int j = 0; j < columns; j += 8) {
        int lastColumn = Math.min(j + 8, columns);
        for (int column = j; column < lastColumn; column++) {
          for (int row = i; row < lastRow; row++) {
            to[FIRST + column * newStride + row] = from[FIRST + row * stride + column];
          }
        }
      }
    }
  }

  /**
   * Inner products of rows with one another.
   *
   * @param stride numbers from one row to the next
   * @param length numbers of a row
   * @return rows × rows
   */
  static double[] products(float[] of, int rows, int stride, int length) {
    float[] sums = new float[LENGTH];
    double[] products = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j <= i; j++) {
        products[i * rows + j] = dot(of, i * stride, of, j * stride, length, sums);
        products[j * rows + i] = products[i * rows + j];
      }
    }
    return products;
  }

  /**
   * The inner product, lane by lane and then over lanes: in an order of its own, always the same.
   */
  static double dot(float[] p, int from, float[] q, int of, int length, float[] sums) {
    FloatVector sum = FloatVector.zero(SPECIES);
    int whole = SPECIES.loopBound(length);
    for (int c = 0; c < whole; c += LENGTH) {
      sum =
          FloatVector.fromArray(SPECIES, p, FIRST + from + c)
              .fma(FloatVector.fromArray(SPECIES, q, FIRST + of + c), sum);
    }
    sum.intoArray(sums, 0);
    double product = 0;
    for (float part : sums) {
      product += part;
    }
    for (int c = whole; c < length; c++) {
      product += (double) p[FIRST + from + c] * q[FIRST + of + c];
    }
    return product;
  }
}
