/**
 * Two layers, orthogonal teachers: students and teachers are sums of ReLUs of one Gaussian input
 * (Safran, Shamir, ICML 2018, arXiv 1712.08968; SS18).
 *
 * <p>Notation. f(x; W) = Σ_i σ(w_i·x), n students w_i in R^k, k teachers v_j = e_j, x ~ N(0, I_k).
 * θ is the angle between two vectors, κ(u, v) = E σ(u·x)σ(v·x) = ‖u‖‖v‖ (sin θ + (π − θ) cos θ)∕2π
 * the arc-cosine kernel of order one. F = ½ E (f(x; W) − f(x; V))² is the loss.
 */
package org.basinsim.model.twolayer;
