package org.basinsim.results;

import java.nio.file.Path;

/**
 * A results file that cannot be read or written: full disk, read-only or vanished folder, held by
 * another process. The message is one line, fit to print; the command line ends with exit code 5.
 * What was recorded before stays recorded.
 */
public final class InaccessibleResults extends RuntimeException {
  private static final long serialVersionUID = 1;

  InaccessibleResults(Path file, String reason) {
    super(file + ": " + Lines.first(reason));
  }

  InaccessibleResults(Path file, String what, Throwable cause) {
    super(file + ": " + what + ": " + Lines.reason(cause), cause);
  }
}
