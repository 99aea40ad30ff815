package org.basinsim.statistics;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Two-sided intervals for a binomial probability, compared in Brown, Cai and DasGupta, Interval
 * estimation for a binomial proportion, Statistical Science 16 (2001) 101-133.
 *
 * <p>Each is symmetric under exchange of success and failure, so each states its lower end only and
 * the upper end is the mirror image. Tails are halved at 0 and at n successes too.
 */
public enum IntervalMethod {
  /** Inverts the score test. Coverage is near nominal on average over p and may dip below it. */
  WILSON("wilson") {
    @Override
    double low(double successes, double n, double confidence) {
      double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
      double estimate = successes / n;
      double spread = z * z / n;
      // The ends solve (1 + z²/n) p² - (2 p̂ + z²/n) p + p̂² = 0. Their product is p̂²/(1 + z²/n);
      // the smaller root by the product does not cancel.
      double root = Math.sqrt(spread * (4 * estimate * (1 - estimate) + spread));
      return 2 * estimate * estimate / (2 * estimate + spread + root);
    }
  },

  /** Inverts two one-sided binomial tests. Coverage is nominal or more at every p. */
  CLOPPER_PEARSON("clopper-pearson") {
    @Override
    double low(double successes, double n, double confidence) {
      return BetaDistribution.of(successes, n - successes + 1)
          .inverseCumulativeProbability((1 - confidence) / 2);
    }
  },

  /**
   * Equal-tailed posterior interval under the prior Beta(1/2, 1/2), with the ends moved to 0 at no
   * success and to 1 at no failure, as Brown, Cai and DasGupta define it: without that, coverage
   * falls to 0 as p does.
   */
  JEFFREYS("jeffreys") {
    @Override
    double low(double successes, double n, double confidence) {
      return BetaDistribution.of(successes + 0.5, n - successes + 0.5)
          .inverseCumulativeProbability((1 - confidence) / 2);
    }
  };

  private final String label;

  IntervalMethod(String label) {
    this.label = label;
  }

  /** The lower end for 0 < successes ≤ n. */
  abstract double low(double successes, double n, double confidence);

  /** The name a user writes: {@code wilson}, {@code clopper-pearson} or {@code jeffreys}. */
  public String label() {
    return label;
  }

  /**
   * The method a user has named.
   *
   * @throws IllegalArgumentException in one line with the allowed names, if there is none
   */
  public static IntervalMethod of(String label) {
    return Arrays.stream(values())
        .filter(method -> method.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "interval method \""
                    + label
                    + "\" is not one of "
                    + Arrays.stream(values())
                        .map(IntervalMethod::label)
                        .collect(Collectors.joining(", "))));
  }

  /**
   * The interval for the success probability. The low end is exactly 0 at no success, the high end
   * exactly 1 at no failure; with n = 0 nothing is known and the interval is [0, 1].
   *
   * @param successes in [0, n]; need not be whole, as an effective size is not
   * @param n sample size, at least 0; need not be whole
   * @param confidence in (0, 1)
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public Interval of(double successes, double n, double confidence) {
    if (!(successes >= 0 && successes <= n && n < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(successes + " successes in a sample of " + n);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence " + confidence + " is not in (0, 1)");
    }
    double failures = n - successes;
    return new Interval(
        successes == 0 ? 0 : low(successes, n, confidence),
        failures == 0 ? 1 : 1 - low(failures, n, confidence));
  }
}
