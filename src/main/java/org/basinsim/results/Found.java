package org.basinsim.results;

import io.jhdf.HdfFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinsim.model.Column;
import org.basinsim.results.RowFile.Located;

/**
 * What is on the disk of a results file and its shards.
 *
 * @param file the results file, whether it exists or not
 * @param study that it was recorded with; empty where nothing is recorded
 * @param rows files of rows
 * @param pieces counts, under the cell numbers of their files
 * @param finished whether the results file itself refers to all of it
 * @param wallSeconds what the recorded work took
 */
record Found(
    Path file,
    Optional<String> study,
    List<RowFile> rows,
    List<Piece> pieces,
    boolean finished,
    double wallSeconds) {

  /** What the results file itself says. */
  private record Head(
      String study, Optional<RowFile> rows, List<Piece> pieces, Set<Path> parts, double seconds) {
    static final Head NONE = new Head(null, Optional.empty(), List.of(), Set.of(), 0);
  }

  /**
   * Looks at a results file and its shards.
   *
   * @param notices gets a line for each shard that is lost
   */
  static Found of(Path file, Shards shards, List<String> notices) {
    Head head =
        Files.exists(file) ? Stored.read(file, Stored.RESULTS, hdf -> head(file, hdf)) : Head.NONE;
    List<RowFile> rows = new ArrayList<>();
    List<Piece> pieces = new ArrayList<>(head.pieces);
    head.rows.ifPresent(rows::add);
    List<Path> whole = shards.whole(notices);
    for (Path shard : whole) {
      if (shard.getFileName().toString().startsWith("rows")) {
        rows.add(Shards.readRows(shard));
      } else {
        pieces.addAll(Shards.readPieces(shard));
      }
    }
    head.parts.stream()
        .filter(part -> !Files.exists(part) && !shards.isAside(part))
        .forEach(part -> notices.add(part + ": missing; its restarts come again"));
    return new Found(
        file,
        shards.study().or(() -> Optional.ofNullable(head.study)),
        rows,
        pieces,
        head.study != null && head.parts.equals(Set.copyOf(whole)),
        head.seconds);
  }

  private static Head head(Path file, HdfFile hdf) {
    boolean parts = PartTables.areIn(hdf);
    boolean counts = Piece.areIn(hdf);
    return new Head(
        FinishedFile.text(file, hdf),
        parts || counts ? Optional.empty() : Optional.of(RowFile.of(file, hdf)),
        counts ? Piece.read(file, hdf) : List.of(),
        parts ? PartTables.read(file, hdf).parts() : Set.of(),
        Stored.attribute(hdf, "wall_seconds") instanceof Double seconds ? seconds : 0);
  }

  /**
   * The rows under the cell numbers of a study.
   *
   * @throws MismatchedResults where they belong to another study or have other columns
   */
  List<Located> rowsOf(Manifest manifest) {
    Map<String, Integer> numbers = manifest.numbers();
    Layout layout = Layout.of(manifest);
    List<Located> located = new ArrayList<>();
    for (RowFile shard : rows) {
      for (Located rowsOfCell : Located.of(shard)) {
        int cell = number(numbers, rowsOfCell.stored());
        checkColumns(shard.layout(), layout, manifest.cells().get(cell));
        located.add(rowsOfCell.withCell(cell));
      }
    }
    return located;
  }

  /** The pieces under the cell numbers of a study. */
  List<Piece> piecesOf(Manifest manifest) {
    Map<String, Integer> numbers = manifest.numbers();
    return pieces.stream().map(piece -> piece.withCell(number(numbers, piece.stored()))).toList();
  }

  private int number(Map<String, Integer> numbers, StoredRange range) {
    Integer number = numbers.get(range.identity());
    if (number == null) {
      throw MismatchedResults.anotherStudy(file, study.orElse(""));
    }
    return number;
  }

  private void checkColumns(Layout stored, Layout wanted, Manifest.Cell cell) {
    boolean kept = stored.columns().stream().allMatch(wanted::holds);
    boolean there = cell.columns().stream().allMatch(stored::holds);
    if (!kept || !there) {
      throw new MismatchedResults(
          file,
          "recorded with the columns "
              + names(stored.columns())
              + ", the study asks for "
              + names(wanted.columns())
              + "; restarts.record cannot change");
    }
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  /** Refuses to go on with other hardware or precision. */
  void checkProvenance(Provenance provenance) {
    List<Provenance> recorded = new ArrayList<>();
    rows.forEach(shard -> shard.ranges().forEach(range -> recorded.add(range.provenance())));
    pieces.forEach(piece -> recorded.add(piece.stored().provenance()));
    for (Provenance other : recorded) {
      provenance
          .clash(other)
          .ifPresent(clash -> {
            throw new MismatchedResults(
                file, "was recorded with " + clash + "; --mix goes on all the same");
          });
    }
  }

  /** Refuses counts where rows are wanted, and rows where counts are. */
  void checkKind(boolean countsOnly) {
    if (countsOnly ? !rows.isEmpty() : !pieces.isEmpty()) {
      throw new MismatchedResults(
          file,
          countsOnly
              ? "holds rows, the study keeps counts only; restarts.record cannot change"
              : "holds counts only, the study records rows; restarts.record cannot change");
    }
  }
}
