package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.Study;
import org.basinsim.study.StudyReader;
import org.basinsim.study.Systems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as it stands there. */
class ReadmeTest {
  @TempDir private Path folder;

  /** The only block of a language under a heading. */
  private static String block(String heading, String language) throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String section = readme.split("(?m)^## " + heading + "$", 2)[1].split("(?m)^## ", 2)[0];
    Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(section);
    assertTrue(block.find(), "no " + language + " under " + heading);
    return block.group(1);
  }

  /** What follows some words at the beginning of a line. */
  private static String line(String text, String start) {
    return text.lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + start + "' in " + text))
        .substring(start.length())
        .strip();
  }

  @Test
  void theStudyIsOne() throws Exception {
    String toml = block("Studies", "toml");
    Study study = new StudyReader(Systems.builtIn()).parse(toml, "README.md", folder, List.of());
    assertEquals("du2018-restarts", study.name());
    assertEquals(List.of("system.patches", "teacher.output_ratio"), study.sweptKeys());
    assertEquals(12, study.cells().size());
    assertEquals(List.of(), study.warnings());
  }

  @Test
  void theExampleRunsInPython() throws Exception {
    String python = System.getenv("BASIN_PYTHON");
    assumeTrue(python != null, "BASIN_PYTHON, a Python that has h5py and pandas, is not set");
    Path file = folder.resolve("du2018-restarts.h5");
    Basin.call("run", "du2018-restarts", "--restarts", "200", "-o", file.toString(), "--quiet")
        .done();
    Path program = Files.writeString(folder.resolve("x.py"), block("Results in Python", "python"));

    Process process =
        new ProcessBuilder(python, program.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, process.waitFor(), said);
    ResultsFile results = ResultsFile.open(file);
    assertTrue(said.contains("20180715 cpu\n"), said);
    String[] row = line(said, "25 ").split(" +");
    for (int cell = 0; cell < 6; cell++) {
      // Three decimals say all of a share of 200.
      assertEquals(results.reals("probability")[cell], Double.parseDouble(row[cell]), 1e-9);
    }
    List<Long> counted = new ArrayList<>();
    for (String outcome : List.of("global", "spurious")) {
      int code = outcome.equals("global") ? 1 : 2;
      long sum = 0;
      for (String bin : line(said, code + " ").replaceAll("[{}]", "").split(", ")) {
        sum += Long.parseLong(bin.split(": ")[1]);
      }
      long expected = 0;
      for (long count : results.counts(outcome)) {
        expected += count;
      }
      assertEquals(expected, sum, outcome);
      counted.add(sum);
    }
    assertTrue(counted.getFirst() > 0 && counted.getLast() > 0, counted::toString);
  }
}
