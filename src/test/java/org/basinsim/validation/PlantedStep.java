package org.basinsim.validation;

import java.util.SplittableRandom;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.start.ConvStart;

/**
 * The first projected step of many restarts, written once more with a generator of its own, and
 * with the variance of the noise beside student and teacher multiplied by a planted factor: 1 is
 * right, 0 drops the chi-square.
 */
final class PlantedStep {
  private final ConvExperiment experiment;
  private final double factor;
  private final SplittableRandom random = new SplittableRandom(77);

  PlantedStep(ConvExperiment experiment, double factor) {
    this.experiment = experiment;
    this.factor = factor;
  }

  /** The states of restarts 0 … count − 1 after one step. */
  ConvState[] states(int count) {
    ConvStart start = new ConvStart(experiment);
    ConvState[] states = new ConvState[count];
    for (int restart = 0; restart < count; restart++) {
      double[] a = experiment.learned() ? start.output(restart) : experiment.teacher().output();
      states[restart] = step(start.state(restart), a);
    }
    return states;
  }

  private ConvState step(ConvState s, double[] a) {
    int batch = ((Oracle.Online) experiment.oracle()).batch();
    double[] b = experiment.teacher().scaledOutput();
    double eta = experiment.stepSize();
    boolean learned = experiment.learned();
    double n = s.filterNorm();
    double cosine = s.x() / n;
    double sine = s.y() / n;
    double[] outputGradient = new double[a.length];
    double[] filterGradient = new double[2]; // along the student's filter and towards w*
    double variance = 0;
    for (int i = 0; i < batch; i++) {
      double[] u = new double[a.length];
      double[] t = new double[a.length];
      double residual = 0;
      for (int j = 0; j < a.length; j++) {
        u[j] = random.nextGaussian();
        t[j] = random.nextGaussian();
        residual += a[j] * (learned ? 1 : n) * Math.max(u[j], 0);
        residual -= b[j] * Math.max(cosine * u[j] + sine * t[j], 0);
      }
      residual *= learned ? 1 : 2;
      double active = 0;
      for (int j = 0; j < a.length; j++) {
        if (u[j] > 0) {
          outputGradient[j] += residual * u[j] / batch;
          filterGradient[0] += learned ? 0 : residual * a[j] * u[j] / batch;
          filterGradient[1] += residual * a[j] * t[j] / batch;
          active += a[j] * a[j];
        }
      }
      variance += residual * residual * active / ((double) batch * batch);
    }
    double rate = learned ? eta / n : eta;
    double x = s.x() - rate * (filterGradient[0] * cosine + filterGradient[1] * sine);
    double y = s.y() - rate * (filterGradient[0] * sine - filterGradient[1] * cosine);
    double beside = 0;
    for (int i = 0; i < experiment.patchSize() - 2; i++) {
      double normal = random.nextGaussian();
      beside += factor * rate * rate * variance * normal * normal;
    }
    double across = Math.sqrt(y * y + beside);
    if (!learned) {
      return new ConvState(x, across, 0, 0, 0);
    }
    for (int j = 0; j < a.length; j++) {
      outputGradient[j] = a[j] - eta * outputGradient[j];
    }
    ConvState output = experiment.teacher().project(experiment.teacher().filter(), outputGradient);
    return new ConvState(x, across, output.mean(), output.contrast(), output.rest());
  }
}
