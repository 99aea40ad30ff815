package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.start.ConvStart;

/** Descent on the population loss, in the coordinates of the exact reductions. */
final class PopulationDescent implements CpuDescent {
  /** The last restarts of a launch leave lanes empty; so many hide it and still fit the cache. */
  private static final int LAUNCH = 1 << 15;

  private final ConvExperiment experiment;
  private final ConvStart start;

  PopulationDescent(ConvExperiment experiment) {
    this.experiment = experiment;
    this.start = new ConvStart(experiment);
  }

  @Override
  public int launch() {
    return LAUNCH;
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    ConvRows rows = new ConvRows(experiment, outcomes);
    PopulationLaunch launch = new PopulationLaunch(outcomes.rows());
    for (int row = 0; row < launch.count; row++) {
      ConvState state = start.state(outcomes.range().first() + row);
      launch.put(row, state);
      rows.start(row, state);
    }
    if (!lanes(experiment.stopsByVerdict()).descend(launch, rows, stopped)) {
      return false;
    }
    for (int row = 0; row < launch.count; row++) {
      rows.finish(row, launch.outcome(row), launch.steps[row], launch.state(row));
    }
    return true;
  }

  private PopulationLanes lanes(boolean verdict) {
    boolean single = experiment.precision() == Precision.SINGLE;
    if (experiment.learned()) {
      return single
          ? new FloatLearnedDescent(experiment, verdict)
          : new DoubleLearnedDescent(experiment, verdict);
    }
    return single ? new FloatAverageDescent(experiment) : new DoubleAverageDescent(experiment);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    PopulationLaunch launch = new PopulationLaunch(1);
    launch.put(0, start.state(restart));
    return lanes(experiment.stopsByVerdict()).trajectory(launch, steps);
  }
}
