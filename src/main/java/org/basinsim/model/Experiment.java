package org.basinsim.model;

import java.util.List;
import java.util.Map;

/**
 * The mathematics of one cell: all that a backend needs to simulate it and nothing else. Each
 * system has one immutable implementation; get one from a study, hand it to a backend.
 *
 * <p>The outcome of restart {@code i} is a function of {@code (experiment, i)} alone.
 */
public interface Experiment {

  /**
   * What is simulated, as study keys and canonical values, in a fixed order: exactly the keys that
   * influence an outcome, data files by the hash of their content. Equal mathematics means equal
   * outcomes; the identity is a hash of it.
   */
  Map<String, String> mathematics();

  /** The seed of the study. */
  long seed();

  /** Whether cells share randomness. */
  Streams streams();

  /** Type the descent is carried out in. */
  Precision precision();

  /** What is recorded of a restart: {@code outcome}, {@code steps}, then whatever was asked for. */
  List<Column> columns();

  /** Which restarts are independent. */
  Clustering clustering();

  /** Step budget of a restart, at least 1. */
  int maxSteps();

  /** The steps at which {@code trajectory_…} columns are sampled; empty where there are none. */
  default List<Integer> sampledSteps() {
    return List.of();
  }

  /** Names of the numbers that a state of a trajectory consists of. */
  List<String> invariants();

  /** SHA-256 of the seed and the mathematics, 64 hexadecimal digits. */
  default String identity() {
    return Identity.hash(seed(), mathematics());
  }

  /** Key of the random generator: 64 bits of the identity, or of the seed alone when common. */
  default long key() {
    return Identity.key(seed(), streams() == Streams.COMMON ? Map.of() : mathematics());
  }
}
