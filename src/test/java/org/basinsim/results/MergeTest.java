package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  @TempDir Path folder;

  private static void merge(Path to, Manifest manifest, List<Path> from) {
    Merge merge = Merge.of(from, Toy.SMALL);
    long[][] counts = new long[manifest.cells().size()][4];
    merge.scan(Toy.tally(counts));
    merge.write(to, Toy.summaries(counts));
  }

  /** A results file of a part of the restarts, a piece a cell at least. */
  private static void partial(Path file, Manifest manifest, SplittableRandom random) {
    try (ResultsStore store = Toy.open(file, manifest)) {
      for (RestartRange range : Toy.cut(Toy.missing(store, manifest), 9, random)) {
        if (range.first() == 0 || random.nextInt(3) > 0) {
          store.accept(Toy.outcomes(manifest, range));
        }
      }
      store.finish(Toy.summaries(store, manifest));
    }
  }

  @Test
  void anyMultisetOfFilesGivesTheSameBytes() throws IOException {
    for (long restarts : new long[] {7, 41}) {
      Manifest manifest = Toy.manifest(restarts, "a", "b");
      Path whole = folder.resolve("whole" + restarts + ".h5");
      Toy.complete(whole, manifest, 9, 1);
      Map<String, String> expected = DataSets.of(whole);
      for (int i = 0; i < 6; i++) {
        SplittableRandom random = new SplittableRandom(i);
        List<Path> files = new ArrayList<>(List.of(whole, whole));
        for (int f = 0; f < 3; f++) {
          Path file = folder.resolve("part" + restarts + "-" + i + "-" + f + ".h5");
          partial(file, manifest, random);
          files.add(file);
        }
        Collections.shuffle(files, new Random(i));
        Path united = folder.resolve("united" + restarts + "-" + i + ".h5");
        merge(united, manifest, files);
        assertEquals(expected, DataSets.of(united));
      }
    }
  }

  @Test
  void filesWithoutTheWholeUniteToTheSameInAnyOrder() throws IOException {
    Manifest manifest = Toy.manifest(41, "a", "b");
    List<Path> files = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int f = 0; f < 4; f++) {
      files.add(folder.resolve(f + ".h5"));
      partial(files.getLast(), manifest, random);
    }
    Path first = folder.resolve("first.h5");
    merge(first, manifest, files);
    Collections.reverse(files);
    files.add(first);
    Path second = folder.resolve("second.h5");
    merge(second, manifest, files);
    assertEquals(DataSets.of(first), DataSets.of(second));
  }

  @Test
  void countsUniteWhereNestedAndAreRefusedWhereTheyOverlapInPart() throws IOException {
    Path small = folder.resolve("small.h5");
    Path large = folder.resolve("large.h5");
    Toy.complete(small, Toy.countsOnly(6, "a", "b"), 2, 1);
    Toy.complete(large, Toy.countsOnly(11, "a", "b"), 5, 2);
    Path united = folder.resolve("united.h5");
    merge(united, Toy.countsOnly(11, "a", "b"), List.of(large, small, large));
    assertEquals(DataSets.of(large), DataSets.of(united));

    StoredRange early = new StoredRange("a", new RestartRange(0, 0, 3), Toy.HERE);
    StoredRange late = new StoredRange("a", new RestartRange(0, 2, 2), Toy.HERE);
    Piece a = new Piece(early, List.of(0L, 3L, 0L, 0L));
    Piece b = new Piece(late, List.of(0L, 2L, 0L, 0L));
    Piece other = new Piece(early, List.of(1L, 2L, 0L, 0L));
    MismatchedResults overlap =
        assertThrows(MismatchedResults.class, () -> Piece.union(small, List.of(a, b), 4));
    assertTrue(overlap.getMessage().contains("cell 0, restart 2"), overlap.getMessage());
    assertThrows(MismatchedResults.class, () -> Piece.union(small, List.of(a, other), 4));
  }

  @Test
  void rowsThatDisagreeAreRefusedByCellAndIndex() {
    Manifest manifest = Toy.manifest(9, "a", "b");
    Path one = folder.resolve("one.h5");
    Path two = folder.resolve("two.h5");
    Toy.complete(one, manifest, 4, 1);
    try (ResultsStore store = Toy.open(two, manifest)) {
      for (int cell = 0; cell < 2; cell++) {
        Outcomes outcomes = Toy.outcomes(manifest, new RestartRange(cell, 0, 9));
        outcomes.reals("loss")[7] += cell;
        outcomes.reals("loss")[7] *= 1 + cell;
        store.accept(outcomes);
      }
      store.finish(Toy.summaries(store, manifest));
    }
    MismatchedResults refused =
        assertThrows(MismatchedResults.class, () -> Merge.of(List.of(one, two)));
    assertTrue(
        refused.getMessage().contains("cell 1, restart 7: loss disagrees"), refused.getMessage());
  }

  @Test
  void anotherStudyAndAnExistingFileAreRefused() {
    Path one = folder.resolve("one.h5");
    Path two = folder.resolve("two.h5");
    Toy.complete(one, Toy.manifest(3, "a"), 4, 1);
    Toy.complete(two, Toy.manifest(3, "b", "c"), 4, 1);
    assertThrows(MismatchedResults.class, () -> Merge.of(List.of(one, two)));
    Manifest manifest = Toy.manifest(3, "a");
    assertThrows(InaccessibleResults.class, () -> merge(two, manifest, List.of(one)));
  }
}
