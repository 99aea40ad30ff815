package org.basinsim.model.conv;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How gradients g₁, g₂, … become steps of a weight w, each coordinate by itself. All that is
 * remembered between steps starts at 0 with the restart.
 *
 * <p>Adam and AdaGrad scale coordinates one by one, so that, unlike plain steps and momentum, they
 * see which way the teacher points.
 */
public sealed interface Optimizer {

  /** Plain steps: w ← w − ηg. */
  record Gd() implements Optimizer {}

  /**
   * The heavy ball (Polyak 1964): m ← μm + g, w ← w − ηm.
   *
   * @param momentum μ, 0 ≤ μ < 1
   */
  record Momentum(double momentum) implements Optimizer {
    public Momentum {
      requireShare(momentum);
    }
  }

  /**
   * AdaGrad (Duchi, Hazan, Singer, JMLR 2011): s ← s + g², w ← w − ηg ∕ (√s + ε).
   *
   * @param epsilon ε > 0
   */
  record AdaGrad(double epsilon) implements Optimizer {
    public AdaGrad {
      requirePositive(epsilon);
    }
  }

  /**
   * Adam (Kingma, Ba, ICLR 2015, algorithm 1): m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)g², w ← w − η m̂
   * ∕ (√ŝ + ε) with m̂ = m ∕ (1−β₁ᵗ), ŝ = s ∕ (1−β₂ᵗ) at step t = 1, 2, …
   *
   * @param beta1 β₁, 0 ≤ β₁ < 1
   * @param beta2 β₂, 0 ≤ β₂ < 1
   * @param epsilon ε > 0
   */
  record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    public Adam {
      requireShare(beta1);
      requireShare(beta2);
      requirePositive(epsilon);
    }
  }

  /** The word used in study files. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The study keys and canonical values that this optimizer is made of. */
  default Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("descent.optimizer", word());
    switch (this) {
      case Gd() -> {}
      case Momentum(double momentum) -> keys.put("descent.momentum", Double.toString(momentum));
      case AdaGrad(double epsilon) -> keys.put("descent.epsilon", Double.toString(epsilon));
      case Adam(double beta1, double beta2, double epsilon) -> {
        keys.put("descent.beta1", Double.toString(beta1));
        keys.put("descent.beta2", Double.toString(beta2));
        keys.put("descent.epsilon", Double.toString(epsilon));
      }
    }
    return keys;
  }

  private static void requireShare(double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("not from 0 to below 1: " + value);
    }
  }

  private static void requirePositive(double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("not above 0: " + value);
    }
  }
}
