package org.basinsim.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.basinsim.model.Column;
import org.basinsim.model.RestartRange;
import org.basinsim.results.RowFile.Located;

/**
 * Rows of any number of files as one: disjoint, sorted by cell and index, whatever repeats or
 * overlaps. Rows that occur twice must agree.
 *
 * @param parts disjoint and sorted; cell numbers are those of the study
 */
record Union(List<Located> parts) {
  /** The winner of an overlap depends on what the files hold, not on their order. */
  private static final Comparator<Located> ORDER =
      Comparator.<Located>comparingInt(located -> located.range().cell())
          .thenComparingLong(located -> located.range().first())
          .thenComparing(located -> located.stored().provenance())
          .thenComparingLong(located -> -located.range().count());

  private static final int COMPARED_AT_ONCE = 1 << 14;

  /**
   * Unites rows.
   *
   * @param all under the cell numbers of the study
   * @throws MismatchedResults where rows of one restart disagree
   */
  static Union of(List<Located> all) {
    List<Located> sorted = new ArrayList<>(all);
    sorted.sort(ORDER);
    List<Located> parts = new ArrayList<>();
    for (Located next : sorted) {
      long covered = 0;
      for (int i = parts.size() - 1; i >= 0 && overlap(parts.get(i), next); i--) {
        compare(parts.get(i), next);
      }
      if (!parts.isEmpty() && parts.getLast().range().cell() == next.range().cell()) {
        covered = parts.getLast().range().end();
      }
      if (next.range().end() > covered) {
        parts.add(next.part(Math.max(covered, next.range().first()), next.range().end()));
      }
    }
    return new Union(parts);
  }

  private static boolean overlap(Located earlier, Located later) {
    return earlier.range().cell() == later.range().cell()
        && later.range().first() < earlier.range().end();
  }

  private static void compare(Located earlier, Located later) {
    long end = Math.min(earlier.range().end(), later.range().end());
    for (long first = Math.max(earlier.range().first(), later.range().first());
        first < end;
        first += COMPARED_AT_ONCE) {
      long last = Math.min(end, first + COMPARED_AT_ONCE);
      Located a = earlier.part(first, last);
      Located b = later.part(first, last);
      Layout layout = shared(a, b);
      Rows rowsOfA = assemble(layout, List.of(a));
      Rows rowsOfB = assemble(layout, List.of(b));
      for (Column column : layout.columns()) {
        int at = mismatch(rowsOfA.array(column.name()), rowsOfB.array(column.name()));
        if (at >= 0) {
          throw new MismatchedResults(
              b.file().path(),
              "cell "
                  + a.range().cell()
                  + ", restart "
                  + (first + at / column.size())
                  + ": "
                  + column.name()
                  + " disagrees with "
                  + a.file().path());
        }
      }
    }
  }

  /** Columns that both files have; minima are numbered anew for every file. */
  private static Layout shared(Located a, Located b) {
    return new Layout(
        a.file().layout().columns().stream()
            .filter(column -> !column.name().equals(Column.MINIMUM.name()))
            .filter(column -> b.file().layout().column(column.name()).isPresent())
            .toList());
  }

  /** Position of the first difference; −1 where there is none. */
  private static int mismatch(Object a, Object b) {
    return switch (a) {
      case byte[] x -> Arrays.mismatch(x, (byte[]) b);
      case int[] x -> Arrays.mismatch(x, (int[]) b);
      case double[] x -> Arrays.mismatch(x, (double[]) b);
      default -> throw new IllegalArgumentException("no column type: " + a.getClass());
    };
  }

  /** Rows in memory. */
  static Rows assemble(Layout layout, List<Located> parts) {
    Rows rows = new Rows(layout, joined(parts).stream().map(StoredRange::range).toList());
    int row = 0;
    for (Located part : parts) {
      int count = Math.toIntExact(part.range().count());
      part.file().copy(part.row(), rows, row, count);
      row += count;
    }
    return rows;
  }

  /** What the parts hold, in as few ranges as possible. */
  static List<StoredRange> joined(List<Located> parts) {
    return StoredRange.joined(parts.stream().map(Located::stored).toList());
  }

  /** Number of rows. */
  long rows() {
    return parts.stream().mapToLong(part -> part.range().count()).sum();
  }

  /** The rows in blocks of this many, the last one smaller. */
  List<List<Located>> blocks(long rowsPerBlock) {
    List<List<Located>> blocks = new ArrayList<>();
    List<Located> block = new ArrayList<>();
    long room = rowsPerBlock;
    for (Located part : parts) {
      RestartRange range = part.range();
      for (long first = range.first(); first < range.end(); ) {
        long end = Math.min(range.end(), first + room);
        block.add(part.part(first, end));
        room -= end - first;
        first = end;
        if (room == 0) {
          blocks.add(block);
          block = new ArrayList<>();
          room = rowsPerBlock;
        }
      }
    }
    if (!block.isEmpty()) {
      blocks.add(block);
    }
    return blocks;
  }

  /** Shows the outcomes. */
  void scan(OutcomeVisitor visitor, int atOnce) {
    for (Located part : parts) {
      RestartRange range = part.range();
      for (long first = range.first(); first < range.end(); first += atOnce) {
        int count = (int) Math.min(atOnce, range.end() - first);
        visitor.rows(
            range.cell(), first, part.file().outcomes(part.row() + first - range.first(), count));
      }
    }
  }
}
