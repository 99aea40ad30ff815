package org.basinsim.results;

/**
 * What is known of a cell, as written to {@code /cells}.
 *
 * @param global restarts that reached the global minimum, at least 0, as are the other counts
 * @param spurious restarts that ended elsewhere
 * @param undecided restarts that spent their budget
 * @param diverged restarts that left every bound
 * @param clusters groups of restarts that are independent of one another; as many as restarts where
 *     each stands alone
 * @param probability estimated success probability
 * @param low lower end of its interval
 * @param high upper end of its interval
 * @param exact success probability by quadrature; not a number where there is none
 */
public record CellSummary(
    long global,
    long spurious,
    long undecided,
    long diverged,
    long clusters,
    double probability,
    double low,
    double high,
    double exact) {

  /** Restarts of all outcomes. */
  public long restarts() {
    return global + spurious + undecided + diverged;
  }
}
