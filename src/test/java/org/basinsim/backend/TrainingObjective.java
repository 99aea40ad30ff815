package org.basinsim.backend;

import java.util.Arrays;
import org.basinsim.data.DataSets;
import org.basinsim.data.DrawnInputs;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.random.Purpose;
import org.basinsim.start.ConvStart;

/**
 * What a restart's gradient is the gradient of, written out as the papers do, with derivatives by
 * central differences: the mean loss over the inputs of a step, of parameters θ = (filter, then
 * output weights where learned).
 */
final class TrainingObjective {
  /** Central differences in double err by h²f‴∕6 + 2⁻⁵³f∕h ≈ 10⁻¹⁰ for values of order one. */
  private static final double H = 1e-5;

  private final ConvExperiment experiment;
  private final double[] inputs;
  private final int k;
  private final int p;

  /** The objective of step {@code step}, the direct online or the empirical oracle's. */
  TrainingObjective(ConvExperiment experiment, long restart, int step) {
    this.experiment = experiment;
    this.k = experiment.patches();
    this.p = experiment.patchSize();
    if (experiment.oracle() instanceof Oracle.Online online) {
      inputs = new double[online.batch() * experiment.inputSize()];
      DrawnInputs.fill(inputs, experiment, restart / online.share(), Purpose.INPUTS, step);
    } else {
      Oracle.Empirical empirical = (Oracle.Empirical) experiment.oracle();
      inputs = DataSets.of(experiment).inputs((int) (restart % empirical.dataSets()));
    }
  }

  /** θ at the start of a restart. */
  static double[] start(ConvExperiment experiment, long restart) {
    ConvStart start = new ConvStart(experiment);
    double[] filter = start.filter(restart);
    return experiment.learned() ? joined(filter, start.output(restart)) : filter;
  }

  /** The objective at θ. */
  double value(double[] theta) {
    double sum = 0;
    int batch = inputs.length / experiment.inputSize();
    for (int b = 0; b < batch; b++) {
      double residual = student(theta, b) - teacher(b);
      sum += experiment.learned() ? residual * residual / 2 : residual * residual;
    }
    return sum / batch;
  }

  /** Its gradient at θ. */
  double[] gradient(double[] theta) {
    double[] gradient = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      double[] above = theta.clone();
      double[] below = theta.clone();
      above[i] += H;
      below[i] -= H;
      gradient[i] = (value(above) - value(below)) / (2 * H);
    }
    return gradient;
  }

  private double student(double[] theta, int b) {
    double norm = 0;
    for (int c = 0; c < p; c++) {
      norm += theta[c] * theta[c];
    }
    double output = 0;
    for (int j = 0; j < k; j++) {
      double hidden = activation(dot(theta, b, j));
      output += experiment.learned() ? theta[p + j] * hidden / Math.sqrt(norm) : hidden / k;
    }
    return output;
  }

  private double teacher(int b) {
    double[] filter = experiment.teacher().filter();
    double[] output = experiment.teacher().output();
    double label = 0;
    for (int j = 0; j < k; j++) {
      label += output[j] * activation(dot(filter, b, j));
    }
    return label;
  }

  private double activation(double z) {
    return Math.max(z, experiment.network().slope() * z);
  }

  private double dot(double[] filter, int b, int j) {
    double sum = 0;
    int first = b * experiment.inputSize() + j * experiment.network().stride();
    for (int c = 0; c < p; c++) {
      sum += filter[c] * inputs[first + c];
    }
    return sum;
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
