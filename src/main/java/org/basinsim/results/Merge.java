package org.basinsim.results;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.basinsim.results.RowFile.Located;

/**
 * Results of one study from several files as one. Get one from {@link #of}; {@link #scan} it for
 * the summaries, then {@link #write}.
 */
public final class Merge {
  private static final int SCANNED_AT_ONCE = 1 << 20;

  private final ResultsFile widest;
  private final Manifest manifest;
  private final Union union;
  private final List<Piece> pieces;
  private final Limits limits;

  private Merge(
      ResultsFile widest, Manifest manifest, Union union, List<Piece> pieces, Limits limits) {
    this.widest = widest;
    this.manifest = manifest;
    this.union = union;
    this.pieces = pieces;
    this.limits = limits;
  }

  /**
   * Unites files; what occurs several times counts once, the order of the files is of no account.
   *
   * @param paths results files of one study; one of them must know the cells of all
   * @throws MismatchedResults where they are of several studies, or restarts disagree
   */
  public static Merge of(List<Path> paths) {
    return of(paths, Limits.DEFAULT);
  }

  static Merge of(List<Path> paths, Limits limits) {
    List<ResultsFile> files =
        paths.stream().map(ResultsFile::open).sorted(Comparator.comparing(Merge::rank)).toList();
    ResultsFile widest = files.getLast();
    Manifest manifest = widest.manifest();
    List<Located> rows = new ArrayList<>();
    List<Piece> pieces = new ArrayList<>();
    Set<String> known = manifest.numbers().keySet();
    for (ResultsFile file : files) {
      Set<String> others = new HashSet<>(file.manifest().numbers().keySet());
      others.removeAll(known);
      if (!others.isEmpty()) {
        throw MismatchedResults.anotherStudy(file.path(), widest.study());
      }
      Found found = file.found();
      found.checkKind(manifest.countsOnly());
      rows.addAll(found.rowsOf(manifest));
      pieces.addAll(found.piecesOf(manifest));
    }
    return new Merge(
        widest,
        manifest,
        Union.of(rows),
        Piece.union(widest.path(), pieces, limits.pieceRestarts()),
        limits);
  }

  /** The file that knows most cells, then most restarts; ties by content, not by order. */
  private static String rank(ResultsFile file) {
    long restarts = 0;
    for (long count : file.counts("restarts")) {
      restarts += count;
    }
    return "%010d %019d %s".formatted(file.cells(), restarts, file.study());
  }

  /** The study of the united results, TOML. */
  public String study() {
    return manifest.text();
  }

  /** Shows every outcome. */
  public void scan(OutcomeVisitor visitor) {
    union.scan(visitor, SCANNED_AT_ONCE);
    new PieceTables(pieces).scan(visitor);
  }

  /**
   * Writes the united results, whole or not at all.
   *
   * @param file must not exist
   * @param summaries one a cell of the study
   * @throws InaccessibleResults where it exists or cannot be written
   */
  public void write(Path file, List<CellSummary> summaries) {
    Path absolute = file.toAbsolutePath().normalize();
    try (StoreLock _ = StoreLock.take(absolute)) {
      Shards shards = new Shards(Shards.folder(absolute), DurableFolder.Witness.NONE);
      if (Files.exists(absolute) || shards.study().isPresent()) {
        throw new InaccessibleResults(file, "exists; merge writes new files only");
      }
      Layout layout = Layout.of(manifest);
      if (!manifest.countsOnly() && !limits.fitOneFile(layout, union.rows())) {
        shards.begin(manifest.text());
      }
      Tables tables =
          manifest.countsOnly()
              ? new PieceTables(pieces)
              : RowTables.of(union, layout, limits, shards, List.of());
      String name = absolute.getFileName().toString();
      new DurableFolder(absolute.getParent(), DurableFolder.Witness.NONE)
          .publish(
              name,
              new FinishedFile(
                  name, manifest, summaries, tables, widest.provenance(), widest.wallSeconds()));
      shards.keepOnly(tables.parts());
    }
  }
}
