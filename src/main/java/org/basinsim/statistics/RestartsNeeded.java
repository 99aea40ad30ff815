package org.basinsim.statistics;

/**
 * How many independent restarts make the probability that none succeeds at most δ: the smallest
 * whole number m ≥ 1 with (1 − p)^m ≤ δ.
 *
 * @param estimate at the estimated probability: whole, or infinite where that is 0
 * @param interval at the ends of the probability's interval; its high end is infinite where that
 *     interval reaches 0
 */
public record RestartsNeeded(double estimate, Interval interval) {
  /**
   * A quotient this near a whole number is that number: both logarithms are good to about 1 ulp (2
   * × 10⁻¹⁶) and 1 − p loses at most as much of p, so 0.9 and δ = 0.01 must give 2, not 3.
   */
  private static final double WHOLE = 1e-12;

  /**
   * @param probability estimated success probability of one restart, in [0, 1]
   * @param probabilities its interval, within [0, 1]
   * @param failure δ, in (0, 1)
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static RestartsNeeded of(double probability, Interval probabilities, double failure) {
    return new RestartsNeeded(
        count(probability, failure),
        new Interval(count(probabilities.high(), failure), count(probabilities.low(), failure)));
  }

  private static double count(double probability, double failure) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability " + probability + " is not in [0, 1]");
    }
    if (!(failure > 0 && failure < 1)) {
      throw new IllegalArgumentException("failure probability " + failure + " is not in (0, 1)");
    }
    if (probability == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double quotient = Math.log(failure) / Math.log1p(-probability);
    double nearest = Math.rint(quotient);
    boolean whole = Math.abs(quotient - nearest) <= WHOLE * nearest;
    return Math.max(1, whole ? nearest : Math.ceil(quotient));
  }
}
