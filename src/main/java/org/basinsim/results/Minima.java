package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.RestartRange;
import org.basinsim.results.RowFile.Located;

/**
 * The minima at which the spurious restarts of a study ended: table {@code /minima}, to which
 * column {@link Column#MINIMUM} points.
 *
 * <p>A restart knows where it ended, not where others did. So minima are told apart when results
 * are finished, cell by cell, in the order of the restarts' indices: a restart that ended near none
 * of those before it names a new one. What is found depends on the recorded restarts alone, not on
 * the order in which they came, and restarts of larger index leave the minima of a cell in their
 * order.
 */
final class Minima {
  private static final String GROUP = "minima";

  /** Positions are one whose coordinates differ by less than this part of the largest. */
  private static final double NEAR = 1e-3;

  /** Minima of a cell at most; restarts at any further one stay without. */
  private static final int MOST = 1000;

  private static final String LOSS = "loss";

  private final Column position;
  private final List<Found> found = new ArrayList<>();

  /** Those of each cell, by position in {@link #found}. */
  private final Map<Integer, List<Integer>> ofCell = new HashMap<>();

  /** One minimum while it is counted. */
  private static final class Found {
    final int cell;
    final double loss;
    final double[] position;
    long count;

    Found(int cell, double loss, double[] position) {
      this.cell = cell;
      this.loss = loss;
      this.position = position;
    }
  }

  private Minima(Column position) {
    this.position = position;
  }

  /** Those of all rows; empty where the study does not ask for them. */
  static Optional<Minima> of(Union union, Layout layout, Limits limits) {
    Optional<Column> position = layout.column(Column.POSITION);
    if (position.isEmpty() || layout.column(Column.MINIMUM.name()).isEmpty()) {
      return Optional.empty();
    }
    Minima minima = new Minima(position.get());
    List<String> needed = List.of(Column.OUTCOME.name(), LOSS, Column.POSITION);
    Layout narrow =
        new Layout(layout.columns().stream().filter(c -> needed.contains(c.name())).toList());
    int rowsAtOnce = limits.blockRows(narrow);
    for (Located part : union.parts()) {
      RestartRange range = part.range();
      for (long first = range.first(); first < range.end(); first += rowsAtOnce) {
        long end = Math.min(range.end(), first + rowsAtOnce);
        minima.count(Union.assemble(narrow, List.of(part.part(first, end))));
      }
    }
    return Optional.of(minima);
  }

  private void count(Rows rows) {
    int[] cells = rows.cells();
    for (int row = 0; row < rows.count(); row++) {
      if (spurious(rows, row)) {
        int minimum = minimum(rows, row, cells[row]);
        if (minimum < 0 && of(cells[row]).size() < MOST) {
          double[] losses = rows.layout().column(LOSS).isPresent() ? reals(rows, LOSS) : null;
          minimum = found.size();
          of(cells[row]).add(minimum);
          found.add(
              new Found(cells[row], losses == null ? Double.NaN : losses[row], at(rows, row)));
        }
        if (minimum >= 0) {
          found.get(minimum).count++;
        }
      }
    }
  }

  private List<Integer> of(int cell) {
    return ofCell.computeIfAbsent(cell, key -> new ArrayList<>());
  }

  /** Points the rows to their minima. */
  void label(Rows rows) {
    int[] labels = (int[]) rows.array(Column.MINIMUM.name());
    int[] cells = rows.cells();
    for (int row = 0; row < labels.length; row++) {
      labels[row] = spurious(rows, row) ? minimum(rows, row, cells[row]) : -1;
    }
  }

  /** Whether a row is spurious and its cell records positions. */
  private boolean spurious(Rows rows, int row) {
    return ((byte[]) rows.array(Column.OUTCOME.name()))[row] == Outcome.SPURIOUS.code()
        && !Double.isNaN(reals(rows, Column.POSITION)[row * position.size()]);
  }

  private static double[] reals(Rows rows, String column) {
    return (double[]) rows.array(column);
  }

  private double[] at(Rows rows, int row) {
    double[] at = new double[position.size()];
    System.arraycopy(reals(rows, Column.POSITION), row * at.length, at, 0, at.length);
    return at;
  }

  /** The first minimum of a cell that a row is near; −1 where it is near none. */
  private int minimum(Rows rows, int row, int cell) {
    double[] positions = reals(rows, Column.POSITION);
    for (int i : of(cell)) {
      if (near(found.get(i).position, positions, row * position.size())) {
        return i;
      }
    }
    return -1;
  }

  private static boolean near(double[] a, double[] positions, int from) {
    double largest = 0;
    double difference = 0;
    for (int c = 0; c < a.length && !Double.isNaN(a[c]); c++) {
      largest = Math.max(largest, Math.abs(a[c]));
      difference = Math.max(difference, Math.abs(a[c] - positions[from + c]));
    }
    return difference <= NEAR * largest;
  }

  /** Writes the table, where there is a minimum. */
  void write(WritableGroup file) {
    if (found.isEmpty()) {
      return;
    }
    int size = position.size();
    double[] positions = new double[found.size() * size];
    for (int i = 0; i < found.size(); i++) {
      System.arraycopy(found.get(i).position, 0, positions, i * size, size);
    }
    TableWriter table = new TableWriter(file, GROUP, "minimum");
    table.put(
        "cell",
        found.stream().mapToInt(minimum -> minimum.cell).toArray(),
        "1",
        "number of the cell, a row of /cells");
    table.put(
        "count",
        found.stream().mapToLong(minimum -> minimum.count).toArray(),
        "1",
        "restarts that ended there");
    table.put(
        LOSS,
        found.stream().mapToDouble(minimum -> minimum.loss).toArray(),
        "1",
        "loss at the end of the first of them");
    table.put(position, positions);
  }

  /** Reads the table; none where there is no such table. */
  static List<Minimum> read(Path path, Group root) {
    List<Minimum> minima = new ArrayList<>();
    if (TableReader.exists(root, GROUP)) {
      TableReader table = TableReader.of(path, root, GROUP);
      long[] cells = table.longs("cell");
      long[] counts = table.longs("count");
      double[] losses = table.reals(LOSS);
      double[][] positions = positions(path, table);
      if (counts.length != cells.length
          || losses.length != cells.length
          || positions.length != cells.length) {
        throw new DamagedResults(path, "the columns of /minima are of different lengths");
      }
      for (int i = 0; i < cells.length; i++) {
        minima.add(
            new Minimum(Math.toIntExact(cells[i]), counts[i], losses[i], positions[i].clone()));
      }
    }
    return List.copyOf(minima);
  }

  private static double[][] positions(Path path, TableReader table) {
    return switch (table.array(Column.POSITION)) {
      case double[][] vectors -> vectors;
      case double[] numbers ->
          Arrays.stream(numbers).mapToObj(x -> new double[] {x}).toArray(double[][]::new);
      default -> throw new DamagedResults(path, "/minima/position is not of real numbers");
    };
  }

  /** Throws {@link DamagedResults} unless the file holds this table. */
  void verify(Path path, HdfFile file) {
    List<Minimum> written = read(path, file);
    boolean same = written.size() == found.size();
    for (int i = 0; same && i < written.size(); i++) {
      same =
          written.get(i).cell() == found.get(i).cell
              && written.get(i).count() == found.get(i).count
              && Arrays.equals(written.get(i).position(), found.get(i).position);
    }
    if (!same) {
      throw new DamagedResults(path, "other minima than written");
    }
  }
}
