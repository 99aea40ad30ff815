package org.basinsim.backend;

import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;

/**
 * Small questions to a backend, answered by the code that trains: for the contract test,
 * verification, replay and exact probabilities. Not fast, except {@link #verdicts}.
 */
public interface Probe {

  /**
   * Generator output: words {@code 4·lane …} of consecutive lanes from 0.
   *
   * @param stream 48 bits
   * @param purpose 16-bit code of what the draw is for
   * @return {@code count} 32-bit words
   */
  int[] words(long key, long stream, int purpose, int step, int count);

  /** Standard normals made of the same words, in the given precision. */
  double[] normals(Precision precision, long key, long stream, int purpose, int step, int count);

  /**
   * Gradient of the training objective at the start of a restart, with the inputs of its first
   * step.
   *
   * @return partial derivatives in the order of the system's parameters: for {@code conv} the
   *     filter (p), then, where learned, the output weights (k); for {@code two-layer} student
   *     after student; empty where the experiment is carried out in reduced coordinates, whose
   *     first step {@link #trajectory} shows
   */
  double[] gradient(Experiment experiment, long restart);

  /**
   * The first states of a restart, ignoring every stopping rule.
   *
   * @return {@code steps + 1} states, each the system's invariants; for {@code conv} those of
   *     {@code ConvState}, for {@code two-layer} those of {@code TwoLayerState}
   */
  double[][] trajectory(Experiment experiment, long restart, int steps);

  /**
   * Outcomes of population descent from given states, by the absorbing verdict within the
   * experiment's step budget.
   *
   * @param starts one state an entry, as {@link #trajectory} returns them
   */
  Outcome[] verdicts(Experiment experiment, double[][] starts);
}
