package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/**
 * Takes what a trainer delivers and puts it together again, one whole a cell; fails on a restart
 * that comes twice or was not asked for, and on two calls at once.
 */
public final class Collector implements Sink {
  private final List<Outcomes> whole = new ArrayList<>();
  private final List<BitSet> delivered = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * @param asked the restarts of each cell, in the order of the experiments
   */
  Collector(List<? extends Experiment> experiments, List<RestartRange> asked) {
    for (int cell = 0; cell < experiments.size(); cell++) {
      whole.add(new Outcomes(asked.get(cell), experiments.get(cell).columns()));
      delivered.add(new BitSet());
    }
  }

  /** The rows of restarts 0 … count − 1 of one experiment. */
  public static Outcomes train(Backend backend, Experiment experiment, int count) {
    RestartRange range = new RestartRange(0, 0, count);
    return train(backend, List.of(experiment), List.of(range), List.of(range)).getFirst();
  }

  /**
   * The rows of every cell.
   *
   * @param asked all restarts of each cell
   * @param ranges the same restarts, cut and ordered in any way
   */
  static List<Outcomes> train(
      Backend backend,
      List<? extends Experiment> experiments,
      List<RestartRange> asked,
      List<RestartRange> ranges) {
    Collector collector = new Collector(experiments, asked);
    try (Trainer trainer = backend.prepare(experiments)) {
      trainer.train(ranges, collector);
    }
    for (int cell = 0; cell < experiments.size(); cell++) {
      assertEquals(
          asked.get(cell).count(),
          collector.delivered.get(cell).cardinality(),
          "restarts delivered of cell " + cell);
    }
    return collector.whole;
  }

  @Override
  public void accept(Outcomes piece) {
    assertTrue(busy.compareAndSet(false, true), "the sink is called from one thread at a time");
    Outcomes target = whole.get(piece.range().cell());
    int to = Math.toIntExact(piece.range().first() - target.range().first());
    BitSet rows = delivered.get(piece.range().cell());
    assertFalse(rows.get(to, to + piece.rows()).intersects(allOf(piece.rows())), "came twice");
    rows.set(to, to + piece.rows());
    assertEquals(target.columns(), piece.columns());
    for (Column column : piece.columns()) {
      System.arraycopy(
          piece.array(column.name()),
          0,
          target.array(column.name()),
          to * column.size(),
          piece.rows() * column.size());
    }
    busy.set(false);
  }

  @Override
  public boolean stopped() {
    return false;
  }

  private static BitSet allOf(int rows) {
    BitSet all = new BitSet();
    all.set(0, rows);
    return all;
  }
}
