package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rows that stand in the results file itself. */
record RowTables(Rows rows, List<StoredRange> ranges, Optional<Minima> minima) implements Tables {

  /**
   * Rows in the form that their number asks for: in the file itself, or, above the limits, in parts
   * that are written here and listed in the file.
   *
   * @param reusable shards that may serve as parts as they are
   */
  static Tables of(
      Union union, Layout layout, Limits limits, Shards shards, List<RowFile> reusable) {
    Optional<Minima> minima = Minima.of(union, layout, limits);
    if (limits.fitOneFile(layout, union.rows())) {
      Rows rows = Union.assemble(layout, union.parts());
      minima.ifPresent(found -> found.label(rows));
      return new RowTables(rows, Union.joined(union.parts()), minima);
    }
    // What a backend delivered does not name its minima yet.
    return PartTables.publish(
        union, layout, limits, shards, minima.isPresent() ? List.of() : reusable, minima);
  }

  @Override
  public void write(WritableGroup file) {
    RowFile.write(file, rows, ranges);
    minima.ifPresent(found -> found.write(file));
  }

  @Override
  public void verify(Path path, HdfFile file) {
    RowFile.of(path, file).verify(rows);
    minima.ifPresent(found -> found.verify(path, file));
  }

  @Override
  public Set<Path> parts() {
    return Set.of();
  }
}
