package org.basinsim.model.twolayer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Column.Tolerance;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/**
 * One cell of a study of two layers with orthogonal teachers: descent on the population loss F from
 * W = normals∕√k.
 *
 * @param teachers k ≥ 1, also the dimension of the input
 * @param students n ≥ 1
 * @param stepSize η > 0, of ∂F∕∂W
 * @param maxSteps step budget, at least 1
 * @param rule when a restart counts as what
 * @param recorded what is recorded beside outcome and steps
 * @param seed of the study
 * @param streams whether cells share randomness
 */
public record TwoLayerExperiment(
    int teachers,
    int students,
    double stepSize,
    int maxSteps,
    TwoLayerRule rule,
    Set<Recorded> recorded,
    long seed,
    Streams streams)
    implements Experiment {

  public TwoLayerExperiment {
    recorded = Set.copyOf(recorded);
    if (teachers < 1 || students < 1 || !(stepSize > 0) || maxSteps < 1) {
      throw new IllegalArgumentException(
          "%d teachers, %d students, step size %s, max steps %d"
              .formatted(teachers, students, stepSize, maxSteps));
    }
  }

  /** Whether this is wanted in the results. */
  public boolean records(Recorded quantity) {
    return recorded.contains(quantity);
  }

  /**
   * Always double: F falls to 10⁻³ of terms whose sum is of order k², and a gradient of 10⁻⁶ is
   * what single precision makes of zero.
   */
  @Override
  public Precision precision() {
    return Precision.DOUBLE;
  }

  @Override
  public Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("system.kind", "two-layer");
    keys.put("system.teachers", Integer.toString(teachers));
    keys.put("system.students", Integer.toString(students));
    keys.put("descent.step_size", Double.toString(stepSize));
    keys.put("descent.max_steps", Integer.toString(maxSteps));
    keys.put("outcome.loss", Double.toString(rule.loss()));
    keys.put("outcome.gradient", Double.toString(rule.gradient()));
    keys.put("restarts.streams", streams.word());
    return keys;
  }

  /** Rounding grows on the way past saddles, by a factor that 10⁷ covers: 10⁷·2⁻⁵³ ≈ 10⁻⁹. */
  @Override
  public List<Column> columns() {
    Tolerance tolerance = new Tolerance(1e-9, 1e-9);
    List<Column> columns = new ArrayList<>();
    columns.add(Column.OUTCOME);
    columns.add(Column.steps("steps until the outcome was reached", Tolerance.EXACT));
    if (records(Recorded.LOSS)) {
      columns.add(Column.real("loss", "1", "loss F at the end", tolerance));
    }
    if (records(Recorded.GRADIENT)) {
      columns.add(
          Column.real("gradient", "1", "2π max ‖∂F∕∂w‖ over students at the end", tolerance));
    }
    return List.copyOf(columns);
  }

  @Override
  public Clustering clustering() {
    return Clustering.INDEPENDENT;
  }

  /** Those of {@link TwoLayerState}. */
  @Override
  public List<String> invariants() {
    return List.of("loss", "gradient", "norm");
  }
}
