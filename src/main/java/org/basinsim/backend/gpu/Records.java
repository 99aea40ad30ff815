package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.conv.ConvState;

/** What a run is asked to note, and who reads its records. */
interface Records {

  /** Position of a cell among those of the launch. */
  int local(int cell);

  /** Steps whose states are noted, increasing; as many as the plan's samples. */
  List<Integer> sampledSteps();

  /**
   * Takes a record. Called by several threads at once; every record has a row of its own.
   *
   * @param record position of the record among the integers and reals
   * @return whether its numbers can be those of a restart
   */
  boolean read(NativeNumbers ints, NativeNumbers reals, int record, Piece piece, Tile tile);

  /** The state whose five numbers begin at a position. */
  static ConvState state(NativeNumbers reals, long at) {
    return new ConvState(
        reals.real(at),
        reals.real(at + 1),
        reals.real(at + 2),
        reals.real(at + 3),
        reals.real(at + 4));
  }
}
