/**
 * Success probabilities without Monte Carlo: integrals over the law of the start, from a backend's
 * verdicts on given starts.
 */
package org.basinsim.quadrature;
