package org.basinsim.verification;

import java.util.Locale;

/** What is compared, from what must be equal bit for bit to what can only be equal in law. */
public enum Tier {
  /** Words of the generator bit for bit, and the normals made of them. */
  RANDOM("random words and normals"),
  /** One gradient. */
  GRADIENT("gradients"),
  /** The first 50 steps of a descent. */
  TRAJECTORY("trajectories of " + Comparison.STEPS + " steps"),
  /** Outcomes of whole restarts, one by one and in number. */
  OUTCOME("outcomes of whole restarts");

  private final String title;

  Tier(String title) {
    this.title = title;
  }

  /** The word used in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The same in a few words, for people who wait. */
  public String title() {
    return title;
  }
}
