package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Counts alone. */
record PieceTables(List<Piece> pieces) implements Tables {

  @Override
  public void write(WritableGroup file) {
    Piece.write(file, pieces);
  }

  @Override
  public void verify(Path path, HdfFile file) {
    Piece.verify(path, file, pieces);
  }

  @Override
  public Set<Path> parts() {
    return Set.of();
  }

  /** Shows the counts. */
  void scan(OutcomeVisitor visitor) {
    for (Piece piece : pieces) {
      visitor.counts(
          piece.range().cell(),
          piece.range().first(),
          piece.counts().stream().mapToLong(Long::longValue).toArray());
    }
  }
}
