package org.basinsim.backend.gpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** Restarts that are handed on together once all of them have ended. */
final class Piece {
  private static final VarHandle ENDED = MethodHandles.arrayElementVarHandle(boolean[].class);

  private final RestartRange range;
  private final List<Tile> tiles;
  private final int inputs;
  private final Outcomes outcomes;
  private final GpuSystem.Rows rows;
  private final boolean[] ended;
  private final AtomicInteger left;

  /**
   * Restarts of a piece that see the same inputs: first + stride · offset, offset below count.
   *
   * @param cell position in the list of experiments
   */
  record Tile(int cell, long first, int stride, int count) {

    /** The index of a restart. */
    long restart(int offset) {
      return first + (long) stride * offset;
    }
  }

  /**
   * @param cell that the range is of
   * @param plan of the cell
   */
  Piece(RestartRange range, GpuSystem.Prepared cell, LaunchPlan plan) {
    this.range = range;
    this.tiles = cell.tiles(plan, range);
    this.inputs = cell.inputs();
    this.outcomes = new Outcomes(range, cell.experiment().columns());
    this.rows = cell.rows(plan, outcomes);
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

  GpuSystem.Rows rows() {
    return rows;
  }

  /** The row of a restart. */
  int row(Tile tile, int offset) {
    return Math.toIntExact(tile.restart(offset) - range.first());
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
