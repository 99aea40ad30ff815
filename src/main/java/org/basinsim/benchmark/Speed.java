package org.basinsim.benchmark;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * How fast work is beside what bounds it.
 *
 * @param rate a second, the median of the repeats
 * @param limit what the rate could be at most, in the same unit, the median; NaN if not known
 * @param fraction median of rate ∕ limit, both of one repeat
 */
public record Speed(double rate, double limit, double fraction) {

  /** Rate and limit are taken in turn, so that both see the same machine. */
  public static Speed inTurn(int repeats, DoubleSupplier rate, DoubleSupplier limit) {
    double[] rates = new double[repeats];
    double[] limits = new double[repeats];
    double[] fractions = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      rates[i] = rate.getAsDouble();
      limits[i] = limit.getAsDouble();
      fractions[i] = rates[i] / limits[i];
    }
    return new Speed(median(rates), median(limits), median(fractions));
  }

  /** The middle one, the upper of two. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
