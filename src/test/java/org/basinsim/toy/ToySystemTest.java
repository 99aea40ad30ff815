package org.basinsim.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.cli.Backends;
import org.basinsim.cli.CommandLineInterface;
import org.basinsim.cli.DeviceFamily;
import org.basinsim.cli.Program;
import org.basinsim.results.ResultsFile;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof of the seams: a system made of an experiment, a reference step and study keys goes from
 * TOML to HDF5 by the program's own commands, which know nothing of it.
 */
class ToySystemTest {
  private static final int RESTARTS = 2000;

  private static final String STUDY =
      """
      schema = 1
      name = "wells"
      seed = 7

      [system]
      kind = "double-well"

      [well]
      tilt = [-0.1, -0.3]

      [restarts]
      per_cell = 2000
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int basin(String... arguments) {
    Program program =
        new Program(
            List.of(new DoubleWellKind()),
            new Backends(
                List.of(
                    DeviceFamily.ofOne(
                        "reference",
                        false,
                        sizing -> new ReferenceBackend(List.of(new DoubleWellReference()))))));
    return new CommandLineInterface(program)
        .redirect(new PrintWriter(out), new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void goesFromTomlToHdf5AndBack() throws Exception {
    Path study = Files.writeString(folder.resolve("wells.toml"), STUDY);
    Path file = folder.resolve("wells.h5");

    int code = basin("run", study.toString(), "-o", file.toString(), "--device", "reference");

    assertEquals(0, code, err::toString);
    ResultsFile results = ResultsFile.open(file);
    assertEquals(List.of("well.tilt"), results.sweptKeys());
    double[] hills = {-0.1, -0.3};
    for (int cell = 0; cell < 2; cell++) {
      assertEquals(RESTARTS, results.counts("restarts")[cell]);
      double success = NormalDistribution.of(0, 1).survivalProbability(hill(hills[cell]));
      // Two tests at a family-wise false-alarm probability of 10⁻⁶.
      double p = ExactTests.hasProbability(results.counts("global")[cell], RESTARTS, success);
      assertTrue(p > 0.5e-6, "cell " + cell + ": p = " + p);
    }
    assertEquals(0, basin("replay", file.toString(), "--cell", "1", "--restart", "41"));
    assertTrue(out.toString().contains("position"), out::toString);
  }

  /** The maximum of (x² − 1)² ∕ 4 + tilt·x: the middle root of its slope, by Newton from 0. */
  private static double hill(double tilt) {
    double x = 0;
    for (int i = 0; i < 50; i++) {
      x -= (x * x * x - x + tilt) / (3 * x * x - 1);
    }
    return x;
  }
}
