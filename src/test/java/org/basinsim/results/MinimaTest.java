package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which minima a results file names, whatever the order and the form of its rows. */
class MinimaTest {
  private static final Column POSITION =
      Column.position(2, "where it ended", Column.Tolerance.EXACT);

  static final List<Column> COLUMNS =
      List.of(Column.OUTCOME, Toy.STEPS, Toy.LOSS, POSITION, Column.MINIMUM);

  /** Where spurious restarts end; the first and the last lie closer than any others, but apart. */
  private static final double[][] TRUE = {{1, -2}, {-1, 2}, {1, -2.01}};

  @TempDir Path folder;

  /** A restart is spurious unless its index is a multiple of 3; all three minima take turns. */
  private static Outcomes outcomes(Manifest manifest, RestartRange range) {
    Outcomes outcomes = new Outcomes(range, manifest.cells().get(range.cell()).columns());
    for (int row = 0; row < outcomes.rows(); row++) {
      long index = range.first() + row;
      boolean spurious = index % 3 != 0;
      outcomes.bytes("outcome")[row] = (spurious ? Outcome.SPURIOUS : Outcome.GLOBAL).code();
      outcomes.reals("loss")[row] = index;
      if (!outcomes.has(Column.POSITION)) {
        continue;
      }
      outcomes.ints(Column.MINIMUM.name())[row] = -1;
      double[] at = TRUE[(int) (index / 3 % (range.cell() == 0 ? 3 : 1))];
      double noise = 1e-4 * new SplittableRandom(index).nextDouble(-1, 1);
      outcomes.reals(Column.POSITION)[2 * row] = at[0] + noise;
      outcomes.reals(Column.POSITION)[2 * row + 1] = at[1] - noise;
    }
    return outcomes;
  }

  static void complete(Path file, Manifest manifest, int longest, long seed) {
    try (ResultsStore store = Toy.open(file, manifest)) {
      for (RestartRange range :
          Toy.cut(Toy.missing(store, manifest), longest, new SplittableRandom(seed))) {
        store.accept(outcomes(manifest, range));
      }
      store.finish(Toy.summaries(store, manifest));
    }
  }

  /** Cell a has three minima, cell b one, cell c records none. */
  static Manifest manifest(long restarts) {
    Manifest all = Toy.manifest(restarts, COLUMNS, "a", "b", "c");
    Manifest.Cell c = all.cells().get(2);
    List<Manifest.Cell> cells = new ArrayList<>(all.cells().subList(0, 2));
    List<Column> fewer = COLUMNS.subList(0, 3);
    cells.add(new Manifest.Cell(c.values(), c.identity(), fewer, restarts, List.of()));
    // Toy takes the length of a vector for that of a trajectory.
    cells.replaceAll(cell ->
        new Manifest.Cell(
            cell.values(), cell.identity(), cell.columns(), cell.restarts(), List.of()));
    return new Manifest(all.text(), all.seed(), all.keys(), cells, false);
  }

  private static int[] labels(ResultsFile file) {
    List<Integer> labels = new ArrayList<>();
    file.forEachRows(rows -> {
      for (int label : (int[]) rows.array(Column.MINIMUM.name())) {
        labels.add(label);
      }
    });
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The minimum of each row, in the order in which minima first occur. */
  private static int[] expected(long restarts) {
    int[] labels = new int[(int) (3 * restarts)];
    Arrays.fill(labels, -1);
    for (int i = 0; i < restarts; i++) {
      if (i % 3 != 0) {
        labels[i] = i / 3 % 3;
        labels[(int) restarts + i] = (int) Math.min(3, Math.ceilDiv(restarts - 1, 3));
      }
    }
    return labels;
  }

  /** 13 restarts a cell stand in the file, 41 in parts. */
  @Test
  void minimaAreToldApartWhateverTheOrderAndTheForm() {
    for (long restarts : new long[] {13, 41}) {
      for (long seed = 1; seed <= 2; seed++) {
        Path path = folder.resolve(restarts + "-" + seed + ".h5");
        complete(path, manifest(restarts), (int) (2 * seed), seed);
        ResultsFile file = ResultsFile.open(path);
        assertArrayEquals(expected(restarts), labels(file));
        List<Minimum> minima = file.minima();
        assertEquals(4, minima.size());
        long total = 0;
        for (int i = 0; i < 4; i++) {
          assertEquals(i < 3 ? 0 : 1, minima.get(i).cell());
          assertArrayEquals(TRUE[i % 3], minima.get(i).position(), 1.01e-4);
          // The first restart that ended there gives position and loss.
          assertEquals(i % 3 * 3 + 1, minima.get(i).loss());
          total += minima.get(i).count();
        }
        assertEquals(file.counts("spurious")[0] + file.counts("spurious")[1], total);
        assertEquals(file.counts("spurious")[1], minima.get(3).count());
      }
    }
  }

  @Test
  void moreRestartsLeaveEarlierOnesWhereTheyAre() {
    Path path = folder.resolve("x.h5");
    complete(path, manifest(5), 2, 1);
    assertEquals(
        List.of(2L, 1L, 3L), ResultsFile.open(path).minima().stream().map(Minimum::count).toList());
    for (long restarts : new long[] {13, 41}) {
      complete(path, manifest(restarts), 3, restarts);
      assertArrayEquals(expected(restarts), labels(ResultsFile.open(path)));
    }
    // Nothing new: the parts that are there, labels and all, are written once more.
    complete(path, manifest(41), 3, 1);
    assertArrayEquals(expected(41), labels(ResultsFile.open(path)));
  }

  /** Two machines number minima each for itself; where rows overlap that is no disagreement. */
  @Test
  void mergingNumbersThemAnew() {
    Path first = folder.resolve("first.h5");
    Path second = folder.resolve("second.h5");
    Manifest manifest = manifest(13);
    write(first, manifest, 0, 9);
    write(second, manifest, 4, 13);
    Path both = folder.resolve("both.h5");
    Merge merge = Merge.of(List.of(second, first));
    long[][] counts = new long[3][4];
    merge.scan(Toy.tally(counts));
    merge.write(both, Toy.summaries(counts));
    assertArrayEquals(expected(13), labels(ResultsFile.open(both)));
  }

  private static void write(Path file, Manifest manifest, long from, long to) {
    try (ResultsStore store = Toy.open(file, manifest)) {
      for (int cell = 0; cell < 3; cell++) {
        store.accept(outcomes(manifest, new RestartRange(cell, from, to - from)));
      }
      store.finish(Toy.summaries(store, manifest));
    }
  }

  @Test
  void withoutSpuriousRestartsThereIsNoTable() {
    Path path = folder.resolve("x.h5");
    complete(path, manifest(1), 1, 1);
    ResultsFile file = ResultsFile.open(path);
    assertTrue(file.minima().isEmpty());
    assertArrayEquals(new int[] {-1, -1, -1}, labels(file));
  }
}
