package org.basinsim.random;

/**
 * What a draw is for. Draws for different purposes never share a counter.
 *
 * <p>The codes are part of every published result: a code is never changed or used again.
 */
public enum Purpose {
  /** The start of the filter, or of the scalars that stand for it. */
  FILTER_START(0),
  /** The start of the output weights, or of the scalars that stand for them. */
  OUTPUT_START(1),
  /** The part of a filter's start that its reduced scalars leave open. */
  FILTER_REST(2),
  /** The part of the output weights' start that their reduced scalars leave open. */
  OUTPUT_REST(3),
  /** The inputs of an online step. */
  INPUTS(4),
  /** The chi-square of a projected step: its noise orthogonal to student and teacher. */
  PERPENDICULAR(5),
  /** The inputs of a data set drawn once. */
  DATA_SET(6),
  /** The norm of a filter's start beside the teacher's. */
  FILTER_ACROSS(7),
  /** The norm of the normal output weights' start beside the teacher's axes. */
  OUTPUT_ACROSS(8),
  /** The noise that perturbs the point whose gradient a step follows. */
  NOISE(9);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** The 16-bit number that enters the counter, 0 to 65535. */
  public int code() {
    return code;
  }

  /**
   * The purpose of a code.
   *
   * @throws IllegalArgumentException if no purpose has it
   */
  public static Purpose of(int code) {
    for (Purpose purpose : values()) {
      if (purpose.code == code) {
        return purpose;
      }
    }
    throw new IllegalArgumentException("no purpose has the code " + code);
  }
}
