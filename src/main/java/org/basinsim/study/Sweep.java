package org.basinsim.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Experiment;
import org.basinsim.study.Values.Value;

/**
 * The points that a study asks for.
 *
 * @param keys the swept keys
 * @param points of each cell, a value for each swept key
 */
record Sweep(List<String> keys, List<List<Value>> points) {

  /** A sweep takes memory and a hash for each of its cells. */
  static final int MOST_CELLS = 100_000;

  /**
   * The product of axes, row-major, the last fastest.
   *
   * @param axes the values of each key, in the order of the study; at most {@link #MOST_CELLS}
   *     points
   */
  static Sweep product(Map<String, List<Value>> axes) {
    List<List<Value>> points = List.of(List.of());
    for (List<Value> axis : axes.values()) {
      List<List<Value>> longer = new ArrayList<>();
      for (List<Value> point : points) {
        for (Value value : axis) {
          List<Value> extended = new ArrayList<>(point);
          extended.add(value);
          longer.add(extended);
        }
      }
      points = longer;
    }
    return new Sweep(List.copyOf(axes.keySet()), points);
  }

  /** What the study says about each cell. */
  List<Values> values(Values.Common common) {
    List<Values> values = new ArrayList<>();
    for (List<Value> point : points) {
      Map<String, Value> own = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        own.put(keys.get(i), point.get(i));
      }
      values.add(new Values(common, own));
    }
    return values;
  }

  /** The cells, each with its experiment. */
  List<Cell> cells(List<Experiment> experiments) {
    List<Boolean> asText = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      int key = i;
      // Numbers beside words, and vectors, become text: a key has one type in all cells.
      asText.add(
          points.stream().map(point -> point.get(key).value().getClass()).distinct().count() > 1
              || points.getFirst().get(key).value() instanceof List);
    }
    List<Cell> cells = new ArrayList<>();
    for (int c = 0; c < points.size(); c++) {
      List<Object> shown = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        Object value = points.get(c).get(i).value();
        shown.add(asText.get(i) ? text(value) : value);
      }
      cells.add(new Cell(shown, experiments.get(c)));
    }
    return cells;
  }

  private static String text(Object value) {
    return value instanceof Double number ? Rendering.number(number) : value.toString();
  }
}
