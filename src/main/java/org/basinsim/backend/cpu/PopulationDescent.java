package org.basinsim.backend.cpu;

import java.util.Arrays;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Recorded;
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
    PopulationLaunch launch = new PopulationLaunch(outcomes.range().first(), outcomes.rows());
    new StartLanes(experiment).draw(outcomes.range().first(), launch);
    if (experiment.records(Recorded.START)) {
      for (int row = 0; row < launch.count; row++) {
        rows.start(row, launch.state(row));
      }
    }
    if (!lanes().descend(launch, rows, stopped)) {
      return false;
    }
    EndLanes ends = new EndLanes(experiment, launch);
    for (int row = 0; row < launch.count; row++) {
      rows.finish(
          row,
          launch.outcome(row),
          launch.steps[row],
          launch.state(row),
          ends.loss[row],
          ends.angle[row]);
    }
    return true;
  }

  private PopulationLanes lanes() {
    boolean single = experiment.precision() == Precision.SINGLE;
    Set<Recorded> noted = experiment.recorded();
    if (experiment.noisy()) {
      return single
          ? new FloatNoisyDescent(experiment, noted)
          : new DoubleNoisyDescent(experiment, noted);
    }
    if (experiment.learned()) {
      boolean verdict = experiment.stopsByVerdict();
      return single
          ? new FloatLearnedDescent(experiment, noted, verdict)
          : new DoubleLearnedDescent(experiment, noted, verdict);
    }
    return single
        ? new FloatAverageDescent(experiment, noted)
        : new DoubleAverageDescent(experiment, noted);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    PopulationLaunch launch = new PopulationLaunch(restart, 1);
    launch.put(0, start.state(restart));
    return lanes().trajectory(launch, steps);
  }

  /** See {@link org.basinsim.backend.Probe#verdicts}; in double for every experiment. */
  static Outcome[] verdicts(ConvExperiment experiment, double[][] starts) {
    PopulationLaunch launch = new PopulationLaunch(0, starts.length);
    for (int row = 0; row < launch.count; row++) {
      launch.put(row, ConvState.of(starts[row]));
    }
    // Nothing is noted on the way, so there are no rows to note it in.
    new DoubleLearnedDescent(experiment, Set.of(), true).descend(launch, null, () -> false);
    Outcome[] verdicts = new Outcome[launch.count];
    Arrays.setAll(verdicts, launch::outcome);
    return verdicts;
  }
}
