package org.basinsim.backend.reference;

import java.util.Arrays;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Learned;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/**
 * Descent on the population loss in full dimension: the vectors v and a themselves, so that the
 * reductions of other backends are checked against what they reduce.
 */
final class PopulationDescent implements ConvDescent {
  private final ConvExperiment experiment;
  private final Teacher teacher;
  private final Activation activation;
  private final LearnedReduction learned;
  private final Average average;
  private final double[] v;
  private final double[] a;

  PopulationDescent(ConvExperiment experiment, ConvStart start, long restart) {
    this.experiment = experiment;
    this.teacher = experiment.teacher();
    this.activation = experiment.network().activation();
    this.learned = LearnedReduction.of(experiment);
    this.average = Average.of(experiment);
    this.v = start.filter(restart);
    this.a = experiment.learned() ? start.output(restart) : new double[0];
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
    ConvState state = state();
    if (experiment.stopsByVerdict()) {
      return learned.verdict(state);
    }
    if (experiment.learned()) {
      return experiment.rule().near(learned, state);
    }
    return experiment.rule().near(average, state);
  }

  @Override
  public double loss(int step) {
    return experiment.learned() ? Learned.loss(teacher, activation, v, a) : average.loss(state());
  }

  @Override
  public double[] gradient(int step) {
    if (!experiment.learned()) {
      return average.gradient(teacher, v);
    }
    double[] filter = Learned.filterGradient(teacher, activation, v, a);
    double[] output = Learned.outputGradient(teacher, activation, v, a);
    double[] gradient = Arrays.copyOf(filter, v.length + a.length);
    System.arraycopy(output, 0, gradient, v.length, a.length);
    return gradient;
  }

  @Override
  public void step(int step) {
    double[] gradient = gradient(step);
    for (int i = 0; i < v.length; i++) {
      v[i] -= experiment.stepSize() * gradient[i];
    }
    for (int j = 0; j < a.length; j++) {
      a[j] -= experiment.stepSize() * gradient[v.length + j];
    }
  }
}
