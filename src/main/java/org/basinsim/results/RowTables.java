package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Rows that stand in the results file itself. */
record RowTables(Rows rows, List<StoredRange> ranges) implements Tables {

  /**
   * Rows in the form that their number asks for: in the file itself, or, above the limits, in parts
   * that are written here and listed in the file.
   *
   * @param reusable shards that may serve as parts as they are
   */
  static Tables of(
      Union union, Layout layout, Limits limits, Shards shards, List<RowFile> reusable) {
    if (limits.fitOneFile(layout, union.rows())) {
      return new RowTables(Union.assemble(layout, union.parts()), Union.joined(union.parts()));
    }
    return PartTables.publish(union, layout, limits, shards, reusable);
  }

  @Override
  public void write(WritableGroup file) {
    RowFile.write(file, rows, ranges);
  }

  @Override
  public void verify(Path path, HdfFile file) {
    RowFile.of(path, file).verify(rows);
  }

  @Override
  public Set<Path> parts() {
    return Set.of();
  }
}
