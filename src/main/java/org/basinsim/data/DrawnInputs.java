package org.basinsim.data;

import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.random.Uniform;

/**
 * Inputs by their law: those of a data set, and those of an online step. Number i is made of lane i
 * div 4 of its stream, a normal of it or word i mod 4.
 */
public final class DrawnInputs {
  private DrawnInputs() {}

  /**
   * Draws a data set, row-major [sample][number].
   *
   * @param length samples·input size
   */
  static double[] of(ConvExperiment experiment, int dataSet, int length) {
    if (experiment.inputs() instanceof Inputs.SetSplitting law) {
      return SetSplitting.inputs(experiment, law, dataSet);
    }
    double[] inputs = new double[length];
    fill(inputs, experiment, dataSet, Purpose.DATA_SET, 0);
    return inputs;
  }

  /**
   * Draws inputs, row-major [input][number], by the law of an experiment.
   *
   * @param target whole inputs, from the first of the step on
   * @param stream of a data set or of a restart's inputs
   * @param purpose what they are for
   * @param step of the descent, 0 for a data set
   * @throws IllegalArgumentException where inputs are not drawn number by number
   */
  public static void fill(
      double[] target, ConvExperiment experiment, long stream, Purpose purpose, int step) {
    long key = experiment.key();
    switch (experiment.inputs()) {
      case Inputs.Gaussian() ->
          Gaussian.fill(target, 0, target.length, key, stream, purpose, step, 0);
      case Inputs.Correlated law -> {
        Gaussian.fill(target, 0, target.length, key, stream, purpose, step, 0);
        correlate(target, experiment.sequenceSize(), law);
      }
      case Inputs.Uniform() -> fill(target, DrawnInputs::uniform, key, stream, purpose, step);
      case Inputs.Rademacher() -> fill(target, DrawnInputs::sign, key, stream, purpose, step);
      case Inputs.SetSplitting law -> throw new IllegalArgumentException("a data set: " + law);
      case Inputs.File file ->
          throw new IllegalArgumentException("read, not drawn: " + file.path());
    }
  }

  /** Makes independent normals stationary sequences of {@code size} numbers each. */
  private static void correlate(double[] normals, int size, Inputs.Correlated law) {
    for (int i = 0; i < normals.length; i++) {
      if (i % size > 0) {
        normals[i] = law.correlation() * normals[i - 1] + law.fresh() * normals[i];
      }
    }
  }

  private static double uniform(int word) {
    return Inputs.Uniform.LARGEST * (2 * Uniform.of(word) - 1);
  }

  private static double sign(int word) {
    return word < 0 ? -1 : 1;
  }

  /** What a word becomes. */
  private interface Law {
    double of(int word);
  }

  private static void fill(
      double[] target, Law law, long key, long stream, Purpose purpose, int step) {
    int[] block = new int[4];
    for (int i = 0; i < target.length; i++) {
      if (i % 4 == 0) {
        Philox.block(key, stream, purpose, step, i / 4, block, 0);
      }
      target[i] = law.of(block[i % 4]);
    }
  }
}
