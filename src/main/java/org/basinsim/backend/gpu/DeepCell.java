package org.basinsim.backend.gpu;

import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.data.DeepData;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.LimitKernels;
import org.basinsim.start.DeepStart;

/**
 * An experiment with over-parameterized networks, made ready.
 *
 * @param plan for the device that stands for all of the backend
 */
record DeepCell(
    DeepExperiment experiment, DeepPlan plan, DeepStart start, DeepData data, LimitKernels limits) {

  /**
   * Makes an experiment ready.
   *
   * @param call restarts that one call of a library for products takes; 1 without one
   * @throws BackendUnavailable where the device cannot serve it
   */
  static DeepCell of(
      DeepExperiment experiment, GpuDescription device, int call, WorkSizing sizing) {
    DeepData data = DeepData.of(experiment);
    return new DeepCell(
        experiment,
        DeepPlan.of(experiment, device, call, sizing),
        new DeepStart(experiment),
        data,
        new LimitKernels(experiment.network(), stream -> data.set(stream).inputs()));
  }

  /** The weights at a restart's start, W^(1) … W^(H), a, in the precision of the descent. */
  double[][] weights(long restart) {
    DeepNetwork network = experiment.network();
    double[][] weights = new double[network.depth() + 1][];
    for (int h = 1; h <= network.depth(); h++) {
      weights[h - 1] = start.hidden(restart, h);
    }
    weights[network.depth()] = start.output(restart);
    if (experiment.precision() == Precision.SINGLE) {
      for (double[] layer : weights) {
        for (int i = 0; i < layer.length; i++) {
          layer[i] = (float) layer[i];
        }
      }
    }
    return weights;
  }

  /** The inputs and labels of a restart. */
  DeepData.Set set(long restart) {
    return data.set(experiment.dataStream(restart));
  }
}
