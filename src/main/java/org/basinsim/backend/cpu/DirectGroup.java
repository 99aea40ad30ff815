package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;

/** Direct descent of one precision, with room for the restarts under way. */
interface DirectGroup {

  /**
   * Takes restarts that see the same inputs from their starts to their ends.
   *
   * @param first the first restart
   * @param stride from one restart to the next
   * @param count number of restarts, any
   * @param rows takes what is noted and fills their rows
   * @return false once stopped
   */
  boolean descend(long first, int stride, long count, DirectRows rows, BooleanSupplier stopped);

  /** The gradient of a restart's first step: filter, then output weights where learned. */
  double[] gradient(long restart);

  /** The first states of a restart, {@code steps + 1} of them, ignoring every stopping rule. */
  double[][] trajectory(long restart, int steps);
}
