package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Streams;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SS18: how often descent ends in a bad minimum, cell by cell of the authors' own runs. */
@Tag("validation")
class TwoLayerTableTest {
  private static final Path TABLE = Path.of("src/test/resources/reference/two_layer_bad_runs.csv");

  private static final int RESTARTS = 1000;

  /** A test a cell, four and eight of them, share a false-alarm probability of 10⁻⁶. */
  private static final double LEVEL = 1e-6 / 12;

  /** k, n, runs, bad. */
  static List<int[]> all() throws IOException {
    List<int[]> cells =
        Files.readAllLines(TABLE).stream()
            .filter(line -> line.matches("\\d.*"))
            .map(line -> Stream.of(line.split(",")).mapToInt(Integer::parseInt).toArray())
            .toList();
    assertEquals(8, cells.size());
    return cells;
  }

  /** Those of which 1000 restarts take seconds. */
  static List<int[]> quick() throws IOException {
    return all().stream().filter(cell -> cell[1] <= 10 || cell[1] == 13).toList();
  }

  @ParameterizedTest
  @MethodSource("quick")
  void badRunsAreAsFrequentAsTheAuthors(int[] cell) {
    compare(cell, 20180208);
  }

  /** A minute on two cores. */
  @ParameterizedTest
  @MethodSource("all")
  @Tag("exhaustive")
  void everyRowOfTheTable(int[] cell) {
    compare(cell, 20180209);
  }

  private static void compare(int[] cell, long seed) {
    TwoLayerExperiment experiment =
        new TwoLayerExperiment(
            cell[0],
            cell[1],
            0.1,
            200_000,
            new TwoLayerRule(1e-3, 1e-6),
            EnumSet.allOf(Recorded.class),
            seed,
            Streams.INDEPENDENT);
    Outcomes rows = Collector.train(Quickest.backend(), experiment, RESTARTS);
    long bad = ThresholdTest.count(rows.bytes("outcome"), Outcome.SPURIOUS);
    long good = ThresholdTest.count(rows.bytes("outcome"), Outcome.GLOBAL);
    String found =
        "k %d, n %d: %d bad, %d good of %d; the authors %d bad of %d"
            .formatted(cell[0], cell[1], bad, good, RESTARTS, cell[3], cell[2]);
    assertEquals(RESTARTS, bad + good, found);
    assertTrue(ExactTests.sameProbability(bad, RESTARTS, cell[3], cell[2]) > LEVEL, found);
  }
}
