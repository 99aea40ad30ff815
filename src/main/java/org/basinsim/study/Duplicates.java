package org.basinsim.study;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.basinsim.model.Experiment;
import org.basinsim.study.Values.Value;

/** Refuses cells that are the same experiment: their rows would be the same, not more. */
final class Duplicates {
  private final Sweep sweep;
  private final Problems problems;

  Duplicates(Sweep sweep, Problems problems) {
    this.sweep = sweep;
    this.problems = problems;
  }

  /**
   * Checks a study.
   *
   * @param experiments one for each point
   */
  void check(List<Experiment> experiments) {
    Map<String, Integer> cells = new HashMap<>();
    for (int cell = 0; cell < experiments.size(); cell++) {
      Integer earlier = cells.putIfAbsent(experiments.get(cell).identity(), cell);
      if (earlier != null) {
        refuse(sweep.points().get(earlier), sweep.points().get(cell));
      }
    }
  }

  private void refuse(List<Value> earlier, List<Value> later) {
    int unused = first(key -> !later.get(key).value().equals(earlier.get(key).value()));
    // Elements of an axis are shared between cells, so another object is another element.
    int key = unused >= 0 ? unused : first(i -> later.get(i) != earlier.get(i));
    Value value = later.get(key);
    problems.add(
        value.place(),
        sweep.keys().get(key),
        value.shown(),
        unused < 0
            ? "the same cell stands twice; allowed: each once"
            : "makes no difference to the cell with "
                + earlier.get(key).shown()
                + "; allowed: a single value");
  }

  private int first(IntPredicate differs) {
    return IntStream.range(0, sweep.keys().size()).filter(differs).findFirst().orElse(-1);
  }
}
