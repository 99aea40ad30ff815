package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.results.ResultsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code basin show}, {@code export} and {@code merge}. */
class ResultsCommandsTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path study;
  private static String file;

  @BeforeAll
  static void runOnce() {
    study = Studies.population(shared);
    file = run(study, "population.h5");
  }

  private static String run(Path study, String name, String... more) {
    String file = shared.resolve(name).toString();
    List<String> words = new ArrayList<>(List.of("run", study.toString(), "-o", file, "--quiet"));
    words.addAll(List.of(more));
    Basin.call(words.toArray(String[]::new)).done();
    return file;
  }

  /** The columns of {@code /cells} but the identity, which no table needs. */
  private static List<String> columns() {
    List<String> names = new ArrayList<>(ResultsFile.open(Path.of(file)).cellColumns());
    assertTrue(names.remove("identity"));
    return names;
  }

  @Test
  void csvHasTheColumnsOfTheCells() {
    List<String> lines = Basin.call("show", file, "--format", "csv").done().out().lines().toList();
    assertEquals(String.join(",", columns()), lines.getFirst());
    assertEquals(5, lines.size());
    assertTrue(lines.get(1).startsWith("5,0.5,60,"), lines.get(1));
    double probability = ResultsFile.open(Path.of(file)).reals("probability")[0];
    assertTrue(lines.get(1).contains("," + probability + ","), "all digits: " + lines.get(1));
  }

  @Test
  void jsonHasTheColumnsOfTheCells() throws IOException {
    String json = Basin.call("show", file, "--format", "json").done().out();
    List<List<String>> objects = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      assertEquals(JsonToken.START_ARRAY, parser.nextToken());
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        List<String> names = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          names.add(parser.currentName());
          assertTrue(parser.nextToken().isScalarValue());
        }
        objects.add(names);
      }
    }
    assertEquals(List.of(columns(), columns(), columns(), columns()), objects);
  }

  @Test
  void theTableSaysWhichIntervalsKnowOneDataSetOnly() {
    String table = Basin.call("show", run(Studies.dataSets(shared), "sets.h5")).done().out();
    List<String> lines = table.lines().toList();
    assertEquals(
        "In cell 0 the interval is conditional on the one data set of all restarts.",
        lines.getLast());
    assertEquals(5, lines.size(), table);
    // Restarts that share inputs are no independent attempts.
    assertTrue(lines.getFirst().endsWith("for 99%"), table);
    assertTrue(lines.get(2).endsWith(" -"), table);
    assertTrue(lines.get(3).endsWith(" -"), table);
    assertFalse(Basin.call("show", file).done().out().contains("conditional"));
  }

  @Test
  void theTableLeavesOpenWhatACellDoesNotRecord() {
    List<String> lines =
        Basin.call("show", run(Studies.oracles(shared), "oracles.h5"))
            .done()
            .out()
            .lines()
            .toList();
    int end = lines.getFirst().indexOf("basin") + "basin".length();
    assertTrue(lines.get(2).substring(0, end).endsWith(" -"), lines.get(2));
    assertTrue(lines.get(3).substring(0, end).matches(".* [01]\\.\\d{4}"), lines.get(3));
  }

  @Test
  void tablesOfMuchAreAligned() {
    String many =
        run(
            study,
            "many.h5",
            "--restarts",
            "1",
            "--set",
            "descent.step_size=0.01",
            "--set",
            "system.patches=[1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009]",
            "--set",
            "teacher.output_ratio=[0, 0.001, 1e-7, 12.5, 900]");
    List<String> lines = Basin.call("show", many).done().out().lines().toList();
    assertEquals(52, lines.size());
    lines.forEach(line -> assertEquals(lines.getFirst().length(), line.length(), line));
    assertTrue(lines.get(4).contains(" 1E-7 "), lines.get(4));
  }

  /** The values of a column of the table by its title, from the right end of the title on. */
  private static List<String> column(String table, String title) {
    List<String> lines = table.lines().toList();
    int end = (lines.getFirst() + "  ").indexOf("  " + title + "  ") + 2 + title.length();
    assertTrue(end > title.length() + 1, () -> title + " is missing: " + lines.getFirst());
    return lines.subList(2, lines.size()).stream()
        .map(line -> line.substring(0, end).replaceFirst(".* ", ""))
        .toList();
  }

  /** Counted and averaged anew from the exported rows. */
  private List<List<String>> counted(String results, long within, String mean) throws IOException {
    Basin.call("export", results, "--csv", folder.toString()).done();
    List<String> rows = Files.readAllLines(folder.resolve("restarts.csv"));
    List<String> names = List.of(rows.getFirst().split(","));
    List<String> shares = new ArrayList<>();
    List<String> means = new ArrayList<>();
    for (String cell : List.of("0", "1")) {
      List<List<String>> own =
          rows.stream()
              .map(row -> List.of(row.split(",")))
              .filter(row -> row.getFirst().equals(cell))
              .toList();
      long successes =
          own.stream()
              .filter(row -> row.get(names.indexOf("outcome")).equals("1"))
              .filter(row -> Long.parseLong(row.get(names.indexOf("steps"))) <= within)
              .count();
      shares.add("%.4f".formatted((double) successes / own.size()));
      means.add(
          "%.4g"
              .formatted(
                  own.stream()
                      .mapToDouble(row -> Double.parseDouble(row.get(names.indexOf(mean))))
                      .average()
                      .orElseThrow()));
    }
    return List.of(shares, means);
  }

  @Test
  void theTableHasWhatTheStudyAsksFor() throws IOException {
    String deep = run(Studies.deep(shared), "deep.h5");
    String table = Basin.call("show", deep).done().out();
    for (long within : new long[] {10, 20}) {
      assertEquals(counted(deep, within, "loss").getFirst(), column(table, "within " + within));
    }
    for (String mean : List.of("loss", "flipped")) {
      assertEquals(counted(deep, 10, mean).getLast(), column(table, mean));
    }
    List<String> shares = column(table, "within 20");
    assertTrue(shares.stream().anyMatch(share -> !share.matches("0.0000|1.0000")), table);
  }

  @Test
  void showTakesOtherStepsAndColumns() throws IOException {
    String deep = run(Studies.deep(shared), "other-table.h5");
    String table =
        Basin.call("show", deep, "--within", "15", "--mean", "largest_movement").done().out();
    List<List<String>> counted = counted(deep, 15, "largest_movement");
    assertEquals(counted.getFirst(), column(table, "within 15"));
    assertEquals(counted.getLast(), column(table, "largest_movement"));
    assertFalse(table.contains("within 10") || table.contains("flipped"), table);
    // The whole budget is what the probability itself is about.
    assertEquals(
        column(table, "probability"),
        column(Basin.call("show", deep, "--within", "60").done().out(), "within 60"));
  }

  @Test
  void showRefusesColumnsThatHaveNoMean() {
    String deep = run(Studies.deep(shared), "refused.h5");
    for (String column : List.of("rate", "steps", "patterns")) {
      Basin.Ended ended = Basin.call("show", deep, "--mean", "loss," + column);
      assertEquals(ExitCode.BAD_USAGE, ended.code());
      assertEquals(
          "basin: error: --mean: %s: not a column of real numbers in %s; allowed: start_loss, loss, step_size, flipped, largest_movement\n"
              .formatted(column, deep),
          ended.err());
    }
  }

  @Test
  void showRefusesStepsThatAreNone() {
    for (String steps : List.of("0", "-3")) {
      Basin.Ended ended = Basin.call("show", file, "--within", steps);
      assertEquals(ExitCode.BAD_USAGE, ended.code());
      assertEquals(
          "basin: error: --within: %s: allowed: at least 1\n".formatted(steps), ended.err());
    }
  }

  @Test
  void exportsCellsAndRestarts() throws IOException {
    Path csv = folder.resolve("a/b");
    Basin.call("export", file, "--csv", csv.toString()).done();
    assertEquals(
        Basin.call("show", file, "--format", "csv").done().out(),
        Files.readString(csv.resolve("cells.csv")));
    List<String> rows = Files.readAllLines(csv.resolve("restarts.csv"));
    assertEquals("cell,index,outcome,steps,loss,angle", rows.getFirst());
    assertEquals(241, rows.size());
    assertTrue(rows.get(61).startsWith("1,0,"), rows.get(61));
    long global = rows.stream().filter(row -> row.matches("2,\\d+,1,.*")).count();
    assertEquals(ResultsFile.open(Path.of(file)).counts("global")[2], global);
  }

  @Test
  void exportsNoRestartsWhereOnlyCountsWereKept() {
    String counts = run(study, "counts.h5", "--set", "restarts.record=[]");
    Basin.call("export", counts, "--csv", folder.toString()).done();
    assertTrue(Files.exists(folder.resolve("cells.csv")));
    assertFalse(Files.exists(folder.resolve("restarts.csv")));
  }

  @Test
  void mergesWhatOverlaps() {
    String more = run(study, "more.h5", "--restarts", "100");
    String to = folder.resolve("all.h5").toString();
    String table = Basin.call("merge", "-o", to, file, more, file).done().out();
    assertEquals(Basin.call("show", more).done().out(), table);
    assertArrayEquals(
        new long[] {100, 100, 100, 100}, ResultsFile.open(Path.of(to)).counts("restarts"));
    Basin.Ended again = Basin.call("merge", "-o", to, file);
    assertEquals(ExitCode.INPUT_OUTPUT, again.code());
    assertTrue(again.err().contains("exists"), again::err);
  }

  @Test
  void mergesResultsOfOneStudyOnly() {
    String other = run(study, "other.h5", "--seed", "6");
    Path to = folder.resolve("all.h5");
    Basin.Ended ended = Basin.call("merge", "-o", to.toString(), file, other);
    assertEquals(ExitCode.BAD_RESULTS, ended.code());
    assertEquals(1, ended.messages().size(), ended::err);
    assertTrue(ended.err().contains("holds results of another study"), ended::err);
    assertFalse(Files.exists(to));
  }
}
