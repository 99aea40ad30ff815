package org.basinsim.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.basinsim.report.Json;

/**
 * What is said to people: results to standard output, everything else to standard error, as plain
 * lines or, for log collectors, as one JSON object a line.
 */
final class Console {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final boolean quiet;
  private final boolean json;

  Console(PrintWriter out, PrintWriter err, boolean terminal, boolean quiet, boolean json) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.quiet = quiet;
    this.json = json;
  }

  /** What the command was asked for; printed even when quiet. */
  void result(String text) {
    out.print(text.endsWith("\n") ? text : text + System.lineSeparator());
    out.flush();
  }

  /** What goes on. Nothing when quiet. */
  void info(String line) {
    if (!quiet) {
      log("info", line);
    }
  }

  /** What is likely not meant. */
  void warn(String line) {
    log("warning", line);
  }

  /** Why the command failed. */
  void error(String line) {
    log("error", line);
  }

  /** Whether somebody watches the messages on a terminal and wants them all, as plain text. */
  boolean watched() {
    return terminal && !quiet && !json;
  }

  private void log(String level, String line) {
    if (json) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("time", Instant.now().toString());
      entry.put("level", level);
      entry.put("message", line);
      err.println(Json.object(entry));
    } else {
      err.println("basin: " + (level.equals("info") ? "" : level + ": ") + line);
    }
    err.flush();
  }
}
