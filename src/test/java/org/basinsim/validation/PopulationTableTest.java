package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The 36 cells of the reference table, 10⁶ restarts each by a program of its own, against
 * simulation: an exact two-sample test at 10⁻⁶ over all cells.
 */
@Tag("validation")
class PopulationTableTest {
  private static final Path TABLE = Path.of("src/test/resources/reference/conv_population.csv");
  private static final int RESTARTS = 200_000;

  @Test
  void everyCellAgrees() throws IOException {
    List<String> lines =
        Files.readAllLines(TABLE).stream().filter(line -> line.matches("\\d.*")).toList();
    assertEquals(36, lines.size());
    assertAll(lines.stream().map(line -> (Executable) () -> agree(line.split(","))));
  }

  /** patches, output_ratio, patch_size, step_size, restarts, global, spurious, … */
  private static void agree(String[] cell) {
    byte[] outcomes =
        Collector.train(
                Quickest.backend(),
                ConvCell.learned(
                        Integer.parseInt(cell[0]),
                        Integer.parseInt(cell[2]),
                        Double.parseDouble(cell[1]))
                    .stepSize(Double.parseDouble(cell[3]))
                    .build(),
                RESTARTS)
            .bytes("outcome");
    long table = Long.parseLong(cell[4]);
    for (Outcome outcome : List.of(Outcome.GLOBAL, Outcome.SPURIOUS)) {
      long expected = Long.parseLong(cell[outcome == Outcome.GLOBAL ? 5 : 6]);
      long found = ThresholdTest.count(outcomes, outcome);
      double p = ExactTests.sameProbability(found, RESTARTS, expected, table);
      assertTrue(
          p > 1e-6 / 72,
          () ->
              "k %s, r %s: %d of %d are %s, %d of %d in the table, p = %.1e"
                  .formatted(
                      cell[0], cell[1], found, RESTARTS, outcome.word(), expected, table, p));
    }
  }
}
