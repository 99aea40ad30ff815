package org.basinsim.study;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What somebody who mistyped a name probably meant. */
final class Nearest {
  private Nearest() {}

  /** The known name with the fewest edits, if they are few for its length. */
  static Optional<String> of(String name, List<String> known) {
    if (name.length() > 100) {
      return Optional.empty();
    }
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(candidate -> distance(name, candidate) <= Math.max(2, candidate.length() / 3));
  }

  /** {@code ; did you mean "…"?}, or nothing where no known name is near. */
  static String suggestion(String name, List<String> known) {
    return of(name, known).map(word -> "; did you mean \"" + word + "\"?").orElse("");
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  static int distance(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[from.length()][to.length()];
  }
}
