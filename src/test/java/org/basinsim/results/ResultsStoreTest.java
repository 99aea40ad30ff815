package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.basinsim.model.Column;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsStoreTest {
  @TempDir Path folder;

  /** One file, several parts, counts; with vectors too; odd sizes and one row. */
  static Stream<Arguments> forms() {
    List<Column> vectors = List.of(Column.OUTCOME, Toy.STEPS, Toy.LOSS, Toy.trajectory(3));
    return Stream.of(
        Arguments.of("one row", Toy.manifest(1, "a")),
        Arguments.of("one file", Toy.manifest(13, "a", "b", "c")),
        Arguments.of("parts", Toy.manifest(37, "a", "b", "c")),
        Arguments.of("parts, last one full", Toy.manifest(16, "a", "b", "c")),
        Arguments.of("vectors", Toy.manifest(5, vectors, "a", "b")),
        Arguments.of("vectors in parts", Toy.manifest(29, vectors, "a", "b")),
        Arguments.of("counts", Toy.countsOnly(13, "a", "b", "c")),
        Arguments.of("many counts", Toy.countsOnly(101, "a", "b", "c")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void sameBytesHoweverTheWorkIsCutOrderedAndInterrupted(String form, Manifest manifest)
      throws IOException {
    Path whole = folder.resolve("whole.h5");
    Toy.complete(whole, manifest, 1000, 1);
    Map<String, String> expected = DataSets.of(whole);
    for (int attempt = 0; attempt < 3; attempt++) {
      SplittableRandom random = new SplittableRandom(attempt);
      Path file = folder.resolve("cut" + attempt + ".h5");
      for (int stop = 0; stop < attempt; stop++) {
        try (ResultsStore store = Toy.open(file, manifest)) {
          List<RestartRange> missing = Toy.cut(Toy.missing(store, manifest), 7, random);
          for (RestartRange range : missing.subList(0, random.nextInt(missing.size() + 1))) {
            store.accept(Toy.outcomes(manifest, range));
          }
        }
      }
      Toy.complete(file, manifest, 1 + attempt, attempt);
      assertEquals(expected, DataSets.of(file), "attempt " + attempt);
      assertFalse(Files.exists(folder.resolve("cut" + attempt + ".h5.lock")));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void rowsAreThoseOfTheBackend(String form, Manifest manifest) {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, manifest, 5, 3);
    ResultsFile results = ResultsFile.open(file);
    assertEquals(manifest.text(), results.study());
    assertEquals(manifest.keys(), results.sweptKeys());
    long restarts = manifest.cells().getFirst().restarts();
    assertEquals(restarts, results.summary(0).restarts());
    assertEquals(manifest.countsOnly(), results.countsOnly());
    List<Long> seen = new ArrayList<>();
    results.forEachRows(rows -> {
      for (RestartRange range : rows.ranges()) {
        for (long i = range.first(); i < range.end(); i++) {
          seen.add(range.cell() * 1000L + i);
        }
        var meant = Toy.outcomes(manifest, range);
        for (Column column : rows.columns()) {
          assertEquals(
              List.of(Piecewise.text(meant.array(column.name()))),
              List.of(Piecewise.text(rows.array(column.name()))));
        }
      }
    });
    if (!manifest.countsOnly()) {
      List<Long> meant = new ArrayList<>();
      for (int c = 0; c < manifest.cells().size(); c++) {
        for (long i = 0; i < restarts; i++) {
          meant.add(c * 1000L + i);
        }
      }
      assertEquals(meant, seen);
      long last = restarts - 1;
      var meantRow = Toy.outcomes(manifest, new RestartRange(0, last, 1));
      Rows row = results.row(0, last).orElseThrow();
      assertArrayEquals(meantRow.ints("steps"), (int[]) row.array("steps"));
      assertTrue(results.row(0, restarts).isEmpty());
    }
  }

  /** Arrays of any type as text. */
  private static final class Piecewise {
    static String text(Object array) {
      return switch (array) {
        case byte[] a -> Arrays.toString(a);
        case int[] a -> Arrays.toString(a);
        case double[] a -> Arrays.toString(a);
        default -> throw new AssertionError(array);
      };
    }
  }

  @Test
  void aStudyThatGrowsKeepsItsRows() throws IOException {
    for (boolean counts : new boolean[] {false, true}) {
      Path grown = folder.resolve("grown" + counts + ".h5");
      Toy.complete(grown, counts(Toy.manifest(5, "b", "d"), counts), 3, 1);
      Toy.complete(grown, counts(Toy.manifest(9, "b", "d"), counts), 3, 2);
      Manifest last = counts(Toy.manifest(21, "a", "b", "c", "d"), counts);
      try (ResultsStore store = Toy.open(grown, last)) {
        assertEquals(9, store.recorded().get(1).count());
        assertEquals(0, store.recorded().get(2).count());
        assertFalse(store.finished());
      }
      Toy.complete(grown, last, 4, 3);
      Path whole = folder.resolve("whole" + counts + ".h5");
      Toy.complete(whole, last, 100, 4);
      assertEquals(DataSets.of(whole), DataSets.of(grown));
      try (ResultsStore store = Toy.open(grown, last)) {
        assertTrue(store.finished());
        assertTrue(Toy.missing(store, last).isEmpty());
      }
    }
  }

  private static Manifest counts(Manifest m, boolean countsOnly) {
    return new Manifest(m.text(), m.seed(), m.keys(), m.cells(), countsOnly);
  }

  @Test
  void rowsRecordedBeyondThePlanStay() {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(9, "a"), 3, 1);
    Toy.complete(file, Toy.manifest(4, "a", "b"), 3, 1);
    assertArrayEquals(new long[] {9, 4}, ResultsFile.open(file).counts("restarts"));
  }

  @Test
  void whatACellDoesNotRecordIsMarked() {
    Manifest plain = Toy.manifest(2, "a");
    Manifest rich =
        Toy.manifest(2, List.of(Column.OUTCOME, Toy.STEPS, Toy.LOSS, Toy.trajectory(3)), "b");
    Manifest both =
        new Manifest(
            "both",
            7,
            plain.keys(),
            List.of(plain.cells().getFirst(), rich.cells().getFirst()),
            false);
    Path file = folder.resolve("x.h5");
    Toy.complete(file, both, 3, 1);
    ResultsFile results = ResultsFile.open(file);
    double nan = Double.NaN;
    assertArrayEquals(
        new double[] {nan, nan, nan},
        (double[]) results.row(0, 1).orElseThrow().array("trajectory_loss"));
    assertArrayEquals(new int[0], results.sampledSteps(0));
    assertArrayEquals(new int[] {0, 1, 2}, results.sampledSteps(1));
  }

  @Test
  void refusesAnotherStudy() {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(3, "a", "b"), 3, 1);
    MismatchedResults refused =
        assertThrows(
            MismatchedResults.class, () -> Toy.open(file, Toy.manifest(3, "b", "c")).close());
    assertEquals("cells = [a, b]", refused.recordedStudy().orElseThrow());
    assertFalse(Files.exists(folder.resolve("x.h5.lock")));
  }

  @Test
  void refusesAnotherStudyWhileUnfinished() {
    Path file = folder.resolve("x.h5");
    Manifest manifest = Toy.manifest(3, "a");
    try (ResultsStore store = Toy.open(file, manifest)) {
      store.accept(Toy.outcomes(manifest, new RestartRange(0, 1, 1)));
    }
    MismatchedResults refused =
        assertThrows(MismatchedResults.class, () -> Toy.open(file, Toy.manifest(3, "b")).close());
    assertEquals("cells = [a]", refused.recordedStudy().orElseThrow());
    InaccessibleResults unfinished =
        assertThrows(InaccessibleResults.class, () -> ResultsFile.open(file));
    assertTrue(unfinished.getMessage().contains("unfinished"), unfinished.getMessage());
  }

  @Test
  void refusesOtherColumnsAndOtherKinds() {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(3, "a"), 3, 1);
    for (Manifest other :
        List.of(
            Toy.countsOnly(3, "a"),
            Toy.manifest(3, List.of(Column.OUTCOME, Toy.STEPS), "a"),
            Toy.manifest(
                3, List.of(Column.OUTCOME, Toy.STEPS, Toy.LOSS, Toy.trajectory(2)), "a"))) {
      MismatchedResults refused =
          assertThrows(MismatchedResults.class, () -> Toy.open(file, other).close());
      assertTrue(refused.getMessage().contains("restarts.record"), refused.getMessage());
    }
  }

  @Test
  void mixesDevicesOnlyWhenTold() {
    Path file = folder.resolve("x.h5");
    Manifest manifest = Toy.manifest(6, "a");
    Provenance there = new Provenance("0.1", "abc", "reference", "another", "", "", "25", "double");
    try (ResultsStore store = Toy.open(file, manifest)) {
      store.accept(Toy.outcomes(manifest, new RestartRange(0, 0, 3)));
    }
    MismatchedResults refused =
        assertThrows(
            MismatchedResults.class, () -> ResultsStore.open(file, manifest, there, false).close());
    assertEquals(
        file + ": was recorded with backend cpu, not reference; --mix goes on all the same",
        refused.getMessage());
    try (ResultsStore store = ResultsStore.open(file, manifest, there, true)) {
      store.accept(Toy.outcomes(manifest, new RestartRange(0, 3, 3)));
      store.finish(Toy.summaries(store, manifest));
    }
    List<StoredRange> ranges = ResultsFile.open(file).found().rows().getFirst().ranges();
    assertEquals(List.of(Toy.HERE, there), ranges.stream().map(StoredRange::provenance).toList());
  }

  @Test
  void refusesRestartsNobodyAskedFor() {
    Manifest manifest = Toy.manifest(3, "a");
    try (ResultsStore store = Toy.open(folder.resolve("x.h5"), manifest)) {
      store.accept(Toy.outcomes(manifest, new RestartRange(0, 0, 2)));
      assertThrows(
          IllegalArgumentException.class,
          () -> store.accept(Toy.outcomes(manifest, new RestartRange(0, 1, 2))));
      assertThrows(
          IllegalArgumentException.class,
          () -> store.accept(Toy.outcomes(manifest, new RestartRange(0, 2, 2))));
    }
  }
}
