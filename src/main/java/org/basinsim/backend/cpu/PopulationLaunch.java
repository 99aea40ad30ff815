package org.basinsim.backend.cpu;

import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvState;

/**
 * The restarts of a launch by row: where each starts until it is taken up, how it ended afterwards.
 * In double, whatever the precision of the descent.
 */
final class PopulationLaunch {
  final long first;
  final int count;
  final double[] x;
  final double[] y;
  final double[] mean;
  final double[] contrast;
  final double[] rest;
  final byte[] outcome;
  final int[] steps;

  /** Length of the states: whole vectors, so that the last may be read as one. */
  final int padded;

  /**
   * @param first the restart of row 0; of the others the ones that follow
   */
  PopulationLaunch(long first, int count) {
    this.first = first;
    this.count = count;
    this.padded = count + DoubleLanes.LENGTH;
    this.x = new double[padded];
    this.y = new double[padded];
    this.mean = new double[padded];
    this.contrast = new double[padded];
    this.rest = new double[padded];
    this.outcome = new byte[count];
    this.steps = new int[count];
  }

  /** The state of a row: its start or its end. */
  ConvState state(int row) {
    return new ConvState(x[row], y[row], mean[row], contrast[row], rest[row]);
  }

  void put(int row, ConvState state) {
    x[row] = state.x();
    y[row] = state.y();
    mean[row] = state.mean();
    contrast[row] = state.contrast();
    rest[row] = state.rest();
  }

  /** How a row ended. */
  Outcome outcome(int row) {
    return Outcome.of(outcome[row]);
  }
}
