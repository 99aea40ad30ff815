package org.basinsim.model;

import java.util.Locale;

/** The floating-point type a descent is carried out in. Starts are always drawn in double. */
public enum Precision {
  SINGLE(0x1p-24),
  DOUBLE(0x1p-53);

  private final double unitRoundoff;

  Precision(double unitRoundoff) {
    this.unitRoundoff = unitRoundoff;
  }

  /** Largest relative error of one rounding: 2⁻²⁴ or 2⁻⁵³. */
  public double unitRoundoff() {
    return unitRoundoff;
  }

  /** The word used in study files: {@code single} or {@code double}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
