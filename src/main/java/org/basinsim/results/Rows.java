package org.basinsim.results;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/**
 * Rows of {@code /restarts} in memory, sorted by cell and index. What a cell does not record is not
 * a number, −1 or 255, by type; a vector shorter than its column is padded with the same.
 */
public final class Rows {
  private final Layout layout;
  private final List<RestartRange> ranges;
  private final int count;
  private final Map<String, Object> arrays = new LinkedHashMap<>();

  /** Rows of these restarts, nothing recorded yet. */
  Rows(Layout layout, List<RestartRange> ranges) {
    this.layout = layout;
    this.ranges = List.copyOf(ranges);
    this.count = Math.toIntExact(ranges.stream().mapToLong(RestartRange::count).sum());
    for (Column column : layout.columns()) {
      arrays.put(column.name(), blank(column, Math.multiplyExact(count, column.size())));
    }
  }

  private static Object blank(Column column, int length) {
    switch (column.type()) {
      case UINT8 -> {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 255);
        return bytes;
      }
      case INT32 -> {
        int[] ints = new int[length];
        Arrays.fill(ints, -1);
        return ints;
      }
      case FLOAT64 -> {
        double[] reals = new double[length];
        Arrays.fill(reals, Double.NaN);
        return reals;
      }
    }
    throw new AssertionError(column.type());
  }

  /** Number of rows. */
  public int count() {
    return count;
  }

  /** The restarts, in row order. */
  public List<RestartRange> ranges() {
    return ranges;
  }

  /** The columns after cell and index. */
  public List<Column> columns() {
    return layout.columns();
  }

  /** Cell number of each row. */
  public int[] cells() {
    int[] cells = new int[count];
    int row = 0;
    for (RestartRange range : ranges) {
      int end = row + (int) range.count();
      Arrays.fill(cells, row, end, range.cell());
      row = end;
    }
    return cells;
  }

  /** Restart index of each row. */
  public long[] indices() {
    long[] indices = new long[count];
    int row = 0;
    for (RestartRange range : ranges) {
      for (long index = range.first(); index < range.end(); index++) {
        indices[row++] = index;
      }
    }
    return indices;
  }

  /** A column: {@code byte[]}, {@code int[]} or {@code double[]}, row-major. */
  public Object array(String column) {
    Object array = arrays.get(column);
    if (array == null) {
      throw new IllegalArgumentException(
          "no column '" + column + "'; there are " + arrays.keySet());
    }
    return array;
  }

  Layout layout() {
    return layout;
  }

  /** Copies {@code rows} rows of outcomes, from row {@code from} on, to row {@code to} on. */
  void put(Outcomes outcomes, int from, int to, int rows) {
    for (Column column : outcomes.columns()) {
      put(column.name(), outcomes.array(column.name()), column.size(), from, to, rows);
    }
  }

  /** Copies rows of one column, {@code size} numbers each. */
  void put(String name, Object source, int size, int from, int to, int rows) {
    int own = layout.column(name).orElseThrow().size();
    Object target = array(name);
    if (own == size) {
      System.arraycopy(source, from * size, target, to * own, rows * size);
      return;
    }
    for (int row = 0; row < rows; row++) {
      System.arraycopy(source, (from + row) * size, target, (to + row) * own, size);
    }
  }
}
