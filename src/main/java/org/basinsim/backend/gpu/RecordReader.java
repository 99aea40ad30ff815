package org.basinsim.backend.gpu;

import java.util.List;
import java.util.Map;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.backend.gpu.Piece.Tile;

/** Hands records to those who turn them into rows. */
final class RecordReader implements Records {
  private final List<GpuSystem.Prepared> cells;
  private final Map<Integer, Integer> local;
  private final List<Integer> sampled;

  /**
   * @param cells of the training
   * @param local where each cell of this launch stands among them
   * @param sampled steps whose states are noted
   */
  RecordReader(List<GpuSystem.Prepared> cells, Map<Integer, Integer> local, List<Integer> sampled) {
    this.cells = cells;
    this.local = local;
    this.sampled = sampled;
  }

  @Override
  public int local(int cell) {
    return local.get(cell);
  }

  @Override
  public List<Integer> sampledSteps() {
    return sampled;
  }

  @Override
  public boolean read(int offset, Ended ended, Piece piece, Tile tile) {
    return ended.steps() <= cells.get(tile.cell()).experiment().maxSteps()
        && piece.rows().fill(piece.row(tile, offset), tile.restart(offset), ended);
  }
}
