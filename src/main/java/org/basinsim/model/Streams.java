package org.basinsim.model;

import java.util.Locale;

/** Whether restarts of equal index share randomness between the cells of a study. */
public enum Streams {
  /** Every experiment has a generator key of its own. */
  INDEPENDENT,
  /** The key depends on the seed alone: common random numbers between cells. */
  COMMON;

  /** The word used in study files: {@code independent} or {@code common}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
