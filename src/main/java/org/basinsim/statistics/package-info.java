/**
 * Counts in, intervals out: how sure one may be of a probability that was counted.
 *
 * <p>Nothing here reads, writes or knows what was simulated. Undecided and diverged restarts always
 * stay in the denominator. Restarts that share data, a stream or a draw of signs are counted in
 * clusters ({@link org.basinsim.statistics.ClusteredCounts}).
 */
package org.basinsim.statistics;
