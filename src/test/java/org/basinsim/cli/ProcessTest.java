package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program among signals, pipes and terminals; {@code validation.InterruptionTest} has more. */
@EnabledOnOs(OS.LINUX)
class ProcessTest {
  private static final long PATIENCE_SECONDS = 60;

  /**
   * {@code script} takes {@code SHELL}, or sh where that is unset; only bash knows the function.
   */
  private static final String IN_A_TERMINAL = "SHELL=$BASH script -qec '%s' /dev/null";

  @TempDir private Path folder;

  @Test
  void anInterruptedRunSaysWhatIsKeptAndHowToGoOn() throws Exception {
    String[] run = {"run", "brutzkus2017-gaussian", "--restarts", "100000000", "--launch", "64"};
    try (BasinProcess basin = BasinProcess.start(folder, run)) {
      basin.awaitMessage("device cpu");
      // Handlers are in place and a first launch is done; wherever it is, INT must end it.
      Thread.sleep(700);
      basin.send("INT");
      assertEquals(ExitCode.INTERRUPTED, basin.end(10), basin::err);
      assertTrue(
          basin
              .err()
              .matches(
                  "(?s).*\\Rbasin: warning: stopped: \\d+ of 500000000 restarts are kept beside"
                      + " brutzkus2017-gaussian.h5; run the same command to go on\\R"),
          basin::err);
      assertEquals("", basin.out());
    }
    assertFalse(Files.exists(folder.resolve("brutzkus2017-gaussian.h5")));
    assertFalse(Files.exists(folder.resolve("brutzkus2017-gaussian.h5.lock")));
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoError() throws Exception {
    String line = "basin studies du2018-restarts | true; echo ${PIPESTATUS[0]}";
    try (BasinProcess basin = BasinProcess.bash(folder, List.of(), line)) {
      assertEquals(0, basin.end(PATIENCE_SECONDS));
      assertEquals("", basin.err());
      assertEquals("0\n", basin.out());
    }
  }

  @Test
  void numbersAreTheSameInEveryCountry() throws Exception {
    String study = Studies.population(folder).toString();
    Basin.call("run", study, "-o", folder.resolve("x.h5").toString(), "--quiet").done();
    List<String> german = List.of("-Duser.language=de", "-Duser.country=DE");
    try (BasinProcess basin = BasinProcess.bash(folder, german, "basin show x.h5")) {
      assertEquals(0, basin.end(PATIENCE_SECONDS));
      assertEquals(Basin.call("show", folder.resolve("x.h5").toString()).done().out(), basin.out());
    }
  }

  @Test
  void aTerminalShowsABarWithRateAndRemainingTime() throws Exception {
    needsScript();
    // The table goes to a file: messages alone decide.
    String line = IN_A_TERMINAL.formatted("basin run du2018-phases --restarts 700 > table.txt");
    try (BasinProcess basin = BasinProcess.bash(folder, List.of(), line)) {
      assertEquals(0, basin.end(PATIENCE_SECONDS), basin::err);
      String screen = basin.out();
      assertTrue(screen.contains("restarts 100% ["), screen);
      assertTrue(screen.contains(" 2800/2800 ("), screen);
      assertTrue(screen.matches("(?s).*\\(\\d:\\d\\d:\\d\\d / \\S+\\)\\s+[0-9.]+/s.*"), screen);
      assertTrue(Files.readString(folder.resolve("table.txt")).contains("probability"));
    }
  }

  @Test
  void aQuietRunShowsNoBar() throws Exception {
    needsScript();
    String line = IN_A_TERMINAL.formatted("basin run du2018-phases --restarts 9 --quiet");
    try (BasinProcess basin = BasinProcess.bash(folder, List.of(), line)) {
      assertEquals(0, basin.end(PATIENCE_SECONDS), basin::err);
      assertFalse(basin.out().contains("restarts 100%"), basin.out());
    }
  }

  private static void needsScript() throws InterruptedException {
    boolean there;
    try {
      there = new ProcessBuilder("script", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "script, which makes a terminal, is not installed");
  }
}
