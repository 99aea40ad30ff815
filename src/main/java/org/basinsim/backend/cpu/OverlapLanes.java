package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.conv.ConvRows;

/** Population descent of overlapping patches in lanes of one precision. */
interface OverlapLanes {

  /**
   * Takes restarts {@code first … first + count − 1} from their starts to their ends and fills
   * their rows.
   *
   * @return false once stopped
   */
  boolean descend(long first, int count, ConvRows rows, BooleanSupplier stopped);

  /** The gradient at the start of a restart, length p. */
  double[] gradient(long restart);

  /** The first states of a restart, {@code steps + 1} of them, ignoring every stopping rule. */
  double[][] trajectory(long restart, int steps);
}
