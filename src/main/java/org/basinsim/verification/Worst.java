package org.basinsim.verification;

import java.util.function.DoubleUnaryOperator;
import org.basinsim.model.Precision;

/** The worst of many deviations, each in terms of its own tolerance. */
final class Worst {
  private double deviation;
  private double tolerance;
  private double ratio = -1;

  /**
   * Takes numbers into account; an answer of another length is infinitely far off.
   *
   * @param allowed the most that is accepted of an expected number, not negative
   */
  void add(double[] expected, double[] found, DoubleUnaryOperator allowed) {
    if (expected.length != found.length) {
      add(Double.POSITIVE_INFINITY, 0);
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      add(Math.abs(found[i] - expected[i]), allowed.applyAsDouble(expected[i]));
    }
  }

  /** What is not a number is infinitely far off. */
  private void add(double distance, double allowed) {
    double met = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    double terms = met == 0 ? 0 : met / allowed;
    if (terms > ratio) {
      deviation = met;
      tolerance = allowed;
      ratio = terms;
    }
  }

  /** The check that this decides, in unit roundoffs of the precision. */
  Check inRoundoffs(Tier tier, String what, Precision precision) {
    double roundoff = precision.unitRoundoff();
    return new Check(tier, what, deviation / roundoff, tolerance / roundoff, "roundoffs", "");
  }
}
