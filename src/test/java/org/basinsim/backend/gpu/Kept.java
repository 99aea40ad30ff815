package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.basinsim.backend.Sink;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/**
 * Keeps every row that trainers deliver, of as many trainings as it is given to; fails on a restart
 * that comes twice and on two calls at once.
 */
final class Kept implements Sink {
  private final List<SortedMap<Long, List<Object>>> cells = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong twice = new AtomicLong();
  private BooleanSupplier stopping = () -> false;

  Kept(int cells) {
    for (int cell = 0; cell < cells; cell++) {
      this.cells.add(new TreeMap<>());
    }
  }

  /** Asks to stop as soon as this holds. */
  Kept stopping(BooleanSupplier when) {
    stopping = when;
    return this;
  }

  @Override
  public void accept(Outcomes piece) {
    assertTrue(busy.compareAndSet(false, true), "the sink is called from one thread at a time");
    SortedMap<Long, List<Object>> rows = cells.get(piece.range().cell());
    for (int row = 0; row < piece.rows(); row++) {
      List<Object> numbers = new ArrayList<>();
      for (Column column : piece.columns()) {
        for (int i = row * column.size(); i < (row + 1) * column.size(); i++) {
          numbers.add(
              switch (column.type()) {
                case UINT8 -> piece.bytes(column.name())[i];
                case INT32 -> piece.ints(column.name())[i];
                case FLOAT64 -> piece.reals(column.name())[i];
              });
        }
      }
      long restart = piece.range().first() + row;
      if (rows.putIfAbsent(restart, numbers) != null) {
        twice.incrementAndGet();
        throw new AssertionError("restart " + restart + " came twice");
      }
    }
    count.addAndGet(piece.rows());
    busy.set(false);
  }

  @Override
  public synchronized void notice(String line) {
    notices.add(line);
  }

  @Override
  public boolean stopped() {
    return stopping.getAsBoolean();
  }

  List<String> notices() {
    return notices;
  }

  /** The rows of every cell, by restart. */
  List<SortedMap<Long, List<Object>>> rows() {
    return cells;
  }

  /** Restarts kept. */
  long count() {
    return count.get();
  }

  /** Restarts that came a second time, whether or not the trainer heard of it. */
  long twice() {
    return twice.get();
  }

  /** What of these ranges is not kept. */
  List<RestartRange> missing(List<RestartRange> asked) {
    List<RestartRange> missing = new ArrayList<>();
    for (RestartRange range : asked) {
      SortedMap<Long, List<Object>> rows = cells.get(range.cell());
      for (long first = range.first(); first < range.end(); first++) {
        long end = first;
        while (end < range.end() && !rows.containsKey(end)) {
          end++;
        }
        if (end > first) {
          missing.add(new RestartRange(range.cell(), first, end - first));
        }
        first = end;
      }
    }
    return missing;
  }
}
