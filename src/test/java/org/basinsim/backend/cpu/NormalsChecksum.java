package org.basinsim.backend.cpu;

import java.util.zip.CRC32;
import org.basinsim.random.Purpose;

/** A program that prints a checksum of normals in both precisions and the width it drew them at. */
final class NormalsChecksum {
  /** Not a multiple of any vector length. */
  private static final int COUNT = 613;

  private NormalsChecksum() {}

  public static void main(String[] arguments) {
    System.out.println(FloatLanes.LENGTH + " " + of(20));
  }

  /** Over the first {@code steps} steps of one stream. */
  static long of(int steps) {
    CRC32 checksum = new CRC32();
    float[] single = new float[COUNT];
    double[] normals = new double[COUNT];
    for (int step = 0; step < steps; step++) {
      FloatDraws.fillNormals(single, 0, COUNT, 11, 13, Purpose.INPUTS, step, 0);
      DoubleDraws.fillNormals(normals, 0, COUNT, 11, 13, Purpose.INPUTS, step, 0);
      for (int i = 0; i < COUNT; i++) {
        update(checksum, Float.floatToRawIntBits(single[i]));
        update(checksum, Double.doubleToRawLongBits(normals[i]));
      }
    }
    return checksum.getValue();
  }

  private static void update(CRC32 checksum, long bits) {
    for (int shift = 0; shift < 64; shift += 8) {
      checksum.update((int) (bits >>> shift) & 255);
    }
  }
}
