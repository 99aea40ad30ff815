package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactTestsTest {
  /**
   * Fisher's lady tasting tea; the twins of R's fisher.test example; then tables of 2 × 10⁷
   * restarts, computed with scipy.stats.fisher_exact 1.17.
   */
  @ParameterizedTest
  @CsvSource({
    "3, 4, 1, 4, 0.48571428571428565",
    "2, 12, 15, 18, 0.0005367241191434357",
    "5000000, 10000000, 4997000, 10000000, 0.17985759143323587",
    "9999990, 10000000, 9999970, 10000000, 0.002221411800208633"
  })
  void fisherAgreesWithKnownValues(long x1, long n1, long x2, long n2, double expected) {
    // Log-likelihoods near 10 with a relative error of 10⁻¹⁵ leave ten digits to spare.
    assertEquals(expected, ExactTests.sameProbability(x1, n1, x2, n2), 1e-9 * expected);
  }

  /** R's binom.test example (Mendel's peas, 682 of 925 at 3/4); the others from scipy.stats. */
  @ParameterizedTest
  @CsvSource({
    "682, 925, 0.75, 0.3824915595748517",
    "3001000, 10000000, 0.3, 0.49015297070687913",
    "0, 10, 0, 1",
    "10, 10, 1, 1",
    "1, 10, 0, 0",
    "0, 0, 0.3, 1",
    "0, 1000000, 0.5, 0"
  })
  void binomialAgreesWithKnownValues(long x, long n, double p, double expected) {
    assertEquals(expected, ExactTests.hasProbability(x, n, p), 1e-9 * expected);
  }

  /** Every pair of samples of up to 9 restarts, in whole numbers, where ties are exact. */
  @Test
  void fisherAgreesWithEnumeration() {
    for (int n1 = 0; n1 <= 9; n1++) {
      for (int n2 = 0; n2 <= 9; n2++) {
        for (int x1 = 0; x1 <= n1; x1++) {
          for (int x2 = 0; x2 <= n2; x2++) {
            double expected = enumerated(x1, n1, x2, n2);
            double actual = ExactTests.sameProbability(x1, n1, x2, n2);
            // Ten terms, each good to 10⁻¹⁴.
            assertEquals(expected, actual, 1e-12, x1 + "/" + n1 + " and " + x2 + "/" + n2);
          }
        }
      }
    }
  }

  private static double enumerated(int x1, int n1, int x2, int n2) {
    BigInteger observed = binomial(n1, x1).multiply(binomial(n2, x2));
    BigInteger noLikelier = BigInteger.ZERO;
    for (int x = 0; x <= n1; x++) {
      BigInteger ways = binomial(n1, x).multiply(binomial(n2, x1 + x2 - x));
      if (ways.compareTo(observed) <= 0) {
        noLikelier = noLikelier.add(ways);
      }
    }
    return noLikelier.doubleValue() / binomial(n1 + n2, x1 + x2).doubleValue();
  }

  private static BigInteger binomial(int n, int k) {
    if (k < 0 || k > n) {
      return BigInteger.ZERO;
    }
    BigInteger product = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      product = product.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return product;
  }

  /** Under the hypothesis a p-value is below α with probability α at most: all counts, exactly. */
  @ParameterizedTest
  @CsvSource({"13, 0.5", "13, 0.03", "40, 0.71"})
  void binomialKeepsItsLevel(int n, double p) {
    double[] likelihood = new double[n + 1];
    for (int x = 0; x <= n; x++) {
      likelihood[x] = binomial(n, x).doubleValue() * Math.pow(p, x) * Math.pow(1 - p, n - x);
    }
    for (int x = 0; x <= n; x++) {
      double noLikelier = 0;
      for (double other : likelihood) {
        // Ties have to count whatever their rounding.
        noLikelier += other <= likelihood[x] * (1 + 1e-9) ? other : 0;
      }
      assertEquals(noLikelier, ExactTests.hasProbability(x, n, p), 1e-12);
    }
  }

  @Test
  void testsAreSymmetric() {
    double p = ExactTests.sameProbability(37, 1013, 61, 997);
    // The same terms in another order: a few ulp each.
    assertEquals(p, ExactTests.sameProbability(61, 997, 37, 1013), 1e-12 * p);
    assertEquals(p, ExactTests.sameProbability(1013 - 37, 1013, 997 - 61, 997), 1e-12 * p);
  }

  @Test
  void separatesSamplesOfABillion() {
    assertEquals(
        1, ExactTests.sameProbability(500_000_000, 1_000_000_000, 500_000_000, 1_000_000_000));
    // 2 × 10⁵ more successes are 9 standard deviations of √(10⁹/2) = 22 361.
    assertTrue(
        ExactTests.sameProbability(500_000_000, 1_000_000_000, 500_200_000, 1_000_000_000) < 1e-17);
  }

  @Test
  void refusesCountsOutsideTheirRange() {
    assertThrows(IllegalArgumentException.class, () -> ExactTests.sameProbability(5, 4, 1, 4));
    assertThrows(IllegalArgumentException.class, () -> ExactTests.sameProbability(1, 4, -1, 4));
    assertThrows(
        IllegalArgumentException.class, () -> ExactTests.sameProbability(1, 1L << 30, 1, 1L << 30));
    assertThrows(IllegalArgumentException.class, () -> ExactTests.hasProbability(1, 1L << 31, 0.5));
    assertThrows(IllegalArgumentException.class, () -> ExactTests.hasProbability(1, 4, 1.5));
  }
}
