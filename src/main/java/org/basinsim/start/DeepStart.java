package org.basinsim.start;

import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;

/**
 * Random starts of over-parameterized networks: every weight is a standard normal, but for the
 * signs behind two layers (DU19, DZ19). Stream of the restart's weights; entry i of W^(h),
 * row-major, is normal i of {@code FILTER_START}, step h; output weight i is normal i of {@code
 * OUTPUT_START}, step 0, or its sign.
 *
 * <p>With common streams a wider network's first layer begins with the narrower one's, and so do
 * the output weights of its first position. Layers between have rows of another length, and share
 * their normals, not their weights. With independent streams nothing is shared.
 */
public final class DeepStart {
  private final DeepExperiment experiment;

  public DeepStart(DeepExperiment experiment) {
    this.experiment = experiment;
  }

  /**
   * The weights of a layer at a restart's start.
   *
   * @param h layer, 1 … H
   * @return m × fan-in, row-major
   */
  public double[] hidden(long restart, int h) {
    return normals(restart, Purpose.FILTER_START, h, experiment.network().weights(h));
  }

  /**
   * The output weights at a restart's start.
   *
   * @return P·m, position after position
   */
  public double[] output(long restart) {
    DeepNetwork network = experiment.network();
    double[] a = normals(restart, Purpose.OUTPUT_START, 0, network.outputs());
    boolean signs = network.architecture() == Architecture.TWO_LAYER;
    for (int i = 0; signs && i < a.length; i++) {
      a[i] = a[i] < 0 ? -1 : 1;
    }
    return a;
  }

  private double[] normals(long restart, Purpose purpose, int step, int count) {
    double[] normals = new double[count];
    Gaussian.fill(
        normals, 0, count, experiment.key(), experiment.weightStream(restart), purpose, step, 0);
    return normals;
  }
}
