package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;

/**
 * Descent on inputs that are there, a fresh batch for each step or one data set for all: the
 * restarts of a launch are sorted into groups that see the same inputs.
 */
final class DirectDescent implements CpuDescent {
  /** Restarts that hide the generation of the inputs they share. */
  private static final int LAUNCH = 1024;

  /** A launch refills each lane of every data set a few times, unless data sets are many. */
  private static final int PER_DATA_SET = 1024;

  private static final int LONGEST_LAUNCH = 1 << 16;

  /**
   * From so many restarts a stream on, drawing inputs once for all of them pays for the lanes that
   * their tile leaves empty.
   */
  private static final int FEWEST_SHARING = 8;

  private final ConvExperiment experiment;

  DirectDescent(ConvExperiment experiment) {
    this.experiment = experiment;
  }

  @Override
  public int launch() {
    return switch (experiment.oracle()) {
      case Oracle.Empirical empirical ->
          Math.clamp((long) PER_DATA_SET * empirical.dataSets(), LAUNCH, LONGEST_LAUNCH);
      case Oracle.Online online when !sharesInputs() -> {
        double inputs = (double) online.batch() * experiment.patches() * experiment.patchSize();
        yield Launches.drawing(inputs * experiment.maxSteps(), 2 * FloatLanes.LENGTH, LAUNCH);
      }
      default -> LAUNCH;
    };
  }

  @Override
  public long together() {
    return experiment.oracle() instanceof Oracle.Online online && sharesInputs()
        ? online.share()
        : 1;
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    DirectRows rows = new DirectRows(experiment, outcomes);
    long first = outcomes.range().first();
    long end = outcomes.range().end();
    return experiment.oracle() instanceof Oracle.Empirical empirical
        ? trainDataSets(empirical.dataSets(), first, end, rows, stopped)
        : trainStreams(first, end, rows, stopped);
  }

  private boolean trainDataSets(
      int dataSets, long first, long end, DirectRows rows, BooleanSupplier stopped) {
    DirectGroup group = group(Math.ceilDiv(end - first, dataSets));
    for (long head = first; head < Math.min(end, first + dataSets); head++) {
      long count = Math.ceilDiv(end - head, dataSets);
      if (!group.descend(head, dataSets, count, rows, stopped)) {
        return false;
      }
    }
    return true;
  }

  private boolean trainStreams(long first, long end, DirectRows rows, BooleanSupplier stopped) {
    DirectGroup group = group(Math.min(end - first, together()));
    if (!sharesInputs()) {
      return group.descend(first, 1, end - first, rows, stopped);
    }
    for (long head = first; head < end; ) {
      long next = Math.min(end, (head / together() + 1) * together());
      if (!group.descend(head, 1, next - head, rows, stopped)) {
        return false;
      }
      head = next;
    }
    return true;
  }

  private boolean sharesInputs() {
    return !(experiment.oracle() instanceof Oracle.Online online)
        || online.share() >= FEWEST_SHARING;
  }

  /**
   * @param restarts that share inputs at most
   */
  private DirectGroup group(long restarts) {
    if (!sharesInputs()) {
      return experiment.precision() == Precision.SINGLE
          ? new FloatOwnDescent(experiment)
          : new DoubleOwnDescent(experiment);
    }
    return experiment.precision() == Precision.SINGLE
        ? new FloatGroupDescent(experiment, restarts)
        : new DoubleGroupDescent(experiment, restarts);
  }

  @Override
  public double[] gradient(long restart) {
    return group(1).gradient(restart);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    return group(1).trajectory(restart, steps);
  }
}
