package org.basinsim.model.conv;

import java.util.Locale;

/** Where the gradient of a descent comes from. */
public sealed interface Oracle {

  /** The word used in study files. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Whether steps see whole inputs, in full dimension. */
  default boolean drawsInputs() {
    return switch (this) {
      case Population() -> false;
      case Online online -> !online.projected();
      case Empirical of -> true;
    };
  }

  /** The closed form of the population gradient; no samples. */
  record Population() implements Oracle {}

  /**
   * A fresh batch for each step.
   *
   * @param projected draw only what student and teacher see of the inputs (equal in law), instead
   *     of the inputs themselves
   * @param batch B ≥ 1, inputs a step
   * @param share restarts that share one stream of inputs, ≥ 1; 1 when projected
   */
  record Online(boolean projected, int batch, int share) implements Oracle {}

  /**
   * Full-batch descent on fixed data sets; restart i uses data set i mod {@code dataSets}.
   *
   * @param samples N ≥ 1, inputs in a data set
   * @param dataSets number of data sets, ≥ 1
   */
  record Empirical(int samples, int dataSets) implements Oracle {}
}
