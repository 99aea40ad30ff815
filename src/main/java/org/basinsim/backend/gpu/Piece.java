package org.basinsim.backend.gpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;

/** Restarts that are handed on together once all of them have ended. */
final class Piece {
  private static final VarHandle ENDED = MethodHandles.arrayElementVarHandle(boolean[].class);

  private final RestartRange range;
  private final List<Tile> tiles;
  private final int inputs;
  private final Outcomes outcomes;
  private final ConvRows rows;
  private final boolean[] ended;
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
    this.inputs = Math.max(1, ConvPlans.batch(experiment));
    this.outcomes = new Outcomes(range, experiment.columns());
    this.rows = new ConvRows(experiment, outcomes);
    this.ended = new boolean[outcomes.rows()];
    this.left = new AtomicInteger(outcomes.rows());
  }

  RestartRange range() {
    return range;
  }

  List<Tile> tiles() {
    return tiles;
  }

  /** Inputs that a step goes through, at least 1: what it costs beside others of the same plan. */
  int inputs() {
    return inputs;
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

  /** Notes that a restart has ended, from any thread; false where it had already. */
  boolean end(int row) {
    return !(boolean) ENDED.getAndSet(ended, row, true);
  }

  /** Notes that the row of an ended restart is filled, from any thread; whether it was the last. */
  boolean filled() {
    return left.decrementAndGet() == 0;
  }

  /** Whether every row is filled. */
  boolean complete() {
    return left.get() == 0;
  }

  /**
   * The longest stretches of ended restarts.
   *
   * @param fewest shorter ones are left out
   */
  List<RestartRange> stretches(int fewest) {
    List<RestartRange> stretches = new ArrayList<>();
    for (int row = 0; row < ended.length; row++) {
      int begin = row;
      while (row < ended.length && ended[row]) {
        row++;
      }
      if (row - begin >= fewest) {
        stretches.add(new RestartRange(range.cell(), range.first() + begin, row - begin));
      }
    }
    return stretches;
  }

  /** What is left of the piece without some stretches of it. */
  List<RestartRange> without(List<RestartRange> stretches) {
    List<RestartRange> rest = new ArrayList<>();
    long first = range.first();
    for (RestartRange stretch : stretches) {
      if (first < stretch.first()) {
        rest.add(new RestartRange(range.cell(), first, stretch.first() - first));
      }
      first = stretch.end();
    }
    if (first < range.end()) {
      rest.add(new RestartRange(range.cell(), first, range.end() - first));
    }
    return rest;
  }

  /** The outcomes of a part. */
  Outcomes part(RestartRange part) {
    return outcomes.part(Math.toIntExact(part.first() - range.first()), (int) part.count());
  }
}
