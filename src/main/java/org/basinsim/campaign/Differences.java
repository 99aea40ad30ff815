package org.basinsim.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.basinsim.model.Experiment;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;

/** Says in which keys recorded cells differ from those of a study. */
final class Differences {
  private Differences() {}

  /** One line: each differing key with the recorded values and the study's. */
  static String between(Study recorded, Study wanted) {
    List<String> differences = new ArrayList<>();
    Map<String, Set<String>> old = values(recorded);
    Map<String, Set<String>> now = values(wanted);
    Set<String> keys = new LinkedHashSet<>(old.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      Set<String> there = old.getOrDefault(key, Set.of());
      Set<String> here = now.getOrDefault(key, Set.of());
      if (!here.containsAll(there) || there.isEmpty()) {
        differences.add(key + " is " + words(there) + " there and " + words(here) + " here");
      }
    }
    if (differences.isEmpty()) {
      differences.add("cell " + missingCell(recorded, wanted) + " is there and not here");
    }
    return String.join("; ", differences);
  }

  private static String words(Set<String> values) {
    return values.isEmpty() ? "not given" : String.join(", ", values);
  }

  private static Map<String, Set<String>> values(Study study) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    values.put("seed", Set.of(Long.toString(study.seed())));
    for (Cell cell : study.cells()) {
      Experiment experiment = cell.experiment();
      experiment
          .mathematics()
          .forEach((k, v) -> values.computeIfAbsent(k, x -> new TreeSet<>()).add(v));
    }
    return values;
  }

  private static String missingCell(Study recorded, Study wanted) {
    List<String> known = wanted.cells().stream().map(c -> c.experiment().identity()).toList();
    Cell missing =
        recorded.cells().stream()
            .filter(cell -> !known.contains(cell.experiment().identity()))
            .findFirst()
            .orElseThrow();
    List<String> words = new ArrayList<>();
    for (int k = 0; k < recorded.sweptKeys().size(); k++) {
      words.add(recorded.sweptKeys().get(k) + " = " + missing.values().get(k));
    }
    return String.join(", ", words);
  }
}
