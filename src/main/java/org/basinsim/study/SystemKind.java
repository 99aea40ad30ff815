package org.basinsim.study;

import java.util.List;
import org.basinsim.model.Experiment;

/**
 * A system that studies can be about: which keys it has beside those of every study, which of their
 * combinations make sense, and the experiment they make. Hand one to a {@link StudyReader}.
 *
 * <p>Types, ranges and defaults of single keys are checked before a kind is asked anything.
 */
public interface SystemKind {

  /** The word of {@code system.kind}. */
  String name();

  /** Its keys, in the order of documentation. */
  List<Key> keys();

  /** The words of {@code restarts.record}, outcome and steps left out: those are always there. */
  List<String> quantities();

  /** Those that are recorded where a study does not say: all, unless a kind knows better. */
  default List<String> recorded() {
    return quantities();
  }

  /** Columns of real numbers whose mean over restarts a study may want in its table. */
  default List<String> averages() {
    return List.of();
  }

  /**
   * Refuses what does not go together in one cell, by {@link Values#refuse} and {@link
   * Values#missing}. A value may be unsound because its own check failed: ask {@link Values#sound}
   * for all keys of a rule before their values.
   */
  void check(Values cell);

  /** The experiment of a cell; called when no cell of the study was refused anything. */
  Experiment build(Values cell);
}
