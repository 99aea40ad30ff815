package org.basinsim.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class ClusteredCountsTest {
  private static final double CONFIDENCE = 0.95;

  @Test
  void clustersOfOneAreIndependentRestarts() {
    ClusteredCounts counts = new ClusteredCounts();
    for (int i = 0; i < 37; i++) {
      counts.add(1, i % 3 == 0 ? 1 : 0);
    }
    for (IntervalMethod method : IntervalMethod.values()) {
      assertClose(method.of(13, 37, CONFIDENCE), counts.interval(method, CONFIDENCE));
    }
    assertEquals(1, counts.designEffect(CONFIDENCE));
  }

  @Test
  void restartsThatAlwaysAgreeCountOncePerCluster() {
    ClusteredCounts counts = new ClusteredCounts();
    for (int i = 0; i < 16; i++) {
      counts.add(250, i < 5 ? 250 : 0);
    }
    for (IntervalMethod method : IntervalMethod.values()) {
      assertClose(method.of(5, 16, CONFIDENCE), counts.interval(method, CONFIDENCE));
    }
    assertEquals(250, counts.designEffect(CONFIDENCE));
  }

  @Test
  void completeSuccessSaysNoMoreThanTheNumberOfClusters() {
    ClusteredCounts successes = new ClusteredCounts();
    ClusteredCounts failures = new ClusteredCounts();
    for (int i = 0; i < 16; i++) {
      successes.add(250, 250);
      failures.add(250, 0);
    }
    for (IntervalMethod method : IntervalMethod.values()) {
      assertEquals(
          method.of(16, 16, CONFIDENCE), successes.interval(method, CONFIDENCE), method.label());
      assertEquals(
          method.of(0, 16, CONFIDENCE), failures.interval(method, CONFIDENCE), method.label());
    }
  }

  /** Korn and Graubard's ratio estimator, written out over the clusters, at equal sizes. */
  @Test
  void isKornGraubardAtEqualSizes() {
    long[] successes = {1, 3, 7, 2, 0, 5, 6, 2, 7, 4, 3};
    int clusters = successes.length;
    int size = 7;
    ClusteredCounts counts = new ClusteredCounts();
    double sum = 0;
    for (long y : successes) {
      counts.add(size, y);
      sum += y;
    }
    double n = clusters * size;
    double estimate = sum / n;
    double squares = 0;
    for (long y : successes) {
      squares += Math.pow(y - estimate * size, 2);
    }
    double variance = clusters / (clusters - 1.0) * squares / (n * n);
    double quantiles =
        TDistribution.of(n - 1).inverseCumulativeProbability(0.975)
            / TDistribution.of(clusters - 1).inverseCumulativeProbability(0.975);
    double expected = estimate * (1 - estimate) / variance * quantiles * quantiles;
    assertTrue(expected > clusters && expected < n, "neither limit is active: " + expected);
    // A dozen operations in double.
    assertEquals(expected, counts.effectiveSize(CONFIDENCE), 1e-12 * expected);
  }

  /** The variance beneath the effective size, against all outcomes of three unequal clusters. */
  @Test
  void varianceIsUnbiasedAtUnequalSizes() {
    int[] sizes = {1, 2, 5};
    double p = 0.3;
    double shared = 0.4;
    double n = 8;
    double expected = 0;
    double mean = 0;
    double square = 0;
    for (int a = 0; a <= sizes[0]; a++) {
      for (int b = 0; b <= sizes[1]; b++) {
        for (int c = 0; c <= sizes[2]; c++) {
          double weight =
              probability(a, sizes[0], p, shared)
                  * probability(b, sizes[1], p, shared)
                  * probability(c, sizes[2], p, shared);
          ClusteredCounts counts = new ClusteredCounts();
          counts.add(sizes[0], a);
          counts.add(sizes[1], b);
          counts.add(sizes[2], c);
          double estimate = (a + b + c) / n;
          mean += weight * estimate;
          square += weight * estimate * estimate;
          expected += weight * counts.variance();
        }
      }
    }
    assertEquals(p, mean, 1e-14);
    // 36 terms of size 1 at most.
    assertEquals(square - mean * mean, expected, 1e-14);
  }

  /** With probability {@code shared} all restarts of a cluster share one outcome. */
  private static double probability(int successes, int size, double p, double shared) {
    double ways = 1;
    for (int i = 1; i <= successes; i++) {
      ways *= (size - successes + i) / (double) i;
    }
    double together = successes == size ? p : successes == 0 ? 1 - p : 0;
    double apart = ways * Math.pow(p, successes) * Math.pow(1 - p, size - successes);
    return shared * together + (1 - shared) * apart;
  }

  @Test
  void quadruplesThatAlwaysSplitAreNoBetterThanIndependentRestarts() {
    ClusteredCounts counts = new ClusteredCounts();
    for (int i = 0; i < 50; i++) {
      counts.add(4, 2);
    }
    double effective = counts.effectiveSize(CONFIDENCE);
    // Only the Student quantiles at 199 and 49 degrees of freedom remain: (1.9720/2.0096)².
    assertEquals(200 * Math.pow(1.971957 / 2.009575, 2), effective, 200 * 1e-6);
  }

  @Test
  void oneClusterIsConditional() {
    ClusteredCounts counts = new ClusteredCounts();
    counts.add(40, 13);
    assertTrue(counts.isConditional());
    assertEquals(40, counts.effectiveSize(CONFIDENCE));
    counts.add(40, 15);
    assertFalse(counts.isConditional());
    assertTrue(counts.effectiveSize(CONFIDENCE) < 80);
  }

  @Test
  void withoutRestartsNothingIsKnown() {
    ClusteredCounts counts = new ClusteredCounts();
    assertEquals(new Interval(0, 1), counts.interval(IntervalMethod.WILSON, CONFIDENCE));
    assertTrue(Double.isNaN(counts.estimate()));
  }

  @Test
  void survivesClustersOfUtterlyUnequalSize() {
    ClusteredCounts counts = new ClusteredCounts();
    counts.add(1, 1);
    counts.add(3_000_000_000L, 1_000_000_000L);
    double effective = counts.effectiveSize(CONFIDENCE);
    // n²/Σs² = 1 + 2/(3 × 10⁹): in effect one cluster.
    assertEquals(1, effective, 1e-9);
    Interval interval = counts.interval(IntervalMethod.CLOPPER_PEARSON, CONFIDENCE);
    assertTrue(interval.low() < 0.02 && interval.high() > 0.98, interval.toString());
  }

  @Test
  void effectiveSizeStaysWithinItsLimits() {
    SplittableRandom random = new SplittableRandom(20260101);
    for (int round = 0; round < 500; round++) {
      ClusteredCounts counts = new ClusteredCounts();
      double squares = 0;
      for (int i = random.nextInt(2, 9); i > 0; i--) {
        long size = random.nextLong(1, 14);
        counts.add(size, random.nextLong(0, size + 1));
        squares += size * size;
      }
      double n = counts.size();
      double effective = counts.effectiveSize(CONFIDENCE);
      assertTrue(effective >= n * n / squares && effective <= n, "round " + round);
      Interval interval = counts.interval(IntervalMethod.WILSON, CONFIDENCE);
      assertTrue(interval.contains(counts.estimate()), "round " + round);
    }
  }

  /** Any grouping and order of the same clusters gives the same bits. */
  @Test
  void mergingIsAssociativeAndCommutative() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      ClusteredCounts all = new ClusteredCounts();
      ClusteredCounts[] parts = new ClusteredCounts[3];
      for (int part = 0; part < 3; part++) {
        parts[part] = new ClusteredCounts();
        for (int i = random.nextInt(0, 5); i > 0; i--) {
          long size = random.nextLong(1, 1_000_000);
          long successes = random.nextLong(0, size + 1);
          all.add(size, successes);
          parts[part].add(size, successes);
        }
      }
      ClusteredCounts left = merged(merged(parts[0], parts[1]), parts[2]);
      ClusteredCounts right = merged(parts[0], merged(parts[1], parts[2]));
      ClusteredCounts reversed = merged(parts[2], merged(parts[1], parts[0]));
      for (ClusteredCounts other : new ClusteredCounts[] {left, right, reversed}) {
        assertEquals(all.clusters(), other.clusters());
        assertEquals(all.size(), other.size());
        assertEquals(all.successes(), other.successes());
        assertEquals(all.effectiveSize(CONFIDENCE), other.effectiveSize(CONFIDENCE));
      }
    }
  }

  private static ClusteredCounts merged(ClusteredCounts first, ClusteredCounts second) {
    ClusteredCounts sum = new ClusteredCounts();
    sum.merge(first);
    sum.merge(second);
    return sum;
  }

  @Test
  void refusesImpossibleClustersAndOverflow() {
    ClusteredCounts counts = new ClusteredCounts();
    assertThrows(IllegalArgumentException.class, () -> counts.add(0, 0));
    assertThrows(IllegalArgumentException.class, () -> counts.add(3, 4));
    assertThrows(IllegalArgumentException.class, () -> counts.add(3, -1));
    assertThrows(IllegalArgumentException.class, () -> counts.effectiveSize(1));
    assertThrows(ArithmeticException.class, () -> counts.add(1L << 32, 1));
    assertEquals(0, counts.size());
  }

  private static void assertClose(Interval expected, Interval actual) {
    // Successes come back as size × (successes/size): 1 ulp, far below 10⁻¹².
    assertEquals(expected.low(), actual.low(), 1e-12);
    assertEquals(expected.high(), actual.high(), 1e-12);
  }
}
