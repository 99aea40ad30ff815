package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.backend.gpu.Piece.Tile;

/** What a run is asked to note, and who reads its records. */
interface Records {

  /** Position of a cell among those of the launch. */
  int local(int cell);

  /** Steps whose states are noted, increasing; as many as the plan's samples. */
  List<Integer> sampledSteps();

  /**
   * Takes the record of a restart of a tile. Called by several threads at once; every restart has
   * one record.
   *
   * @return whether its numbers can be those of a restart
   */
  boolean read(int offset, Ended ended, Piece piece, Tile tile);
}
