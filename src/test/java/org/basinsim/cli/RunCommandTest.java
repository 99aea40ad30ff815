package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.results.ResultsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code basin run}: makes, goes on, extends, leaves alone, refuses. */
class RunCommandTest {
  @TempDir private Path folder;
  private String study;
  private String file;

  @BeforeEach
  void writeTheStudy() {
    study = Studies.population(folder).toString();
    file = folder.resolve("x.h5").toString();
  }

  private Ended run(String... more) {
    List<String> words = new ArrayList<>(List.of("run", study, "-o", file));
    words.addAll(List.of(more));
    return Basin.call(words.toArray(String[]::new));
  }

  @Test
  void printsTheCellsAndSaysWhereTheyAre() {
    Ended ended = run().done();
    List<String> lines = ended.out().lines().toList();
    assertEquals(6, lines.size(), ended::toString);
    assertTrue(lines.getFirst().strip().startsWith("patches  output_ratio  restarts  global"));
    assertTrue(lines.get(2).strip().startsWith("5           0.5        60 "), lines.get(2));
    assertEquals("basin: wrote " + file, ended.messages().getLast());
    assertArrayEquals(
        new long[] {60, 60, 60, 60}, ResultsFile.open(Path.of(file)).counts("restarts"));
  }

  @Test
  void hasNothingToDoTheSecondTime() throws Exception {
    String table = run().done().out();
    byte[] before = Files.readAllBytes(Path.of(file));
    Ended second = run().done();
    assertEquals(table, second.out());
    assertEquals(
        "basin: nothing to do: " + file + " has every restart of the study",
        second.messages().getLast());
    assertArrayEquals(before, Files.readAllBytes(Path.of(file)));
  }

  @Test
  void extendsByRestartsAndByCells() {
    run().done();
    run("--restarts", "90").done();
    run("--restarts", "90", "--set", "system.patches=[5, 9, 13]").done();
    ResultsFile extended = ResultsFile.open(Path.of(file));
    assertArrayEquals(new long[] {90, 90, 90, 90, 90, 90}, extended.counts("restarts"));

    file = folder.resolve("at-once.h5").toString();
    run("--restarts", "90", "--set", "system.patches=[5, 9, 13]").done();
    ResultsFile once = ResultsFile.open(Path.of(file));
    assertArrayEquals(once.counts("global"), extended.counts("global"));
    assertEquals(once.study(), extended.study());
  }

  @Test
  void wantsMixToGoOnWithAnotherBackend() {
    run().done();
    Ended refused = run("--device", "reference", "--restarts", "70");
    assertEquals(ExitCode.BAD_RESULTS, refused.code());
    assertEquals(1, refused.messages().size(), refused::toString);
    assertTrue(refused.err().contains("backend"), refused::err);
    assertTrue(refused.err().contains("--mix"), refused::err);
    run("--device", "reference", "--restarts", "70", "--mix").done();
    assertArrayEquals(
        new long[] {70, 70, 70, 70}, ResultsFile.open(Path.of(file)).counts("restarts"));
  }

  @Test
  void refusesAnotherStudysFileAndNamesTheKeys() throws Exception {
    run().done();
    byte[] before = Files.readAllBytes(Path.of(file));
    Ended seed = run("--quiet", "--seed", "6");
    assertEquals(ExitCode.BAD_RESULTS, seed.code());
    assertEquals(1, seed.messages().size(), seed::toString);
    assertTrue(seed.err().contains("seed is 5 there and 6 here"), seed::err);
    Ended step = run("--quiet", "--set", "descent.step_size=0.04");
    assertEquals(ExitCode.BAD_RESULTS, step.code());
    assertTrue(step.err().contains("descent.step_size is 0.05 there and 0.04 here"), step::err);
    assertFalse(step.err().contains("system.patches"), step::err);
    assertArrayEquals(before, Files.readAllBytes(Path.of(file)));
    assertFalse(Files.exists(Path.of(file + ".parts")));
  }

  @Test
  void keepsCountsAloneOnRequest() {
    Ended ended = run("--set", "restarts.record=[]").done();
    assertFalse(ended.out().contains("steps"), ended::out);
    assertTrue(ResultsFile.open(Path.of(file)).countsOnly());
    assertEquals(ended.out(), Basin.call("show", file).done().out());
    Ended replay = Basin.call("replay", file, "--cell", "0", "--restart", "0");
    assertEquals(ExitCode.BAD_USAGE, replay.code());
    assertTrue(replay.err().contains("the file keeps counts only"), replay::err);
  }

  @Test
  void putsTheExactProbabilityBesideTheOthers() {
    // One cell: quadrature takes its time in a JVM that has just begun.
    String[] cell = {"--set", "system.patches=5", "--set", "teacher.output_ratio=0.5"};
    Ended ended = run("--exact", cell[0], cell[1], cell[2], cell[3]).done();
    assertTrue(ended.out().lines().findFirst().orElseThrow().contains("exact"), ended::out);
    double exact = ResultsFile.open(Path.of(file)).reals("exact")[0];
    // The interval of 60 restarts at 1 − 10⁻⁶ is p ± 4.9·√(p(1 − p)∕60) < p ± 0.32.
    assertEquals(ResultsFile.open(Path.of(file)).reals("probability")[0], exact, 0.32);
    Ended alone =
        Basin.call("exact", study, "--format", "json", cell[0], cell[1], cell[2], cell[3]);
    assertTrue(alone.done().out().contains("\"exact\":" + exact), alone::out);
    Ended table = Basin.call("exact", study, cell[0], cell[1], cell[2], cell[3]).done();
    assertTrue(table.out().contains("%.6f  ".formatted(exact)), table::out);
    run(cell[0], cell[1], cell[2], cell[3], "--restarts", "90").done();
    assertEquals(exact, ResultsFile.open(Path.of(file)).reals("exact")[0], "kept when extended");
  }

  @Test
  void isQuietOnRequest() {
    Ended ended = run("--quiet").done();
    assertEquals("", ended.err());
    assertTrue(ended.out().contains("probability"));
  }

  @Test
  void logsObjectsOnRequest() {
    Ended ended = run("--log", "json").done();
    for (String line : ended.messages()) {
      assertTrue(line.matches("\\{\"time\":\".*Z\",\"level\":\"info\",\"message\":\".*\"}"), line);
    }
    assertEquals(2, ended.messages().size(), ended::err);
    Ended failed = run("--log", "json", "--device", "tpu");
    assertEquals(ExitCode.BAD_USAGE, failed.code());
    assertTrue(failed.err().contains("\"level\":\"error\""), failed::err);
  }

  @Test
  void workSizingChangesNoByte() throws Exception {
    run("--threads", "1", "--launch", "7").done();
    String first = Basin.call("export", file, "--csv", folder.resolve("a").toString()).err();
    assertEquals(2, first.lines().count());
    file = folder.resolve("y.h5").toString();
    run("--threads", "2", "--launch", "64", "--work-group", "3").done();
    Basin.call("export", file, "--csv", folder.resolve("b").toString()).done();
    for (String name : List.of("cells.csv", "restarts.csv")) {
      assertEquals(
          Files.readString(folder.resolve("a").resolve(name)),
          Files.readString(folder.resolve("b").resolve(name)));
    }
  }
}
