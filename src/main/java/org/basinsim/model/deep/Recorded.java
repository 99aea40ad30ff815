package org.basinsim.model.deep;

import java.util.Locale;

/** What may be recorded of a restart; outcome and steps always are. */
public enum Recorded {
  /** Loss at start and end. */
  LOSS,
  /** The rate at which the loss falls, beside the one that Θ(0) gives. */
  RATE,
  /** Extreme eigenvalues of Θ and G^(H) at start and end, and how far Θ has moved. */
  KERNELS,
  /** How far the weights of each layer have moved. */
  MOVEMENT,
  /** Two layers with ReLU: patterns flipped, and the largest movement of a unit. */
  PATTERNS,
  /** The loss at chosen steps. */
  TRAJECTORY,
  /** The loss at the same steps as descent with Θ(0) predicts it. */
  PREDICTION,
  /** Extreme eigenvalues of the kernels of infinite width, and the loss that they predict. */
  LIMIT;

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
