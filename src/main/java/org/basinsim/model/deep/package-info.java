/**
 * Over-parameterized networks of any depth, trained on n inputs by full-batch descent on all layers
 * (Du, Zhai, Poczos, Singh, ICLR 2019, arXiv 1810.02054, DZ19; Du, Lee, Li, Wang, Zhai, ICML 2019,
 * arXiv 1811.03804, DU19).
 *
 * <p>Notation. n inputs x_i of R^d with labels y_i, L = ½ Σ (f(x_i) − y_i)², width m, depth H. All
 * architectures are one recursion over layers h = 1 … H with weights W^(h), whose entries start as
 * standard normals:
 *
 * <pre>
 *   z^(h) = W^(h) φ(x^(h−1))     x^(h) = skip·x^(h−1) + (γ_h ∕ √m) σ(z^(h))     f = ⟨a, x^(H)⟩
 * </pre>
 *
 * <p>A state x^(h) has one column for each of P positions (P = 1 but for convolution), and φ puts
 * the q columns around a position one below the other, zeros beyond the ends (q = 1: the identity).
 *
 * <p>G^(h) = ⟨∂f_i∕∂W^(h), ∂f_j∕∂W^(h)⟩ is the Gram matrix of a layer; the tangent kernel Θ is
 * their sum over everything trained. Residuals r = f − y follow r(t + 1) ≈ (I − ηΘ) r(t).
 */
package org.basinsim.model.deep;
