package org.basinsim.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of one range of restarts: a row per restart in index order, in the columns that the
 * experiment declares. A backend fills the arrays, hands the whole over once and forgets it; from
 * then on nobody writes to it.
 */
public final class Outcomes {
  private final RestartRange range;
  private final List<Column> columns;
  private final Map<String, Object> data = new LinkedHashMap<>();

  /**
   * Rows of zeros, to be filled.
   *
   * @param range at most 2³¹ − 1 numbers a column
   * @param columns as the experiment declares them
   */
  public Outcomes(RestartRange range, List<Column> columns) {
    this.range = range;
    this.columns = List.copyOf(columns);
    for (Column column : columns) {
      int length = Math.toIntExact(Math.multiplyExact(range.count(), (long) column.size()));
      data.put(
          column.name(),
          switch (column.type()) {
            case UINT8 -> new byte[length];
            case INT32 -> new int[length];
            case FLOAT64 -> new double[length];
          });
    }
  }

  /** The restarts, in row order. */
  public RestartRange range() {
    return range;
  }

  /** The columns, outcome and steps first. */
  public List<Column> columns() {
    return columns;
  }

  /** Number of rows. */
  public int rows() {
    return (int) range.count();
  }

  /**
   * A copy of some of the rows.
   *
   * @param first row of the first
   * @param count number of rows, at least 1
   */
  public Outcomes part(int first, int count) {
    Outcomes part =
        new Outcomes(new RestartRange(range.cell(), range.first() + first, count), columns);
    for (Column column : columns) {
      System.arraycopy(
          array(column.name()),
          first * column.size(),
          part.array(column.name()),
          0,
          count * column.size());
    }
    return part;
  }

  /** Whether a column of this name is there. */
  public boolean has(String column) {
    return data.containsKey(column);
  }

  /** The array behind a {@link Column.Type#UINT8} column, row-major. */
  public byte[] bytes(String column) {
    return (byte[]) array(column);
  }

  /** The array behind an {@link Column.Type#INT32} column, row-major. */
  public int[] ints(String column) {
    return (int[]) array(column);
  }

  /** The array behind a {@link Column.Type#FLOAT64} column, row-major. */
  public double[] reals(String column) {
    return (double[]) array(column);
  }

  /** The array behind a column: {@code byte[]}, {@code int[]} or {@code double[]}, row-major. */
  public Object array(String column) {
    Object array = data.get(column);
    if (array == null) {
      throw new IllegalArgumentException("no column '" + column + "'; there are " + data.keySet());
    }
    return array;
  }
}
