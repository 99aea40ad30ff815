package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.BuiltInStudies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was recorded, the reference finds again. */
class ReplayCommandTest {
  /** A whole descent of these takes the reference half a second and more. */
  private static final Map<String, List<String>> BRIEF =
      Map.of(
          "du2018-online", List.of("descent.max_steps=150"),
          "safran2018-spurious", List.of("descent.max_steps=150"),
          "brutzkus2017-hardness", List.of("descent.max_steps=400"),
          "dz2019-patterns",
              List.of(
                  "system.width=61",
                  "system.samples=13",
                  "system.input_size=13",
                  "descent.max_steps=40"),
          "du2019-width",
              List.of(
                  "system.width=19", "system.depth=4", "system.samples=9", "descent.max_steps=40"));

  @TempDir private Path folder;

  /** Those that refuse single precision. */
  private static final List<String> DOUBLE_ONLY =
      List.of("brutzkus2017-hardness", "safran2018-spurious");

  static Stream<Arguments> studies() {
    return BuiltInStudies.names().stream()
        .flatMap(name ->
            Stream.of("double", "single")
                .filter(precision -> precision.equals("double") || !DOUBLE_ONLY.contains(name))
                .map(precision -> Arguments.of(name, precision)));
  }

  @ParameterizedTest
  @MethodSource("studies")
  void builtInStudies(String study, String precision) {
    String file = folder.resolve("x.h5").toString();
    List<String> words =
        new ArrayList<>(List.of("run", study, "-o", file, "--restarts", "8", "--quiet"));
    words.addAll(List.of("--set", "restarts.precision=" + precision));
    BRIEF
        .getOrDefault(study, List.of())
        .forEach(setting -> words.addAll(List.of("--set", setting)));
    Basin.call(words.toArray(String[]::new)).done();
    replayEachCell(file);
  }

  @Test
  void cellsOfDifferentColumns() {
    for (Path study : List.of(Studies.oracles(folder), Studies.dataSets(folder))) {
      String file = study + ".h5";
      Basin.call("run", study.toString(), "-o", file, "--quiet").done();
      replayEachCell(file);
    }
  }

  private static void replayEachCell(String file) {
    int cells = ResultsFile.open(Path.of(file)).cells();
    for (int cell = 0; cell < cells; cell++) {
      int restart = (5 * cell + 3) % 8;
      Ended ended =
          Basin.call("replay", file, "--cell", "" + cell, "--restart", Integer.toString(restart));
      assertEquals(0, ended.code(), cell + "/" + restart + ": " + ended);
      assertEquals("", ended.err());
      List<String> lines = ended.out().lines().toList();
      assertTrue(lines.getFirst().strip().startsWith("step"), lines.getFirst());
      long agreeing = lines.stream().filter(line -> line.endsWith(" agrees")).count();
      assertTrue(agreeing >= 4, ended::out);
    }
  }

  @Test
  void saysWhichRestartsThereAre() {
    String file = folder.resolve("x.h5").toString();
    Basin.call("run", Studies.population(folder).toString(), "-o", file, "--quiet").done();
    Ended cell = Basin.call("replay", file, "--cell", "4", "--restart", "0");
    assertEquals(ExitCode.BAD_USAGE, cell.code());
    assertEquals("basin: error: --cell: 4: no such cell; allowed: 0 to 3\n", cell.err());
    Ended restart = Basin.call("replay", file, "--cell", "3", "--restart", "60");
    assertEquals(ExitCode.BAD_USAGE, restart.code());
    assertTrue(restart.err().endsWith("allowed: 0 to 59\n"), restart::err);
  }
}
