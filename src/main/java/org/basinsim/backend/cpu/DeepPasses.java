package org.basinsim.backend.cpu;

import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.TangentKernel;

/** The weights of one restart at a time, in one precision, and what is done with them. */
interface DeepPasses {

  /** Takes up a restart at its start, and passes its inputs forward. */
  void start(long restart);

  /** Steps of descent: θ ← θ − η ∂L∕∂θ, and passes the inputs forward. */
  void step(double stepSize);

  /** f(x_i) − y_i. */
  double[] residuals();

  /** L = ½ Σ r². */
  double loss();

  /** Θ and G^(H). */
  TangentKernel kernel();

  /** ∂L∕∂θ of everything trained, layer after layer, row-major. */
  double[] gradient();

  /** How far the weights have come since {@link #start}. */
  DeepRows.Movement movement();
}
