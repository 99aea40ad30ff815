package org.basinsim.model.deep;

import java.util.Locale;

/** What differs from restart to restart. */
public enum Varies {
  /** Weights; all restarts of a cell are trained on the same data. */
  WEIGHTS,
  /** Data; all restarts of a cell start from the same weights. */
  DATA,
  /** Weights and data. */
  BOTH;

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
