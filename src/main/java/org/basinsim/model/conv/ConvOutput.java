package org.basinsim.model.conv;

import java.util.Locale;

/** What stands behind the hidden layer. */
public enum ConvOutput {
  /** f = Σ_j a_j σ(v̂·Z_j), v and a learned, loss ½ E(f − f*)² (DU18). */
  LEARNED,
  /** f = (1/k) Σ_j σ(w·Z_j), only w learned, loss E(f − f*)² (BG17). */
  AVERAGE;

  /** The word used in study files: {@code learned} or {@code average}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
