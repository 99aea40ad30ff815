package org.basinsim.results;

import java.nio.file.Path;

/**
 * A file that is not what it should be: truncated, altered, foreign or of another version. The
 * message is one line, fit to print; the command line ends with exit code 4.
 */
public final class DamagedResults extends RuntimeException {
  private static final long serialVersionUID = 1;

  DamagedResults(Path file, String reason) {
    super(file + ": " + Lines.first(reason));
  }
}
