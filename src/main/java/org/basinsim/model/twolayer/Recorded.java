package org.basinsim.model.twolayer;

import java.util.Locale;

/** What may be recorded of a restart; outcome and steps always are. */
public enum Recorded {
  /** The loss at the end. */
  LOSS,
  /** The largest gradient of a student at the end. */
  GRADIENT;

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
