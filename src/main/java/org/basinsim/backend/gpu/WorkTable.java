package org.basinsim.backend.gpu;

import java.util.ArrayDeque;
import java.util.Deque;
import org.basinsim.backend.gpu.Piece.Tile;

/**
 * The tiles whose restarts nobody has taken yet, and the table of them that kernels take tickets
 * from, in the columns of {@code work.h}.
 */
final class WorkTable implements AutoCloseable {
  private static final int COLUMNS = 8;

  /** Rows of the table; tiles beyond wait until it is made anew. */
  static final int ROWS = 1 << 15;

  private final int unit;
  private final NativeNumbers table = NativeNumbers.ofInts((long) COLUMNS * ROWS);
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long restarts;
  private boolean stale;
  private int rows;
  private int tickets;
  private int taken;

  /**
   * Restarts of a tile, from an offset on.
   *
   * @param id of the tile
   * @param cell position among the cells of the launch
   */
  private record Waiting(int id, int cell, Tile tile, int begin) {
    int restarts() {
      return tile.count() - begin;
    }
  }

  /**
   * @param unit restarts of a ticket
   */
  WorkTable(int unit) {
    this.unit = unit;
  }

  NativeNumbers table() {
    return table;
  }

  /**
   * Adds a tile.
   *
   * @param id that its records will bear
   * @param cell position among the cells of the launch
   */
  void add(int id, int cell, Tile tile) {
    waiting.add(new Waiting(id, cell, tile, 0));
    restarts += tile.count();
    stale = true;
  }

  /** Restarts that wait. */
  long restarts() {
    return restarts;
  }

  /** Whether the table holds no more tiles. */
  boolean full() {
    return waiting.size() >= ROWS;
  }

  /** Whether the table has changed; then it is made anew, from what waits, with new tickets. */
  boolean remade() {
    if (!stale) {
      return false;
    }
    stale = false;
    rows = 0;
    tickets = 0;
    taken = 0;
    table.clear();
    for (Waiting next : waiting) {
      if (rows == ROWS) {
        // What is left comes when these are gone.
        stale = true;
        break;
      }
      long first = next.tile().first();
      table.add(tickets);
      table.add(next.id());
      table.add(next.cell());
      table.add((int) first);
      table.add((int) (first >>> 32));
      table.add(next.tile().stride());
      table.add(next.begin());
      table.add(next.tile().count());
      tickets += tickets(next);
      rows++;
    }
    return true;
  }

  private int tickets(Waiting next) {
    return Math.ceilDiv(next.restarts(), unit);
  }

  int rows() {
    return rows;
  }

  /** Tickets of the table. */
  int tickets() {
    return tickets;
  }

  /** Tickets that were taken. */
  int taken() {
    return taken;
  }

  /**
   * Notes how many tickets are taken by now.
   *
   * @param all at least {@link #taken()}, at most {@link #tickets()}
   * @return the restarts of those that are new
   */
  long take(int all) {
    long before = restarts;
    for (int left = all - taken; left > 0; ) {
      Waiting next = waiting.remove();
      int used = Math.min(tickets(next), left);
      int gone = (int) Math.min(next.restarts(), (long) used * unit);
      left -= used;
      restarts -= gone;
      if (gone < next.restarts()) {
        waiting.addFirst(new Waiting(next.id(), next.cell(), next.tile(), next.begin() + gone));
      }
    }
    taken = all;
    return before - restarts;
  }

  @Override
  public void close() {
    table.close();
  }
}
