package org.basinsim.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinsim.model.Column;

/**
 * The columns of {@code /restarts} after cell and index: those of all cells of a study together, in
 * the order in which they first occur, vectors as long as the longest.
 */
record Layout(List<Column> columns) {

  /** Bytes of the columns cell (int32) and index (int64). */
  private static final int KEY_BYTES = Integer.BYTES + Long.BYTES;

  static Layout of(Manifest manifest) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Manifest.Cell cell : manifest.cells()) {
      for (Column column : cell.columns()) {
        columns.merge(column.name(), column, Layout::widest);
      }
    }
    return new Layout(new ArrayList<>(columns.values()));
  }

  private static Column widest(Column a, Column b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException("column " + a.name() + " is of two types");
    }
    return b.size() > a.size() ? b : a;
  }

  /** Bytes of a row, cell and index included. */
  long rowBytes() {
    return KEY_BYTES
        + columns.stream().mapToLong(column -> (long) bytes(column) * column.size()).sum();
  }

  Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** Whether values of this column can stand in this layout. */
  boolean holds(Column stored) {
    return column(stored.name())
        .filter(own -> own.type() == stored.type() && own.size() >= stored.size())
        .isPresent();
  }

  /** Whether the stored form is the same: names, types and sizes, in order. */
  boolean sameForm(Layout other) {
    return forms().equals(other.forms());
  }

  private List<String> forms() {
    return columns.stream().map(c -> c.name() + " " + c.type() + " " + c.size()).toList();
  }

  /** Bytes of one number of a column. */
  static int bytes(Column column) {
    return switch (column.type()) {
      case UINT8 -> Byte.BYTES;
      case INT32 -> Integer.BYTES;
      case FLOAT64 -> Double.BYTES;
    };
  }
}
