package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.conv.ConvRows;

/** Projected online descent in lanes of one precision, with room for the restarts under way. */
interface ProjectedLanes {

  /**
   * Takes restarts {@code first … first + count − 1} from their starts to their ends.
   *
   * @param rows takes the start, what is noted on the way, and the end
   * @return false once stopped
   */
  boolean descend(long first, int count, ConvRows rows, BooleanSupplier stopped);

  /** The first states of a restart, {@code steps + 1} of them, ignoring every stopping rule. */
  double[][] trajectory(long restart, int steps);
}
