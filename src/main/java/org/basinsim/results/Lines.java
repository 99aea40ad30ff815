package org.basinsim.results;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Messages cut to the one line that a user reads. */
final class Lines {
  private Lines() {}

  static String first(String text) {
    return text == null ? "no reason given" : text.lines().findFirst().orElse("no reason given");
  }

  /** What the operating system said, from under whatever wraps it. */
  static String reason(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      switch (t) {
        case AccessDeniedException e -> {
          return "permission denied";
        }
        case NoSuchFileException e -> {
          return "no such file or folder (" + e.getFile() + ")";
        }
        case FileSystemException e when e.getReason() != null -> {
          return first(e.getReason());
        }
        case IOException e when e.getMessage() != null -> {
          return first(e.getMessage());
        }
        default -> {}
      }
    }
    return first(thrown.getMessage());
  }
}
