package org.basinsim.results;

import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableDataset;
import io.jhdf.api.WritableGroup;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Column;

/** Writes a table: an HDF5 group whose data sets are columns of equal length. */
final class TableWriter {
  private static final DatasetCreationOptions UNSIGNED =
      DatasetCreationOptions.builder().unsigned().build();

  private final WritableGroup group;
  private final String dimension;
  private final List<String> columns = new ArrayList<>();

  /**
   * A table without columns so far.
   *
   * @param dimension what a row is called in the {@code dims} attributes
   */
  TableWriter(WritableGroup file, String name, String dimension) {
    this.group = file.putGroup(name);
    this.dimension = dimension;
  }

  /** Adds a column: {@code int[]}, {@code long[]}, {@code double[]} or {@code String[]}. */
  void put(String name, Object array, String unit, String longName) {
    add(group.putDataset(name, array), unit, longName, dimension);
  }

  /** Adds a column of bytes, unsigned. */
  void putBytes(String name, byte[] array, String unit, String longName) {
    add(group.putDataset(name, array, UNSIGNED), unit, longName, dimension);
  }

  /** Adds a column of short texts, one entry a row. */
  void putTexts(String name, List<String> texts, String longName) {
    put(name, texts.toArray(String[]::new), "1", longName);
  }

  /** Adds a column of whole numbers. */
  void putLongs(String name, List<Long> numbers, String unit, String longName) {
    put(name, numbers.stream().mapToLong(Long::longValue).toArray(), unit, longName);
  }

  /** Adds a column of rows. */
  void put(Column column, Object array) {
    if (column.size() == 1) {
      WritableDataset dataset =
          column.type() == Column.Type.UINT8
              ? group.putDataset(column.name(), array, UNSIGNED)
              : group.putDataset(column.name(), array);
      add(dataset, column.unit(), column.longName(), dimension);
    } else {
      add(vectors(column, array), column.unit(), column.longName(), dimension + ", sample");
    }
  }

  /** The library forgets the order of data sets, so the group keeps it. */
  private void add(WritableDataset dataset, String unit, String longName, String dims) {
    describe(dataset, unit, longName, dims);
    columns.add(dataset.getName());
    group.putAttribute("columns", columns.toArray(String[]::new));
  }

  /** The library takes matrices as arrays of arrays. */
  private WritableDataset vectors(Column column, Object array) {
    int size = column.size();
    return switch (array) {
      case byte[] bytes -> {
        byte[][] rows = new byte[bytes.length / size][size];
        cut(bytes, rows, size);
        yield group.putDataset(column.name(), rows, UNSIGNED);
      }
      case int[] ints -> {
        int[][] rows = new int[ints.length / size][size];
        cut(ints, rows, size);
        yield group.putDataset(column.name(), rows);
      }
      case double[] reals -> {
        double[][] rows = new double[reals.length / size][size];
        cut(reals, rows, size);
        yield group.putDataset(column.name(), rows);
      }
      default -> throw new IllegalArgumentException("no column type: " + array.getClass());
    };
  }

  private static void cut(Object flat, Object[] rows, int size) {
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(flat, row * size, rows[row], 0, size);
    }
  }

  /** Adds the attributes that every data set has. */
  static void describe(WritableDataset dataset, String unit, String longName, String dims) {
    dataset.putAttribute("units", unit);
    dataset.putAttribute("long_name", longName);
    dataset.putAttribute("dims", dims);
  }
}
