package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.study.BuiltInStudies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program tells of itself: help, version, devices, built-in studies. */
class HelpTest {

  @Test
  void isPrintedWhereNoCommandIsNamed() {
    Ended ended = Basin.call().done();
    assertEquals(Basin.call("--help").done().out(), ended.out());
    assertTrue(ended.out().contains("basin run du2018-restarts"), ended::out);
    assertTrue(ended.out().contains("130, 143  interrupted"), ended::out);
    for (String command : List.of("run", "studies", "exact", "plan", "show", "export")) {
      assertTrue(ended.out().contains("\n  " + command + " "), command);
    }
    assertEquals("", ended.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run", "studies", "exact", "plan", "show", "export", "replay", "merge", "devices", "verify",
        "bench"
      })
  void ofEachCommandFitsATerminal(String command) {
    Ended ended = Basin.call(command, "--help").done();
    assertTrue(ended.out().contains("\nUsage: basin " + command + " "), ended::out);
    ended.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void versionIsOneLine() {
    assertTrue(Basin.call("--version").done().out().matches("basin \\S+\\R"));
  }

  @Test
  void studiesAreListedWithWhatTheyAskAndPrintedToCopy() {
    List<String> lines = Basin.call("studies").done().out().lines().toList();
    assertEquals(BuiltInStudies.names(), lines.stream().map(line -> line.split(" ")[0]).toList());
    lines.forEach(line -> assertTrue(line.endsWith("?"), line));
    String toml = Basin.call("studies", "du2018-phases").done().out();
    assertEquals(BuiltInStudies.text("du2018-phases"), toml);
  }
}
