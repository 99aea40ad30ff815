package org.basinsim.model.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Teachers of every kind at odd, prime and boundary sizes, and random students beside them. */
final class Networks {
  static final int[] PATCHES = {1, 2, 13};
  static final int[] PATCH_SIZES = {2, 3, 17};

  private Networks() {}

  /**
   * Unit norms and others; ratios 0, small, k; written out with a negative, a zero and a constant
   * output.
   */
  static List<Teacher> teachers() {
    List<Teacher> teachers = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int k : PATCHES) {
      for (int p : PATCH_SIZES) {
        for (double ratio : k == 1 ? new double[] {1} : new double[] {0, 0.7, k}) {
          teachers.add(Teacher.ofRatio(k, p, 1, 1, ratio));
          teachers.add(Teacher.ofRatio(k, p, 1.7, 0.6, ratio));
        }
        double[] negative = normals(random, k);
        negative[0] -= Math.max(0, sum(negative)) + 1;
        teachers.add(Teacher.of(normals(random, p), negative));
        teachers.add(
            Teacher.of(normals(random, p), IntStream.range(0, k).mapToDouble(j -> -0.3).toArray()));
      }
    }
    return teachers;
  }

  static double[] normals(SplittableRandom random, int length) {
    return IntStream.range(0, length).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
