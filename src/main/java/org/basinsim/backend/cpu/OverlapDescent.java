package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;

/** Descent on the population loss of patches that overlap, of the filter itself. */
final class OverlapDescent implements CpuDescent {
  /** The last restarts of a launch leave lanes empty; so many hide it. */
  private static final int LAUNCH = 1 << 12;

  private final ConvExperiment experiment;

  OverlapDescent(ConvExperiment experiment) {
    this.experiment = experiment;
  }

  @Override
  public int launch() {
    return LAUNCH;
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    ConvRows rows = new ConvRows(experiment, outcomes);
    return lanes().descend(outcomes.range().first(), outcomes.rows(), rows, stopped);
  }

  @Override
  public double[] gradient(long restart) {
    return lanes().gradient(restart);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    return lanes().trajectory(restart, steps);
  }

  private OverlapLanes lanes() {
    return experiment.precision() == Precision.SINGLE
        ? new FloatOverlapDescent(experiment)
        : new DoubleOverlapDescent(experiment);
  }
}
