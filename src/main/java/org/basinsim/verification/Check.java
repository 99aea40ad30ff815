package org.basinsim.verification;

/**
 * What one comparison came to.
 *
 * @param tier the tier it belongs to
 * @param what what is compared, such as {@code direct learned, single}
 * @param deviation the worst one met; where several tolerances apply, the worst in terms of its own
 * @param tolerance the most that is accepted there
 * @param unit of both
 * @param missing why the device cannot be asked; empty where it answered
 */
public record Check(
    Tier tier, String what, double deviation, double tolerance, String unit, String missing) {

  /** A device may be unable to serve some precision; that is no fault of what it does serve. */
  static Check unavailable(Tier tier, String what, String reason) {
    return new Check(tier, what, Double.NaN, Double.NaN, "", reason);
  }

  /** Whether the device could be asked. */
  public boolean available() {
    return missing.isEmpty();
  }

  /** Whether the device answered as the reference does. */
  public boolean holds() {
    return available() && deviation <= tolerance;
  }

  /** Whether the device answered otherwise; what is no number at all is no answer. */
  public boolean fails() {
    return available() && !holds();
  }

  /** {@code holds}, {@code FAILS} or {@code not available}. */
  public String result() {
    return !available() ? "not available" : holds() ? "holds" : "FAILS";
  }
}
