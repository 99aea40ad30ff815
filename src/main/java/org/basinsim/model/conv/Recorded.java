package org.basinsim.model.conv;

import java.util.Locale;

/** What may be recorded of a restart; outcome and steps always are. */
public enum Recorded {
  /** The loss at the end. */
  LOSS,
  /** The angle between filter and teacher at the end. */
  ANGLE,
  /** The invariants of the start. */
  START,
  /** The invariants of the end. */
  FINAL,
  /** The lengths of the slow and the fast phase. */
  PHASES,
  /** Loss and angle at geometrically spaced steps. */
  TRAJECTORY;

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
