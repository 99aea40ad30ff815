package org.basinsim.data;

import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;

/** The input data sets of one empirical experiment. */
public final class DataSets {
  private final long key;
  private final int length;

  private DataSets(long key, int length) {
    this.key = key;
    this.length = length;
  }

  /** The data sets of an experiment whose oracle is empirical. */
  public static DataSets of(ConvExperiment experiment) {
    Oracle.Empirical oracle = (Oracle.Empirical) experiment.oracle();
    return new DataSets(
        experiment.key(), oracle.samples() * experiment.patches() * experiment.patchSize());
  }

  /** Inputs of a data set, N × k × p row-major. */
  public double[] inputs(int dataSet) {
    double[] inputs = new double[length];
    Gaussian.fill(inputs, 0, length, key, dataSet, Purpose.DATA_SET, 0, 0);
    return inputs;
  }
}
