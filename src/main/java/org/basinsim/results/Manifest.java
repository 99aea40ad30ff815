package org.basinsim.results;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Column;

/**
 * A study as results see it.
 *
 * @param text the TOML as run
 * @param seed of the study
 * @param keys swept keys under their dotted names, in file order
 * @param cells in the order of the study, at least one
 * @param countsOnly whether counts are kept instead of rows
 */
public record Manifest(
    String text, long seed, List<String> keys, List<Cell> cells, boolean countsOnly) {

  /**
   * One cell.
   *
   * @param values one a swept key: Long, Double, String or Boolean
   * @param identity 64 hexadecimal digits; no two cells share one
   * @param columns what is recorded of a restart, {@link Column#OUTCOME} first
   * @param restarts number planned, at least 1
   * @param sampledSteps the steps at which the {@code trajectory_…} columns are sampled; empty
   *     where there are none
   */
  public record Cell(
      List<Object> values,
      String identity,
      List<Column> columns,
      long restarts,
      List<Integer> sampledSteps) {

    public Cell {
      values = List.copyOf(values);
      columns = List.copyOf(columns);
      sampledSteps = List.copyOf(sampledSteps);
    }
  }

  public Manifest {
    keys = List.copyOf(keys);
    cells = List.copyOf(cells);
  }

  /** Bytes that the finished results take on the disk, about. */
  public long bytes() {
    long restarts = cells.stream().mapToLong(Cell::restarts).sum();
    long pieceBytes = 128; // two texts and a few numbers
    return countsOnly
        ? pieceBytes * (cells.size() + restarts / Limits.DEFAULT.pieceRestarts())
        : restarts * Layout.of(this).rowBytes();
  }

  /** Cell number by identity. */
  Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int c = 0; c < cells.size(); c++) {
      if (numbers.put(cells.get(c).identity(), c) != null) {
        throw new IllegalArgumentException("two cells of identity " + cells.get(c).identity());
      }
    }
    return numbers;
  }
}
