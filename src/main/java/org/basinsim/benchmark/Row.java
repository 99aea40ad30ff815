package org.basinsim.benchmark;

import java.util.Optional;

/**
 * What became of one kind of work on one device.
 *
 * @param status whether it was timed
 * @param remark why it was not timed, one line; empty where it was
 * @param measured where it was timed
 */
public record Row(Work work, Status status, String remark, Optional<Measured> measured) {

  /** Whether some work was timed. */
  public enum Status {
    TIMED,
    /** The reference gives another answer. */
    WRONG,
    /** The device did not do what it was told. */
    FAILED,
    /** The device says that it cannot serve this, and why. */
    UNAVAILABLE;

    /** The word used in reports. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether this is a defect. */
    public boolean bad() {
      return this == WRONG || this == FAILED;
    }
  }

  /**
   * Figures of timed work.
   *
   * @param speed in restart-steps a second
   * @param boundBy the limit that is reached first; empty where the device's limits are not known
   * @param restarts trained in a repeat
   * @param steps of each
   * @param prepareSeconds until the experiment was ready the first time, compiling included
   */
  public record Measured(
      Speed speed,
      Optional<Bounds.Quantity> boundBy,
      long restarts,
      int steps,
      double prepareSeconds) {}

  static Row untimed(Work work, Status status, String remark) {
    return new Row(work, status, remark, Optional.empty());
  }
}
