package org.basinsim.results;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** A study whose outcomes are a hash of cell and index, and files small enough to see all forms. */
final class Toy {
  /** Forms change early: 40 rows in the file itself, 8 in a part, 4 restarts in a piece. */
  static final Limits SMALL = new Limits(40, 1 << 20, 8, 1 << 20, 3, 4, 1e9);

  static final Provenance HERE =
      new Provenance("0.1", "abc", "cpu", "a processor", "", "", "25", "double");

  static final Column STEPS = Column.steps("steps taken", Column.Tolerance.EXACT);
  static final Column LOSS = Column.real("loss", "1", "loss at the end", Column.Tolerance.EXACT);

  private Toy() {}

  /** A vector of some length. */
  static Column trajectory(int length) {
    return new Column(
        "trajectory_loss",
        Column.Type.FLOAT64,
        length,
        "1",
        "‖loss‖ on the way",
        Column.Tolerance.EXACT);
  }

  /** Cells by name; a cell's name decides its outcomes, its place among the others does not. */
  static Manifest manifest(long restarts, List<Column> columns, String... names) {
    List<Manifest.Cell> cells = new ArrayList<>();
    for (String name : names) {
      int length = columns.stream().mapToInt(Column::size).max().orElse(1);
      List<Integer> steps =
          length > 1 ? IntStream.range(0, length).boxed().toList() : Collections.emptyList();
      cells.add(new Manifest.Cell(List.of(name), Sha256.of(name), columns, restarts, steps));
    }
    return new Manifest("cells = " + List.of(names), 7, List.of("system.name"), cells, false);
  }

  static Manifest manifest(long restarts, String... names) {
    return manifest(restarts, List.of(Column.OUTCOME, STEPS, LOSS), names);
  }

  static Manifest countsOnly(long restarts, String... names) {
    Manifest m = manifest(restarts, names);
    return new Manifest(m.text(), m.seed(), m.keys(), m.cells(), true);
  }

  /** What a backend would deliver. */
  static Outcomes outcomes(Manifest manifest, RestartRange range) {
    Manifest.Cell cell = manifest.cells().get(range.cell());
    Outcomes outcomes = new Outcomes(range, cell.columns());
    for (int row = 0; row < outcomes.rows(); row++) {
      long hash = hash(cell.identity(), range.first() + row);
      outcomes.bytes("outcome")[row] = (byte) (hash >>> 62);
      outcomes.ints("steps")[row] = (int) (hash >>> 40) & 0xffff;
      for (Column column : cell.columns()) {
        if (column.type() == Column.Type.FLOAT64) {
          double[] reals = outcomes.reals(column.name());
          for (int i = 0; i < column.size(); i++) {
            reals[row * column.size() + i] = (double) (hash >> i);
          }
        }
      }
    }
    return outcomes;
  }

  private static long hash(String identity, long index) {
    return new SplittableRandom(identity.hashCode() * 31L + index).nextLong();
  }

  /** The ranges cut at random and shuffled. */
  static List<RestartRange> cut(List<RestartRange> ranges, int longest, SplittableRandom random) {
    List<RestartRange> pieces = new ArrayList<>();
    for (RestartRange range : ranges) {
      for (long first = range.first(); first < range.end(); ) {
        long count = Math.min(range.end() - first, 1 + random.nextInt(longest));
        pieces.add(new RestartRange(range.cell(), first, count));
        first += count;
      }
    }
    Collections.shuffle(pieces, new java.util.Random(random.nextLong()));
    return pieces;
  }

  static List<RestartRange> missing(ResultsStore store, Manifest manifest) {
    List<RestartRange> missing = new ArrayList<>();
    for (int c = 0; c < manifest.cells().size(); c++) {
      missing.addAll(store.recorded().get(c).missing(c, manifest.cells().get(c).restarts()));
    }
    return missing;
  }

  static ResultsStore open(Path file, Manifest manifest) {
    return ResultsStore.open(file, manifest, HERE, false, SMALL, DurableFolder.Witness.NONE);
  }

  /** Computes whatever is missing and finishes. */
  static void complete(Path file, Manifest manifest, int longest, long seed) {
    try (ResultsStore store = open(file, manifest)) {
      for (RestartRange range :
          cut(missing(store, manifest), longest, new SplittableRandom(seed))) {
        store.accept(outcomes(manifest, range));
      }
      store.finish(summaries(store, manifest));
    }
  }

  static List<CellSummary> summaries(ResultsStore store, Manifest manifest) {
    long[][] counts = new long[manifest.cells().size()][4];
    store.scan(tally(counts));
    return summaries(counts);
  }

  static OutcomeVisitor tally(long[][] counts) {
    return new OutcomeVisitor() {
      @Override
      public void rows(int cell, long first, byte[] outcomes) {
        for (byte outcome : outcomes) {
          counts[cell][outcome]++;
        }
      }

      @Override
      public void counts(int cell, long first, long[] byOutcome) {
        for (int code = 0; code < 4; code++) {
          counts[cell][code] += byOutcome[code];
        }
      }
    };
  }

  static List<CellSummary> summaries(long[][] counts) {
    List<CellSummary> summaries = new ArrayList<>();
    for (long[] c : counts) {
      double n = c[0] + c[1] + c[2] + c[3];
      summaries.add(new CellSummary(c[1], c[2], c[0], c[3], (long) n, c[1] / n, 0, 1, Double.NaN));
    }
    return summaries;
  }
}
