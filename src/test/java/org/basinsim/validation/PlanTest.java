package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.basinsim.cli.BasinProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan is right within a factor of two. A machine that others use changes its speed while this
 * goes on, so the study is planned before and after it is run, and the run lies within the factor
 * of what the two plans span.
 */
@Tag("validation")
@Tag("alone")
class PlanTest {
  private static final Pattern TIME = Pattern.compile("time +about ([0-9.]+) s\n");
  private static final Pattern BYTES = Pattern.compile("results +about ([0-9.]+) KB\n");

  private static final String STUDY =
      """
      schema = 1
      name = "some-seconds"
      seed = 5

      [system]
      kind = "conv"
      patches = [4, 16]

      [teacher]
      output_ratio = [0, 1]

      [descent]
      oracle = "online"
      batch = [16, 64]
      max_steps = 400

      [restarts]
      per_cell = 700
      """;

  @TempDir private Path folder;

  private String basin(String... arguments) throws Exception {
    try (BasinProcess basin = BasinProcess.start(folder, arguments)) {
      assertEquals(0, basin.end(120), basin::err);
      return basin.out();
    }
  }

  private static double number(Pattern pattern, String plan) {
    Matcher matcher = pattern.matcher(plan);
    assertTrue(matcher.find(), plan);
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void isRightWithinAFactorOfTwo() throws Exception {
    String study = Files.writeString(folder.resolve("study.toml"), STUDY).toString();
    String before = basin("plan", study);
    assertTrue(before.contains("cells     8\n"), before);
    assertTrue(before.contains("restarts  5600 (700 a cell)\n"), before);
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(file -> file.toString().contains(".h5")), "a plan writes nothing");
    }

    long began = System.nanoTime();
    basin("run", study, "-o", "x.h5");
    double seconds = (System.nanoTime() - began) * 1e-9;

    double first = number(TIME, before);
    double second = number(TIME, basin("plan", study));
    String times = "planned %.1f s, took %.1f s, planned %.1f s".formatted(first, seconds, second);
    assertTrue(seconds > 1, times + ": too short to tell");
    assertTrue(seconds < 2 * Math.max(first, second), times);
    assertTrue(seconds > Math.min(first, second) / 2, times);
    double bytes = 1000 * number(BYTES, before);
    long size = Files.size(folder.resolve("x.h5"));
    assertTrue(size < 2 * bytes && size > bytes / 2, "planned " + bytes + ", are " + size);
  }
}
