package org.basinsim.model;

import java.util.Locale;

/**
 * How a restart ended. The four outcomes are all there are, and every restart has exactly one: a
 * restart never leaves the denominator of a probability.
 */
public enum Outcome {
  /** The step budget was spent before anything else was established. */
  UNDECIDED,
  /** Descent reaches the teacher. */
  GLOBAL,
  /** Descent ends at a stationary point that is not a global minimum. */
  SPURIOUS,
  /** A parameter is not finite, or a norm passed {@link #DIVERGENCE_NORM}. */
  DIVERGED;

  /** A restart whose filter or output weights pass this norm counts as diverged. */
  public static final double DIVERGENCE_NORM = 1e6;

  private static final Outcome[] BY_CODE = values();

  /** The number recorded in results files: 0 undecided, 1 global, 2 spurious, 3 diverged. */
  public byte code() {
    return (byte) ordinal();
  }

  /**
   * The outcome of a recorded number.
   *
   * @param code 0 … 3
   * @throws IllegalArgumentException for any other number
   */
  public static Outcome of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("an outcome is 0, 1, 2 or 3, not " + code);
    }
    return BY_CODE[code];
  }

  /** The word used in tables and columns: {@code global}, {@code spurious}, … */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
