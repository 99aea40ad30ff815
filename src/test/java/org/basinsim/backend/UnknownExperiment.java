package org.basinsim.backend;

import java.util.List;
import java.util.Map;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Column.Tolerance;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/** An experiment of a system that no backend has heard of. */
public record UnknownExperiment() implements Experiment {
  @Override
  public Map<String, String> mathematics() {
    return Map.of("system.kind", "unknown");
  }

  @Override
  public long seed() {
    return 0;
  }

  @Override
  public Streams streams() {
    return Streams.INDEPENDENT;
  }

  @Override
  public Precision precision() {
    return Precision.DOUBLE;
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.OUTCOME, Column.steps("steps", Tolerance.EXACT));
  }

  @Override
  public Clustering clustering() {
    return Clustering.INDEPENDENT;
  }

  @Override
  public int maxSteps() {
    return 1;
  }

  @Override
  public List<String> invariants() {
    return List.of();
  }
}
