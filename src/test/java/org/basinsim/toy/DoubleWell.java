package org.basinsim.toy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Column.Tolerance;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/**
 * A system that the program does not know: descent on (x² − 1)² ∕ 4 + tilt·x from x₀ ~ N(0, 1). For
 * −2∕√27 &lt; tilt &lt; 0 both wells are minima, the right one is global, and a start ends there
 * exactly when it lies to the right of the hill between them.
 */
record DoubleWell(
    double tilt, double stepSize, int maxSteps, long seed, Streams streams, Precision precision)
    implements Experiment {

  double slope(double x) {
    return x * x * x - x + tilt;
  }

  @Override
  public Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("system.kind", "double-well");
    keys.put("well.tilt", Double.toString(tilt));
    keys.put("descent.step_size", Double.toString(stepSize));
    keys.put("descent.max_steps", Integer.toString(maxSteps));
    return keys;
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.OUTCOME,
        Column.steps("steps until the slope vanished", Tolerance.EXACT),
        Column.real("position", "1", "where descent ended", Tolerance.EXACT));
  }

  @Override
  public Clustering clustering() {
    return Clustering.INDEPENDENT;
  }

  @Override
  public List<String> invariants() {
    return List.of("x");
  }
}
