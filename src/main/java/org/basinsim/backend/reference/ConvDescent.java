package org.basinsim.backend.reference;

import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvState;

/** One restart of the convolutional network under way. */
interface ConvDescent {

  /** The invariants of the student as it stands. */
  ConvState state();

  /** The filter of the student; empty where the descent is carried out in reduced coordinates. */
  double[] filter();

  /**
   * What the present state establishes, {@code UNDECIDED} where it is nothing yet; asked once a
   * step.
   */
  Outcome established(int step);

  /** The value of column {@code loss} for the present state. */
  double loss(int step);

  /** Takes step number {@code step}, from 0. */
  void step(int step);

  /** The gradient that step would follow: filter (p), then output weights (k) where learned. */
  double[] gradient(int step);
}
