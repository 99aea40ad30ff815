package org.basinsim.model.deep;

import java.util.Locale;

/** How layers follow one another. */
public enum Architecture {
  /** f = m^{-1/2} Σ a_r σ(w_r·x) with fixed signs a_r; only W is trained (DZ19). */
  TWO_LAYER,
  /** x^(h) = √(c_σ∕m) σ(W^(h) x^(h−1)) (DU19, section 5). */
  FULLY_CONNECTED,
  /** x^(1) as above, x^(h) = x^(h−1) + c_res∕(H√m) σ(W^(h) x^(h−1)) (DU19, section 6). */
  RESNET,
  /** The same on P positions, with W^(h) applied to the q columns around each (DU19, section 7). */
  CONV_RESNET;

  /** The word used in study files: {@code two-layer}, … */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The architecture of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Architecture of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
