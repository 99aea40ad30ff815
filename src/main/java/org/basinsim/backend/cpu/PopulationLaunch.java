package org.basinsim.backend.cpu;

import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvState;

/**
 * The restarts of a launch by row: where each starts until it is taken up, how it ended afterwards.
 * In double, whatever the precision of the descent.
 */
final class PopulationLaunch {
  final int count;
  final double[] x;
  final double[] y;
  final double[] mean;
  final double[] contrast;
  final double[] rest;
  final byte[] outcome;
  final int[] steps;

  PopulationLaunch(int count) {
    this.count = count;
    this.x = new double[count];
    this.y = new double[count];
    this.mean = new double[count];
    this.contrast = new double[count];
    this.rest = new double[count];
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
