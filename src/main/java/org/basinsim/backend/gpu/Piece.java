package org.basinsim.backend.gpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;

/** Restarts that are handed on together once all of them have ended. */
final class Piece {
  private final RestartRange range;
  private final List<Tile> tiles;
  private final Outcomes outcomes;
  private final ConvRows rows;
  private final AtomicInteger left;

  /**
   * Restarts of a piece that see the same inputs: first + stride · offset, offset below count.
   *
   * @param cell position in the list of experiments
   */
  record Tile(int cell, long first, int stride, int count) {}

  Piece(RestartRange range, ConvExperiment experiment, List<Tile> tiles) {
    this.range = range;
    this.tiles = tiles;
    this.outcomes = new Outcomes(range, experiment.columns());
    this.rows = new ConvRows(experiment, outcomes);
    this.left = new AtomicInteger(outcomes.rows());
  }

  RestartRange range() {
    return range;
  }

  List<Tile> tiles() {
    return tiles;
  }

  Outcomes outcomes() {
    return outcomes;
  }

  ConvRows rows() {
    return rows;
  }

  /** The row of a restart. */
  int row(Tile tile, int offset) {
    return Math.toIntExact(tile.first() + (long) tile.stride() * offset - range.first());
  }

  /** Notes that a row is filled; whether it was the last. */
  boolean filled() {
    return left.decrementAndGet() == 0;
  }
}
