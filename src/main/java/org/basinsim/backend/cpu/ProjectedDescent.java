package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.Oracle;

/**
 * Online descent on what student and teacher see of the inputs; each restart has its own stream.
 */
final class ProjectedDescent implements CpuDescent {
  /** Dozens of restarts for each lane, so that few lanes are idle at the end of a launch. */
  private static final int MOST = 512;

  /** Each lane is refilled at least once. */
  private static final int FEWEST = 2 * FloatLanes.LENGTH;

  private final ConvExperiment experiment;

  ProjectedDescent(ConvExperiment experiment) {
    this.experiment = experiment;
  }

  @Override
  public int launch() {
    int batch = ((Oracle.Online) experiment.oracle()).batch();
    double normals = 2.0 * batch * experiment.patches() * experiment.maxSteps();
    return Launches.drawing(normals, FEWEST, MOST);
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    ConvRows rows = new ConvRows(experiment, outcomes);
    return lanes().descend(outcomes.range().first(), outcomes.rows(), rows, stopped);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    return lanes().trajectory(restart, steps);
  }

  private ProjectedLanes lanes() {
    return experiment.precision() == Precision.SINGLE
        ? new FloatProjectedDescent(experiment)
        : new DoubleProjectedDescent(experiment);
  }
}
