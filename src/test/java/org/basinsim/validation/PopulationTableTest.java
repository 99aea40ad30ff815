package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.quadrature.ExactProbability;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The 36 cells of the reference tables: one of 10⁶ restarts a cell by a program of its own, one by
 * a quadrature of its own. Simulation and {@link ExactProbability} agree with both and with each
 * other.
 */
@Tag("validation")
class PopulationTableTest {
  private static final Path FOLDER = Path.of("src/test/resources/reference");
  private static final int RESTARTS = 1_000_000;

  /** Three tests a cell share a false-alarm probability of 10⁻⁶. */
  private static final double LEVEL = 1e-6 / (3 * 36);

  /** A cell as both tables begin their lines: patches, output_ratio, patch_size, step_size. */
  static ConvCell cell(String[] line) {
    return ConvCell.learned(
            Integer.parseInt(line[0]), Integer.parseInt(line[2]), Double.parseDouble(line[1]))
        .stepSize(Double.parseDouble(line[3]))
        .record();
  }

  static List<String[]> table(String name) throws IOException {
    List<String[]> lines =
        Files.readAllLines(FOLDER.resolve(name)).stream()
            .filter(line -> line.matches("\\d.*"))
            .map(line -> line.split(","))
            .toList();
    assertEquals(36, lines.size());
    return lines;
  }

  @Test
  void everyCellAgrees() throws IOException {
    List<String[]> simulated = table("conv_population.csv");
    List<String[]> integrated = table("conv_population_exact.csv");
    List<ExactProbability> exact =
        integrated.parallelStream()
            .map(line -> ExactProbability.of(cell(line).build(), Quickest.backend().probe()))
            .toList();
    assertAll(
        IntStream.range(0, 36)
            .boxed()
            .<Executable>mapMulti((i, checks) -> {
              checks.accept(() -> agree(integrated.get(i), exact.get(i)));
              checks.accept(() -> agree(simulated.get(i), exact.get(i).probability()));
            }));
  }

  /** The table's own errors are up to 1.3·10⁻⁶; 0.7·10⁻⁶ is left for what they do not tell. */
  private static void agree(String[] line, ExactProbability exact) {
    assertEquals(Double.parseDouble(line[4]), exact.probability(), 2e-6, () -> name(line));
    assertTrue(exact.error() <= 5.1e-7, () -> name(line) + ": " + exact);
  }

  /** …, restarts, global, spurious. */
  private static void agree(String[] line, double exact) {
    byte[] outcomes =
        Collector.train(Quickest.backend(), cell(line).build(), RESTARTS).bytes("outcome");
    long global = ThresholdTest.count(outcomes, Outcome.GLOBAL);
    long spurious = ThresholdTest.count(outcomes, Outcome.SPURIOUS);
    long restarts = Long.parseLong(line[4]);
    long globalThere = Long.parseLong(line[5]);
    long spuriousThere = Long.parseLong(line[6]);
    String found =
        "%s: %d global, %d spurious; table %d and %d; exact %.7f"
            .formatted(name(line), global, spurious, globalThere, spuriousThere, exact);
    assertTrue(ExactTests.sameProbability(global, RESTARTS, globalThere, restarts) > LEVEL, found);
    assertTrue(
        ExactTests.sameProbability(spurious, RESTARTS, spuriousThere, restarts) > LEVEL, found);
    assertTrue(ExactTests.hasProbability(global, RESTARTS, exact) > LEVEL, found);
  }

  private static String name(String[] line) {
    return "k " + line[0] + ", r " + line[1];
  }
}
