package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class GaussianTest {
  private static final long KEY = 0xfedcba9876543210L;
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
    0x20000000,
    0x1fffffff,
    0xc0000000,
    0xbfffffff,
    0xb504f333,
    0xb504f334
  };

  private static double[] normals(int count, long stream, Purpose purpose, int step) {
    double[] normals = new double[count];
    Gaussian.fill(normals, 0, count, KEY, stream, purpose, step, 0);
    return normals;
  }

  @Test
  void followsBoxAndMullerInBothPrecisions() {
    SplittableRandom random = new SplittableRandom(1);
    int[] words = new int[4];
    for (int i = 0; i < 100_000; i++) {
      for (int j = 0; j < 4; j++) {
        words[j] =
            random.nextInt(4) == 0
                ? BOUNDARY_WORDS[random.nextInt(BOUNDARY_WORDS.length)]
                : random.nextInt();
      }
      double[] normals = new double[4];
      float[] single = new float[4];
      Gaussian.normals(words, 0, normals, 0);
      Gaussian.normals(words, 0, single, 0);
      for (int j = 0; j < 4; j++) {
        int word = words[j & 2];
        double u = Uniform.of(word);
        double lnU = word < 0 ? StrictMath.log1p(u - 1) : StrictMath.log(u);
        double radius = Math.sqrt(-2 * lnU);
        double angle = words[j | 1] * (2 * Math.PI * 0x1p-32);
        double truth = radius * (j % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
        // The truth's angle, up to π in size, is rounded twice (7e-16 in all), its logarithm,
        // cosine and product once each (2.2e-16); ours is off by 4.2e-16.
        assertEquals(truth, normals[j], 18e-16 * radius);
        assertEquals(normals[j], single[j], 4e-7 * Math.abs(normals[j]));
      }
    }
  }

  @Test
  void squaredRadiusKeepsItsAccuracyAtBothEnds() {
    assertEquals(64 * Math.log(2), Gaussian.exponential(0), 1e-14);
    assertEquals(0x1p-31, Gaussian.exponential(-1), 1e-15 * 0x1p-31 + 0x1p-63);
    assertEquals(0x1p-31, Gaussian.exponentialSingle(-1), 2e-7 * 0x1p-31);
    for (int word : BOUNDARY_WORDS) {
      double value = Gaussian.exponential(word);
      assertTrue(value > 0 && value <= 44.4);
      assertEquals(value, Gaussian.exponentialSingle(word), 4e-7 * value);
    }
  }

  @Test
  void fillsAnyLengthAndNothingElse() {
    double[] whole = normals(64, 3, Purpose.INPUTS, 5);
    for (int count = 0; count < 23; count++) {
      double[] part = new double[count + 5];
      float[] single = new float[count + 5];
      Gaussian.fill(part, 2, count, KEY, 3, Purpose.INPUTS, 5, 2);
      Gaussian.fill(single, 2, count, KEY, 3, Purpose.INPUTS, 5, 2);
      assertArrayEquals(
          Arrays.copyOfRange(whole, 8, 8 + count), Arrays.copyOfRange(part, 2, 2 + count));
      assertEquals(0, part[1] + part[count + 2] + single[1] + single[count + 2]);
      for (int i = 0; i < count; i++) {
        assertEquals(part[2 + i], single[2 + i], 4e-7 * Math.abs(part[2 + i]));
      }
    }
  }

  @Test
  void momentsAndTails() {
    double[] sample = normals(1 << 20, 9, Purpose.INPUTS, 0);
    // Variances of z, z², z³, z⁴: 1, 2, 15, 105 − 9.
    Samples.assertMean(sample, z -> z, 0, 1);
    Samples.assertMean(sample, z -> z * z, 1, 2);
    Samples.assertMean(sample, z -> z * z * z, 0, 15);
    Samples.assertMean(sample, z -> z * z * z * z, 3, 96);
    for (double bound : new double[] {1, 2, 3}) {
      double p = 2 * NormalDistribution.of(0, 1).survivalProbability(bound);
      Samples.assertMean(sample, z -> Math.abs(z) > bound ? 1 : 0, p, p * (1 - p));
    }
    // 66.4 are expected beyond 4; a Poisson count of this mean leaves [30, 110] with
    // probability below 1e-6.
    long beyond = Arrays.stream(sample).filter(z -> Math.abs(z) > 4).count();
    assertTrue(beyond >= 30 && beyond <= 110, () -> beyond + " normals beyond 4");
  }

  @Test
  void distributionAlongEveryDirection() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    Samples.assertDistribution(
        normals(100_000, 1, Purpose.DATA_SET, 0), normal::cumulativeProbability);
    double[] overStreams = new double[100_000];
    double[] overSteps = new double[100_000];
    for (int i = 0; i < overStreams.length; i++) {
      Gaussian.fill(overStreams, i, 1, KEY, i, Purpose.FILTER_START, 0, 0);
      Gaussian.fill(overSteps, i, 1, KEY, 4, Purpose.INPUTS, i, 0);
    }
    Samples.assertDistribution(overStreams, normal::cumulativeProbability);
    Samples.assertDistribution(overSteps, normal::cumulativeProbability);
  }

  /** Equal positions under adjacent names, and neighbours within one sequence. */
  @Test
  void adjacentNamesAreUncorrelated() {
    int n = 100_000;
    double[] base = normals(n, 100, Purpose.FILTER_REST, 8);
    for (double[] other :
        new double[][] {
          normals(n, 101, Purpose.FILTER_REST, 8),
          normals(n, 100 + (1L << 32), Purpose.FILTER_REST, 8),
          normals(n, 100, Purpose.FILTER_REST, 9),
          normals(n, 100, Purpose.OUTPUT_REST, 8),
          shifted(base, 1),
          shifted(base, 2),
          shifted(base, 4)
        }) {
      assertUncorrelated(base, other);
    }
  }

  private static double[] shifted(double[] sample, int by) {
    double[] shifted = new double[sample.length];
    System.arraycopy(sample, by, shifted, 0, sample.length - by);
    return shifted;
  }

  private static void assertUncorrelated(double[] a, double[] b) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      // Sizes must be uncorrelated too: (a² − 1)(b² − 1) has variance 4.
      squares += (a[i] * a[i] - 1) * (b[i] * b[i] - 1) / 2;
    }
    double limit = Samples.SIGMAS * Math.sqrt(a.length);
    assertTrue(Math.abs(product) < limit, "values are correlated: " + product + " of " + limit);
    assertTrue(Math.abs(squares) < limit, "sizes are correlated: " + squares + " of " + limit);
  }
}
