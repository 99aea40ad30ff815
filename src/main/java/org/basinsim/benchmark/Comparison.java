package org.basinsim.benchmark;

import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinsim.backend.Backend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;

/** Compares a few restarts of some work with the reference, whose rows it remembers. */
public final class Comparison {
  private static final int RESTARTS = 8;

  private final Backend reference;
  private final Map<Work, List<Outcomes>> expected = new HashMap<>();

  public Comparison(Backend reference) {
    this.reference = reference;
  }

  /**
   * Says in words where a restart differs by more than its columns' tolerances; empty where all
   * agree.
   */
  public Optional<String> difference(Work work, Training training) {
    // Where restarts share inputs, the last of one group and the first of the next.
    long first = work.share() == 1 ? 0 : work.share() - RESTARTS / 2;
    List<Outcomes> rows =
        expected.computeIfAbsent(
            work,
            _ -> {
              try (Training arbiter = new Training(reference, work.experiment())) {
                return arbiter.outcomes(first, RESTARTS);
              }
            });
    List<Outcomes> actual = training.outcomes(first, RESTARTS);
    for (Column column : work.experiment().columns()) {
      // What would become of an unfinished restart hangs on the last bit where it is close.
      if (column.name().equals("basin")) {
        continue;
      }
      for (int i = 0; i < RESTARTS * column.size(); i++) {
        double is = number(actual, column, i);
        double should = number(rows, column, i);
        if (!column.tolerance().accepts(is, should)) {
          long restart = first + i / column.size();
          return Optional.of(
              "restart %d: %s is %s, not %s".formatted(restart, column.name(), is, should));
        }
      }
    }
    return Optional.empty();
  }

  /** Number {@code index} of a column, whose rows have {@code size} numbers each. */
  private static double number(List<Outcomes> pieces, Column column, int index) {
    int at = index;
    for (Outcomes piece : pieces) {
      int numbers = piece.rows() * column.size();
      if (at < numbers) {
        return ((Number) Array.get(piece.array(column.name()), at)).doubleValue();
      }
      at -= numbers;
    }
    throw new IllegalStateException(index / column.size() + " restarts came of " + RESTARTS);
  }
}
