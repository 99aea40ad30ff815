package org.basinsim.model;

/**
 * Restarts {@code first … first + count − 1} of one cell.
 *
 * @param cell position of the cell in the list of experiments at hand, from 0
 * @param first index of the first restart, from 0
 * @param count number of restarts, at least 1
 */
public record RestartRange(int cell, long first, long count) {

  public RestartRange {
    if (cell < 0 || first < 0 || count < 1) {
      throw new IllegalArgumentException(
          "no restarts: cell " + cell + ", first " + first + ", count " + count);
    }
  }

  /** One past the index of the last restart. */
  public long end() {
    return first + count;
  }
}
