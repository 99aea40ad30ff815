package org.basinsim.backend.reference;

import org.basinsim.data.DrawnInputs;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.Purpose;
import org.basinsim.start.ConvStart;

/**
 * Descent on inputs that are there: a fresh batch for each step (online, direct), or one data set
 * for all (empirical).
 *
 * <p>Learned output: f(Z) = Σ_j a_j σ(v̂·Z_j), loss (1∕2B) Σ_b r_b². Average output: f(Z) = (1∕k)
 * Σ_j σ(w·Z_j), loss (1∕B) Σ_b r_b². An input has d = (k − 1)·stride + p numbers; number bd +
 * j·stride + c of a step is coordinate c of patch j of input b.
 */
final class BatchDescent implements ConvDescent {
  private final ConvExperiment experiment;
  private final Teacher teacher;
  private final LearnedReduction learned;
  private final Average average;
  private final Overlap overlap;
  private final long stream;
  private final boolean online;
  private final int batch;
  private final int k;
  private final int p;
  private final int d;
  private final int stride;
  private final double[] v;
  private final double[] a;
  private final double[] inputs;
  private final WeightSteps steps;
  private int inputsOf = -1;
  private double zeroLoss;
  private double startGradientNorm;

  /** Online: inputs are drawn. */
  BatchDescent(ConvExperiment experiment, ConvStart start, long restart) {
    this(
        experiment,
        start,
        restart,
        true,
        new double[((Oracle.Online) experiment.oracle()).batch() * experiment.inputSize()]);
  }

  /** Empirical: inputs are given, N × d. */
  BatchDescent(ConvExperiment experiment, ConvStart start, long restart, double[] inputs) {
    this(experiment, start, restart, false, inputs);
    this.startGradientNorm = norm(gradient(0));
    for (int b = 0; b < batch; b++) {
      double label = label(b);
      zeroLoss += lossFactor() * label * label / batch;
    }
  }

  private BatchDescent(
      ConvExperiment experiment, ConvStart start, long restart, boolean online, double[] inputs) {
    this.experiment = experiment;
    this.teacher = experiment.teacher();
    this.learned = LearnedReduction.of(experiment);
    this.average = Average.of(experiment);
    this.stride = experiment.network().stride();
    this.overlap = Overlap.of(experiment);
    this.stream = experiment.inputStream(restart);
    this.online = online;
    this.k = experiment.patches();
    this.p = experiment.patchSize();
    this.d = experiment.inputSize();
    this.batch = inputs.length / d;
    this.v = start.filter(restart);
    this.a = experiment.learned() ? start.output(restart) : teacher.output();
    this.inputs = inputs;
    this.steps = new WeightSteps(experiment.descent(), experiment.learned() ? p + k : p);
  }

  @Override
  public ConvState state() {
    return experiment.learned() ? teacher.project(v, a) : teacher.project(v);
  }

  @Override
  public double[] filter() {
    return v.clone();
  }

  @Override
  public Outcome established(int step) {
    if (online) {
      return experiment.near(learned, average, state());
    }
    if (loss(step) <= experiment.rule().loss() * zeroLoss) {
      return Outcome.GLOBAL;
    }
    return norm(gradient(step)) <= experiment.rule().gradient() * startGradientNorm
        ? Outcome.SPURIOUS
        : Outcome.UNDECIDED;
  }

  @Override
  public double loss(int step) {
    if (online) {
      if (experiment.overlaps()) {
        return overlap.loss(v);
      }
      return experiment.learned() ? learned.loss(state()) : average.loss(state());
    }
    double loss = 0;
    for (int b = 0; b < batch; b++) {
      double residual = residual(b);
      loss += lossFactor() * residual * residual / batch;
    }
    return loss;
  }

  @Override
  public double[] gradient(int step) {
    draw(step);
    double[] gradient = new double[experiment.learned() ? p + k : p];
    for (int b = 0; b < batch; b++) {
      double residual = 2 * lossFactor() * residual(b) / batch;
      for (int j = 0; j < k; j++) {
        double z = preactivation(b, j);
        double steepness = experiment.network().steepness(z);
        if (steepness == 0) {
          continue;
        }
        if (experiment.learned()) {
          gradient[p + j] += residual * experiment.network().activation(z);
        }
        for (int c = 0; c < p; c++) {
          gradient[c] += residual * steepness * a[j] * inputs[b * d + j * stride + c];
        }
      }
    }
    if (experiment.learned()) {
      throughNormalization(gradient);
    }
    return gradient;
  }

  /** v̂ = v∕‖v‖: the gradient in v is (I − v̂v̂ᵀ)∕‖v‖ times that in v̂. */
  private void throughNormalization(double[] gradient) {
    double n = norm(v);
    double radial = 0;
    for (int c = 0; c < p; c++) {
      radial += gradient[c] * v[c] / n;
    }
    for (int c = 0; c < p; c++) {
      gradient[c] = (gradient[c] - radial * v[c] / n) / n;
    }
  }

  @Override
  public void step(int step) {
    double[] change = steps.after(gradient(step), step);
    for (int c = 0; c < p; c++) {
      v[c] -= change[c];
    }
    if (experiment.learned()) {
      for (int j = 0; j < k; j++) {
        a[j] -= change[p + j];
      }
    }
  }

  private void draw(int step) {
    if (online && inputsOf != step) {
      DrawnInputs.fill(inputs, experiment, stream, Purpose.INPUTS, step);
      inputsOf = step;
    }
  }

  private double residual(int b) {
    double output = 0;
    for (int j = 0; j < k; j++) {
      output += a[j] * experiment.network().activation(preactivation(b, j));
    }
    return output - label(b);
  }

  private double label(int b) {
    double[] filter = teacher.filter();
    double[] output = teacher.output();
    double label = 0;
    for (int j = 0; j < k; j++) {
      label += output[j] * experiment.network().activation(dot(filter, b, j));
    }
    return label;
  }

  private double preactivation(int b, int j) {
    return dot(v, b, j) / (experiment.learned() ? norm(v) : 1);
  }

  private double dot(double[] filter, int b, int j) {
    double sum = 0;
    for (int c = 0; c < p; c++) {
      sum += filter[c] * inputs[b * d + j * stride + c];
    }
    return sum;
  }

  private double lossFactor() {
    return experiment.learned() ? 0.5 : 1;
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
