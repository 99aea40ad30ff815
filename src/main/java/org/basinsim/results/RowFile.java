package org.basinsim.results;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Column;
import org.basinsim.model.RestartRange;

/**
 * The tables {@code /restarts}, {@code /ranges} and {@code /provenance} of one file, read piece by
 * piece: the library maps or copies whole data sets, which studies of 10⁸ rows have no memory for.
 */
final class RowFile {
  private static final String GROUP = "restarts";
  private static final int CHUNK = 1 << 16;

  private final Path path;
  private final List<StoredRange> ranges;
  private final Layout layout;
  private final Map<String, Place> places;

  /** Where the numbers of a column lie in the file. */
  private record Place(long address, ByteOrder order) {}

  private RowFile(Path path, List<StoredRange> ranges, Layout layout, Map<String, Place> places) {
    this.path = path;
    this.ranges = ranges;
    this.layout = layout;
    this.places = places;
  }

  /** Reads what the rows are, not the rows. */
  static RowFile of(Path path, Group root) {
    List<StoredRange> ranges = StoredRange.read(path, root);
    TableReader table = TableReader.of(path, root, GROUP);
    List<Column> columns = new ArrayList<>();
    Map<String, Place> places = new HashMap<>();
    long rows = StoredRange.restarts(ranges);
    for (String name : table.names()) {
      if (!(table.dataset(name) instanceof ContiguousDataset dataset)
          || !(dataset.getDataType() instanceof OrderedDataType type)
          || dataset.getDimensions().length < 1
          || dataset.getDimensions()[0] != rows) {
        throw new DamagedResults(path, "/restarts/" + name + " is not as this program writes it");
      }
      places.put(name, new Place(dataset.getDataAddress(), type.getByteOrder()));
      if (!name.equals("cell") && !name.equals("index")) {
        columns.add(column(path, name, dataset));
      }
    }
    return new RowFile(path, ranges, new Layout(columns), places);
  }

  private static Column column(Path path, String name, Dataset dataset) {
    Column.Type type =
        switch (dataset.getDataType().getSize()) {
          case 1 -> Column.Type.UINT8;
          case 4 -> Column.Type.INT32;
          case 8 -> Column.Type.FLOAT64;
          default -> throw new DamagedResults(path, "/restarts/" + name + " is of no known type");
        };
    if ((type == Column.Type.FLOAT64) != (dataset.getDataType() instanceof FloatingPoint)) {
      throw new DamagedResults(path, "/restarts/" + name + " is of no known type");
    }
    int size = dataset.getDimensions().length > 1 ? dataset.getDimensions()[1] : 1;
    return new Column(
        name,
        type,
        size,
        text(dataset, "units"),
        text(dataset, "long_name"),
        Column.Tolerance.EXACT);
  }

  private static String text(Dataset dataset, String name) {
    Attribute attribute = dataset.getAttribute(name);
    return attribute == null ? "" : String.valueOf(attribute.getData());
  }

  /** Writes rows as the three tables. */
  static void write(WritableGroup file, Rows rows, List<StoredRange> ranges) {
    StoredRange.write(file, ranges);
    TableWriter table = new TableWriter(file, GROUP, "restart");
    table.put("cell", rows.cells(), "1", "number of the cell, a row of /cells");
    table.put("index", rows.indices(), "1", "index of the restart in its cell");
    for (Column column : rows.columns()) {
      table.put(column, rows.array(column.name()));
    }
  }

  Path path() {
    return path;
  }

  /** The restarts, in row order. */
  List<StoredRange> ranges() {
    return ranges;
  }

  Layout layout() {
    return layout;
  }

  /** Copies {@code count} rows, from row {@code from} of the file to row {@code to}. */
  void copy(long from, Rows target, int to, int count) {
    for (Column column : layout.columns()) {
      if (target.layout().column(column.name()).isPresent()) {
        chunks(
            column,
            from,
            count,
            (array, done, rows) ->
                target.put(column.name(), array, column.size(), 0, to + done, rows));
      }
    }
  }

