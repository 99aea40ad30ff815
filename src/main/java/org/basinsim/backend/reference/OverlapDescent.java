package org.basinsim.backend.reference;

import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/** Descent on the population loss of patches that overlap: the filter itself. */
final class OverlapDescent implements ConvDescent {
  private final ConvExperiment experiment;
  private final Teacher teacher;
  private final Average average;
  private final Overlap overlap;
  private final double[] w;
  private final double stationary;
  private int quietSteps;

  OverlapDescent(ConvExperiment experiment, ConvStart start, long restart) {
    this.experiment = experiment;
    this.teacher = experiment.teacher();
    this.average = new Average(teacher);
    this.overlap = Overlap.of(experiment);
    this.w = start.filter(restart);
    this.stationary = overlap.stationaryGradient(experiment.precision().unitRoundoff());
  }

  @Override
  public ConvState state() {
    return teacher.project(w);
  }

  @Override
  public double[] filter() {
    return w.clone();
  }

  @Override
  public Outcome established(int step) {
    Outcome near = experiment.rule().near(average, state());
    if (near != Outcome.UNDECIDED) {
      return near;
    }
    double squares = 0;
    for (double value : gradient(step)) {
      squares += value * value;
    }
    quietSteps = Math.sqrt(squares) <= stationary ? quietSteps + 1 : 0;
    if (quietSteps < Overlap.QUIET_STEPS) {
      return Outcome.UNDECIDED;
    }
    quietSteps = 0;
    return overlap.isBadMinimum(w) ? Outcome.SPURIOUS : Outcome.UNDECIDED;
  }

  @Override
  public double loss(int step) {
    return overlap.loss(w);
  }

  @Override
  public double[] gradient(int step) {
    return overlap.gradient(w);
  }

  @Override
  public void step(int step) {
    double[] gradient = gradient(step);
    for (int c = 0; c < w.length; c++) {
      w[c] -= experiment.stepSize() * gradient[c];
    }
  }
}
