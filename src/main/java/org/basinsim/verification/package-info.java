/**
 * A device against the reference, tier by tier: random words, gradients, short trajectories,
 * outcomes. {@code basin verify} and the contract test of backends use the same comparisons.
 *
 * <p>Knows no concrete backend: device and reference are both a {@link
 * org.basinsim.backend.Backend} handed in.
 */
package org.basinsim.verification;
