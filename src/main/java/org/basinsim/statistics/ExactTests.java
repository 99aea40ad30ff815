package org.basinsim.statistics;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.DiscreteDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Exact two-sided tests of counted probabilities. The p-value is the probability of all counts that
 * are no likelier than the observed one (Fisher; Freeman and Halton 1951).
 */
public final class ExactTests {
  /**
   * Counts whose likelihood differs by less than this factor from that of the observed one are
   * equally likely: ties must count whatever their rounding (R's fisher.test uses the same 10⁻⁷).
   */
  private static final double TIE = Math.log1p(1e-7);

  /**
   * Both laws are log-concave, so the terms after one below this share of their sum add up to less
   * than a geometric series: 10⁻¹⁷ of the sum even where 10⁷ restarts spread a law over thousands.
   */
  private static final double NEGLIGIBLE = 1e-20;

  private ExactTests() {}

  /**
   * Fisher's exact test that two independent samples have the same success probability.
   *
   * @param successes1 in [0, n1]
   * @param n1 size of the first sample, at least 0; n1 + n2 below 2³¹
   * @param successes2 in [0, n2]
   * @param n2 size of the second sample
   * @return the p-value, in [0, 1]; 0 where it is below the smallest double
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static double sameProbability(long successes1, long n1, long successes2, long n2) {
    check(successes1, n1);
    check(successes2, n2);
    check(n1, Math.addExact(n1, n2));
    int population = (int) (n1 + n2);
    int successes = (int) (successes1 + successes2);
    if (population == 0) {
      return 1;
    }
    return twoSided(
        HypergeometricDistribution.of(population, successes, (int) n1),
        (int) successes1,
        (n1 + 1.0) * (successes + 1.0) / (population + 2.0));
  }

  /**
   * Exact test that a sample has the given success probability.
   *
   * @param successes in [0, n]
   * @param n sample size, in [0, 2³¹)
   * @param probability in [0, 1]
   * @return the p-value, in [0, 1]; 0 where it is below the smallest double
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static double hasProbability(long successes, long n, double probability) {
    check(successes, n);
    return twoSided(
        BinomialDistribution.of((int) n, probability), (int) successes, (n + 1.0) * probability);
  }

  private static void check(long successes, long n) {
    if (successes < 0 || successes > n || n > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(successes + " successes in a sample of " + n);
    }
  }

  /**
   * Both laws are unimodal: the counts no likelier than the observed one form a lower and an upper
   * tail, and each falls monotonically from its inner end.
   */
  private static double twoSided(DiscreteDistribution law, int observed, double peak) {
    int mode =
        (int) Math.clamp(peak, law.getSupportLowerBound(), (double) law.getSupportUpperBound());
    double limit = law.logProbability(observed) + TIE;
    if (law.logProbability(mode) <= limit) {
      return 1;
    }
    double lower = tail(law, limit, mode, -1, (long) mode - law.getSupportLowerBound());
    double upper = tail(law, limit, mode, 1, (long) law.getSupportUpperBound() - mode);
    return Math.min(1, lower + upper);
  }

  /** The probability of the counts no likelier than the limit on one side of the mode. */
  private static double tail(
      DiscreteDistribution law, double limit, int mode, int direction, long longest) {
    long likelier = 0;
    long inside = longest + 1;
    while (inside - likelier > 1) {
      long middle = (likelier + inside) / 2;
      if (law.logProbability((int) (mode + direction * middle)) <= limit) {
        inside = middle;
      } else {
        likelier = middle;
      }
    }
    double sum = 0;
    double term = 1;
    for (long distance = inside; distance <= longest && term > NEGLIGIBLE * sum; distance++) {
      term = Math.exp(law.logProbability((int) (mode + direction * distance)));
      sum += term;
    }
    return sum;
  }
}
