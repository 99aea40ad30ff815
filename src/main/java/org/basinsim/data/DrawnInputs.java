package org.basinsim.data;

import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.random.Uniform;

/** The inputs of a data set by their law, from the data set's stream at step 0. */
final class DrawnInputs {
  private static final double SQRT_3 = Math.sqrt(3);

  private DrawnInputs() {}

  /**
   * Draws a data set, row-major [sample][patch][coordinate].
   *
   * @param length samples·patches·patch size
   */
  static double[] of(ConvExperiment experiment, int dataSet, int length) {
    return switch (experiment.inputs()) {
      case Inputs.Gaussian() -> normals(experiment, dataSet, length);
      case Inputs.Correlated(double correlation) ->
          correlated(normals(experiment, dataSet, length), experiment.patchSize(), correlation);
      case Inputs.Uniform() -> words(experiment, dataSet, length, DrawnInputs::uniform);
      case Inputs.Rademacher() -> words(experiment, dataSet, length, word -> word < 0 ? -1 : 1);
      case Inputs.SetSplitting law -> SetSplitting.inputs(experiment, law, dataSet);
      case Inputs.File file ->
          throw new IllegalArgumentException("read, not drawn: " + file.path());
    };
  }

  /** Number i from lane i div 4. */
  private static double[] normals(ConvExperiment experiment, int dataSet, int length) {
    double[] inputs = new double[length];
    Gaussian.fill(inputs, 0, length, experiment.key(), dataSet, Purpose.DATA_SET, 0, 0);
    return inputs;
  }

  /** Makes independent normals those of a stationary sequence in each patch, from its first on. */
  private static double[] correlated(double[] normals, int patchSize, double correlation) {
    double fresh = Math.sqrt(1 - correlation * correlation);
    for (int i = 0; i < normals.length; i++) {
      if (i % patchSize > 0) {
        normals[i] = correlation * normals[i - 1] + fresh * normals[i];
      }
    }
    return normals;
  }

  private static double uniform(int word) {
    return SQRT_3 * (2 * Uniform.of(word) - 1);
  }

  /** What a word becomes. */
  private interface Law {
    double of(int word);
  }

  /** Number i from word i. */
  private static double[] words(ConvExperiment experiment, int dataSet, int length, Law law) {
    double[] inputs = new double[length];
    int[] block = new int[4];
    for (int i = 0; i < length; i++) {
      if (i % 4 == 0) {
        Philox.block(experiment.key(), dataSet, Purpose.DATA_SET, 0, i / 4, block, 0);
      }
      inputs[i] = law.of(block[i % 4]);
    }
    return inputs;
  }
}
