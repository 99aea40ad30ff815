package org.basinsim.results;

import io.jhdf.api.Group;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.RestartRange;

/**
 * Consecutive restarts of a cell in one file, from one place: tables {@code /ranges} and {@code
 * /provenance}.
 *
 * @param identity of the cell
 * @param range the restarts; its cell number is that of the file
 * @param provenance where they come from
 */
record StoredRange(String identity, RestartRange range, Provenance provenance) {

  /** The restarts under another cell number. */
  StoredRange withCell(int cell) {
    return new StoredRange(
        identity, new RestartRange(cell, range.first(), range.count()), provenance);
  }

  /** Writes both tables, at least one range. */
  static void write(WritableGroup file, List<StoredRange> ranges) {
    Map<Provenance, Integer> places = new LinkedHashMap<>();
    ranges.forEach(range -> places.putIfAbsent(range.provenance, places.size()));
    TableWriter table = new TableWriter(file, "ranges", "range");
    table.put(
        "cell",
        ranges.stream().mapToInt(range -> range.range.cell()).toArray(),
        "1",
        "number of the cell in this file");
    table.putLongs(
        "first", ranges.stream().map(r -> r.range.first()).toList(), "1", "index of the first");
    table.putLongs(
        "count", ranges.stream().map(r -> r.range.count()).toList(), "1", "number of restarts");
    table.put(
        "provenance",
        ranges.stream().mapToInt(range -> places.get(range.provenance)).toArray(),
        "1",
        "row of /provenance");
    table.putTexts(
        "identity",
        ranges.stream().map(StoredRange::identity).toList(),
        "SHA-256 of the seed and the mathematics of the cell");
    TableWriter origins = new TableWriter(file, "provenance", "place");
    List<Provenance> distinct = List.copyOf(places.keySet());
    for (int field = 0; field < Provenance.NAMES.size(); field++) {
      int f = field;
      origins.putTexts(
          Provenance.NAMES.get(f),
          distinct.stream().map(provenance -> provenance.values().get(f)).toList(),
          Provenance.NAMES.get(f).replace('_', ' '));
    }
  }

  /** Reads both tables. */
  static List<StoredRange> read(Path file, Group root) {
    TableReader table = TableReader.of(file, root, "ranges");
    long[] cells = table.longs("cell");
    long[] firsts = table.longs("first");
    long[] counts = table.longs("count");
    long[] places = table.longs("provenance");
    String[] identities = table.texts("identity");
    List<Provenance> provenances = provenances(file, root);
    List<StoredRange> ranges = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      ranges.add(
          new StoredRange(
              identities[i],
              new RestartRange(Math.toIntExact(cells[i]), firsts[i], counts[i]),
              provenances.get(Math.toIntExact(places[i]))));
    }
    return ranges;
  }

  private static List<Provenance> provenances(Path file, Group root) {
    TableReader table = TableReader.of(file, root, "provenance");
    List<String[]> fields = Provenance.NAMES.stream().map(table::texts).toList();
    List<Provenance> provenances = new ArrayList<>();
    for (int i = 0; i < fields.getFirst().length; i++) {
      int row = i;
      provenances.add(Provenance.of(fields.stream().map(field -> field[row]).toList()));
    }
    return provenances;
  }

  /** Whether the restarts of the other follow these at once and come from the same place. */
  boolean joins(StoredRange next) {
    return range.cell() == next.range.cell()
        && range.end() == next.range.first()
        && provenance.equals(next.provenance);
  }

  /** The same restarts in as few ranges as possible. */
  static List<StoredRange> joined(List<StoredRange> sorted) {
    List<StoredRange> joined = new ArrayList<>();
    for (StoredRange next : sorted) {
      if (!joined.isEmpty() && joined.getLast().joins(next)) {
        RestartRange last = joined.removeLast().range;
        RestartRange both =
            new RestartRange(last.cell(), last.first(), last.count() + next.range.count());
        joined.add(new StoredRange(next.identity, both, next.provenance));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }

  /** Total of restarts. */
  static long restarts(List<StoredRange> ranges) {
    return ranges.stream().mapToLong(range -> range.range.count()).sum();
  }
}
