package org.basinsim.start;

import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;

/**
 * Random starts of two layers: W = normals∕√k (SS18). Coordinate c of student i is normal ik + c of
 * {@code FILTER_START}, step 0, stream of the restart.
 */
public final class TwoLayerStart {
  private final TwoLayerExperiment experiment;

  public TwoLayerStart(TwoLayerExperiment experiment) {
    this.experiment = experiment;
  }

  /**
   * The students of a restart's start.
   *
   * @return n rows of length k
   */
  public double[][] students(long restart) {
    int k = experiment.teachers();
    double[] normals = new double[experiment.students() * k];
    Gaussian.fill(
        normals, 0, normals.length, experiment.key(), restart, Purpose.FILTER_START, 0, 0);
    double[][] w = new double[experiment.students()][k];
    for (int i = 0; i < w.length; i++) {
      for (int c = 0; c < k; c++) {
        w[i][c] = normals[i * k + c] / Math.sqrt(k);
      }
    }
    return w;
  }
}
