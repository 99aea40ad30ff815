package org.basinsim.study;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collects what is wrong with a study, so that all of it can be said at once. */
final class Problems {
  /** Nobody reads more of them, and a sweep can have millions. */
  private static final int MOST = 100;

  /** A message and the line by which it is sorted. */
  private record Problem(int line, String message) {}

  private final Set<Problem> problems = new LinkedHashSet<>();
  private boolean more;

  void add(Place place, String text) {
    Problem problem = new Problem(place.line(), place.label() + ": " + text);
    if (problems.size() < MOST) {
      problems.add(problem);
    } else {
      more |= !problems.contains(problem);
    }
  }

  /** A value that is wrong. */
  void add(Place place, String key, String shown, String text) {
    add(place, key + " = " + shown + ": " + text);
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /**
   * Goes on only where nothing is wrong.
   *
   * @throws BrokenStudy with every message, in the order of lines
   */
  void check() {
    if (!problems.isEmpty()) {
      Stream<String> messages =
          problems.stream().sorted(Comparator.comparingInt(Problem::line)).map(Problem::message);
      List<String> all =
          (more ? Stream.concat(messages, Stream.of("… and more of the kind")) : messages).toList();
      throw new BrokenStudy(all);
    }
  }
}
