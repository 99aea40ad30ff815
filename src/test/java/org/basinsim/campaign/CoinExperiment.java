package org.basinsim.campaign;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/**
 * A system that needs no descent: each cluster of restarts throws one coin, each restart another.
 */
record CoinExperiment(double weight, long seed, Clustering clustering) implements Experiment {

  @Override
  public Map<String, String> mathematics() {
    return Map.of("system.weight", Double.toString(weight));
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
    return List.of(Column.OUTCOME, Column.steps("throws", Column.Tolerance.EXACT));
  }

  @Override
  public int maxSteps() {
    return 1;
  }

  /** Global where both coins fall well, undecided once in a while. */
  Outcome outcome(long index) {
    double shared = toss(~clustering.cluster(index));
    double own = toss(index);
    if (own > 0.99) {
      return Outcome.UNDECIDED;
    }
    return 0.7 * shared + 0.3 * own < weight ? Outcome.GLOBAL : Outcome.SPURIOUS;
  }

  private double toss(long stream) {
    return new SplittableRandom(key() + stream * 0x9E3779B97F4A7C15L).nextDouble();
  }

  @Override
  public List<String> invariants() {
    return List.of();
  }
}
