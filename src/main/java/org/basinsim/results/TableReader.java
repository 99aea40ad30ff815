package org.basinsim.results;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a table: an HDF5 group whose data sets are columns of equal length. What is not as written
 * is {@link DamagedResults}.
 */
final class TableReader {
  private final Path file;
  private final Group group;

  private TableReader(Path file, Group group) {
    this.file = file;
    this.group = group;
  }

  static boolean exists(Group root, String name) {
    return root.getChild(name) instanceof Group;
  }

  static TableReader of(Path file, Group root, String name) {
    if (root.getChild(name) instanceof Group group) {
      return new TableReader(file, group);
    }
    throw new DamagedResults(file, "no group /" + name);
  }

  /** Names of the columns, in the order in which they were written. */
  List<String> names() {
    Attribute columns = group.getAttribute("columns");
    if (columns != null && columns.getData() instanceof String[] names) {
      return List.of(names);
    }
    throw new DamagedResults(file, "no list of columns in " + group.getPath());
  }

  Dataset dataset(String name) {
    Node node = group.getChild(name);
    if (node instanceof Dataset dataset) {
      return dataset;
    }
    throw new DamagedResults(file, "no data set " + group.getPath() + name);
  }

  /** A column as an array, of a type among {@code int[]}, {@code long[]}, … */
  Object array(String name) {
    return read(file, dataset(name));
  }

  long[] longs(String name) {
    return switch (array(name)) {
      case long[] longs -> longs;
      case int[] ints -> Arrays.stream(ints).asLongStream().toArray();
      default -> throw new DamagedResults(file, group.getPath() + name + " is not of integers");
    };
  }

  double[] reals(String name) {
    if (array(name) instanceof double[] reals) {
      return reals;
    }
    throw new DamagedResults(file, group.getPath() + name + " is not of real numbers");
  }

  String[] texts(String name) {
    if (array(name) instanceof String[] texts) {
      return texts;
    }
    throw new DamagedResults(file, group.getPath() + name + " is not of texts");
  }

  /** All of a data set; a damaged size is found before memory is asked for. */
  static Object read(Path file, Dataset dataset) {
    if (dataset.getSizeInBytes() > file.toFile().length()) {
      throw new DamagedResults(file, dataset.getPath() + " is larger than the file");
    }
    return dataset.getData();
  }
}