  /** Codes of the outcomes of {@code count} rows. */
  byte[] outcomes(long from, int count) {
    byte[] outcomes = new byte[count];
    chunks(
        Column.OUTCOME,
        from,
        count,
        (array, done, rows) -> System.arraycopy(array, 0, outcomes, done, rows));
    return outcomes;
  }

  /** Throws {@link DamagedResults} unless the file holds just these rows. */
  void verify(Rows rows) {
    if (!layout.sameForm(rows.layout())
        || !ranges.stream().map(StoredRange::range).toList().equals(rows.ranges())) {
      throw new DamagedResults(path, "other columns or restarts than written");
    }
    for (Column column : layout.columns()) {
      Object written = rows.array(column.name());
      chunks(
          column,
          0,
          rows.count(),
          (array, done, count) -> {
            if (!equal(array, written, done * column.size(), count * column.size())) {
              throw new DamagedResults(path, "column " + column.name() + " differs");
            }
          });
    }
  }

  private static boolean equal(Object read, Object written, int from, int length) {
    return switch (written) {
      case byte[] b -> Arrays.equals((byte[]) read, 0, length, b, from, from + length);
      case int[] b -> Arrays.equals((int[]) read, 0, length, b, from, from + length);
      case double[] b -> Arrays.equals((double[]) read, 0, length, b, from, from + length);
      default -> throw new IllegalArgumentException("no column type: " + written.getClass());
    };
  }

  /** Takes rows of a column: an array of its own, of {@code rows} rows, {@code done} before it. */
  private interface Chunk {
    void take(Object array, int done, int rows);
  }

  private void chunks(Column column, long from, int count, Chunk chunk) {
    Place place = places.get(column.name());
    long rowBytes = (long) Layout.bytes(column) * column.size();
    int rowsAtOnce = Math.max(1, CHUNK / column.size());
    try (FileChannel channel = FileChannel.open(path)) {
      for (int done = 0; done < count; done += rowsAtOnce) {
        int rows = Math.min(rowsAtOnce, count - done);
        ByteBuffer buffer =
            read(channel, place.address() + (from + done) * rowBytes, (int) (rows * rowBytes));
        chunk.take(array(column, buffer.order(place.order()), rows * column.size()), done, rows);
      }
    } catch (EOFException e) {
      throw new DamagedResults(path, "truncated");
    } catch (IOException e) {
      throw new InaccessibleResults(path, "cannot read", e);
    }
  }

  private static Object array(Column column, ByteBuffer buffer, int length) {
    switch (column.type()) {
      case UINT8 -> {
        return buffer.array();
      }
      case INT32 -> {
        int[] ints = new int[length];
        buffer.asIntBuffer().get(ints);
        return ints;
      }
      case FLOAT64 -> {
        double[] reals = new double[length];
        buffer.asDoubleBuffer().get(reals);
        return reals;
      }
    }
    throw new AssertionError(column.type());
  }

  private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }

  /** Restarts of a file, by index, wherever they stand in it. */
  record Located(RowFile file, StoredRange stored, long row) {

    /** The ranges of a file with their rows. */
    static List<Located> of(RowFile file) {
      List<Located> located = new ArrayList<>();
      long row = 0;
      for (StoredRange range : file.ranges()) {
        located.add(new Located(file, range, row));
        row += range.range().count();
      }
      return located;
    }

    RestartRange range() {
      return stored.range();
    }

    /** The part with indices {@code first … end − 1}. */
    Located part(long first, long end) {
      RestartRange part = new RestartRange(range().cell(), first, end - first);
      return new Located(
          file,
          new StoredRange(stored.identity(), part, stored.provenance()),
          row + first - range().first());
    }

    /** The same rows under another cell number. */
    Located withCell(int cell) {
      return new Located(file, stored.withCell(cell), row);
    }
  }
}
