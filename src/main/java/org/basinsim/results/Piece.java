package org.basinsim.results;

import io.jhdf.api.Group;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.basinsim.model.Outcome;
import org.basinsim.model.RestartRange;

/**
 * Counts of the outcomes of consecutive restarts, kept where rows are not: table {@code /counts},
 * beside {@code /ranges} row by row.
 *
 * @param stored the restarts
 * @param counts by outcome code
 */
record Piece(StoredRange stored, List<Long> counts) {
  private static final String GROUP = "counts";

  /** Longer pieces before shorter ones with the same beginning. */
  private static final Comparator<Piece> ORDER =
      Comparator.<Piece>comparingInt(piece -> piece.range().cell())
          .thenComparingLong(piece -> piece.range().first())
          .thenComparingLong(piece -> -piece.range().count())
          .thenComparing(piece -> piece.stored.provenance());

  Piece {
    counts = List.copyOf(counts);
  }

  RestartRange range() {
    return stored.range();
  }

  Piece withCell(int cell) {
    return new Piece(stored.withCell(cell), counts);
  }

  static void write(WritableGroup file, List<Piece> pieces) {
    StoredRange.write(file, pieces.stream().map(Piece::stored).toList());
    TableWriter table = new TableWriter(file, GROUP, "range");
    for (Outcome outcome : Outcome.values()) {
      table.putLongs(
          outcome.word(),
          pieces.stream().map(piece -> piece.counts.get(outcome.code())).toList(),
          "1",
          "restarts with outcome " + outcome.word());
    }
  }

  /** Whether a file keeps counts. */
  static boolean areIn(Group root) {
    return TableReader.exists(root, GROUP);
  }

  static List<Piece> read(Path file, Group root) {
    TableReader table = TableReader.of(file, root, GROUP);
    List<long[]> columns =
        Arrays.stream(Outcome.values()).map(outcome -> table.longs(outcome.word())).toList();
    List<StoredRange> ranges = StoredRange.read(file, root);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      int row = i;
      pieces.add(new Piece(ranges.get(i), columns.stream().map(column -> column[row]).toList()));
    }
    return pieces;
  }

  static void verify(Path file, Group root, List<Piece> pieces) {
    if (!read(file, root).equals(pieces)) {
      throw new DamagedResults(file, "other counts than written");
    }
  }

  /**
   * Pieces of any number of files as one: disjoint, sorted, as few as the grid allows. Of nested
   * pieces the larger counts.
   *
   * @param grid pieces do not reach across multiples of this
   * @throws MismatchedResults where pieces overlap in part, which no count can be made of, or
   *     disagree
   */
  static List<Piece> union(Path file, List<Piece> all, long grid) {
    List<Piece> sorted = new ArrayList<>(all);
    sorted.sort(ORDER);
    List<Piece> disjoint = new ArrayList<>();
    for (Piece next : sorted) {
      Piece last = disjoint.isEmpty() ? null : disjoint.getLast();
      boolean follows =
          last == null
              || last.range().cell() != next.range().cell()
              || last.range().end() <= next.range().first();
      if (follows) {
        disjoint.add(next);
      } else if (next.range().equals(last.range()) && !next.counts.equals(last.counts)) {
        throw clash(file, next, "disagree");
      } else if (next.range().end() > last.range().end()) {
        throw clash(file, next, "overlap in part and cannot be united; record rows instead");
      }
    }
    return joined(disjoint, grid);
  }

  private static MismatchedResults clash(Path file, Piece piece, String what) {
    return new MismatchedResults(
        file,
        "cell "
            + piece.range().cell()
            + ", restart "
            + piece.range().first()
            + ": two counts "
            + what);
  }

  private static List<Piece> joined(List<Piece> disjoint, long grid) {
    List<Piece> joined = new ArrayList<>();
    for (Piece next : disjoint) {
      boolean joins =
          !joined.isEmpty()
              && next.range().first() % grid != 0
              && joined.getLast().stored.joins(next.stored);
      joined.add(joins ? joined.removeLast().plus(next) : next);
    }
    return joined;
  }

  /** This and the piece right after it. */
  private Piece plus(Piece next) {
    List<Long> sums = new ArrayList<>();
    for (int code = 0; code < counts.size(); code++) {
      sums.add(counts.get(code) + next.counts.get(code));
    }
    return new Piece(StoredRange.joined(List.of(stored, next.stored)).getFirst(), sums);
  }
}
