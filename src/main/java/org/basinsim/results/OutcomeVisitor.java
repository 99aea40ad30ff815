package org.basinsim.results;

/** Is shown every recorded outcome, by cell, within a cell by index. */
public interface OutcomeVisitor {

  /**
   * Consecutive restarts of a cell.
   *
   * @param cell its number in the study
   * @param first index of the first
   * @param outcomes codes, in an array of the visitor's own
   */
  void rows(int cell, long first, byte[] outcomes);

  /**
   * Consecutive restarts of a cell of which counts alone were kept.
   *
   * @param cell its number in the study
   * @param first index of the first
   * @param counts number of restarts by outcome code
   */
  void counts(int cell, long first, long[] counts);
}
