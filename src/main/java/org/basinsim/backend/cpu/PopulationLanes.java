package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.conv.ConvRows;

/** Population descent in lanes of one precision, with room for the restarts under way. */
interface PopulationLanes {

  /**
   * Takes every row of a launch from its start to its end.
   *
   * @param rows takes what is noted on the way
   * @return false once stopped
   */
  boolean descend(PopulationLaunch launch, ConvRows rows, BooleanSupplier stopped);

  /** The first states of row 0, {@code steps + 1} of them, ignoring every stopping rule. */
  double[][] trajectory(PopulationLaunch launch, int steps);
}
