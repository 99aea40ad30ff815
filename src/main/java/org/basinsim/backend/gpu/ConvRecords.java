package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.backend.gpu.GpuSystem.Ended;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Recorded;
import org.basinsim.start.ConvStart;

/** Turns records of {@code conv_outcome.h} into rows. */
final class ConvRecords implements GpuSystem.Rows {
  /** Positions in a record, after the state. */
  private static final int LOSS = ConvState.SIZE;

  private static final int ANGLE = LOSS + 1;

  /** Numbers of a record before its samples. */
  static final int REALS = ANGLE + 1;

  private final ConvExperiment experiment;
  private final ConvStart start;
  private final List<Integer> sampled;
  private final ConvRows rows;

  /** p where patches overlap and the filter is noted, else 0. */
  private final int noted;

  private final Overlap overlap;

  ConvRecords(ConvExperiment experiment, ConvStart start, Outcomes outcomes) {
    this.experiment = experiment;
    this.start = start;
    this.sampled = experiment.sampledSteps();
    this.rows = new ConvRows(experiment, outcomes);
    this.noted = experiment.overlaps() ? experiment.patchSize() : 0;
    this.overlap = Overlap.of(experiment);
  }

  @Override
  public boolean fill(int row, long restart, Ended ended) {
    ConvState state = state(ended, 0);
    if (ended.outcome() != Outcome.DIVERGED && !finite(state)) {
      return false;
    }
    if (experiment.records(Recorded.START)) {
      rows.start(row, start.state(restart));
    }
    if (ended.phase() >= 0 && experiment.records(Recorded.PHASES)) {
      rows.phaseOne(row, ended.phase());
    }
    for (int i = 0; i < sampled.size() && sampled.get(i) <= ended.steps(); i++) {
      int sample = REALS + noted + i * (ConvState.SIZE + 1 + noted);
      int filter = sample + ConvState.SIZE + 1;
      rows.sample(row, i, state(ended, sample), loss(ended, sample + ConvState.SIZE, filter));
    }
    if (noted > 0) {
      double[] filter = filter(ended, REALS);
      ConvState last = experiment.teacher().project(filter);
      double loss = loss(ended, LOSS, REALS);
      rows.finish(row, ended.outcome(), ended.steps(), last, loss, filter);
      return true;
    }
    rows.finish(row, ended.outcome(), ended.steps(), state, ended.real(LOSS), ended.real(ANGLE));
    return true;
  }

  /** A training loss is noted; a population loss too, unless it is to be made of the filter. */
  private double loss(Ended ended, int at, int filter) {
    return noted > 0 && experiment.oracle() instanceof Oracle.Online
        ? overlap.loss(filter(ended, filter))
        : ended.real(at);
  }

  private double[] filter(Ended ended, int at) {
    double[] filter = new double[noted];
    for (int c = 0; c < noted; c++) {
      filter[c] = ended.real(at + c);
    }
    return filter;
  }

  private static ConvState state(Ended ended, int at) {
    return new ConvState(
        ended.real(at),
        ended.real(at + 1),
        ended.real(at + 2),
        ended.real(at + 3),
        ended.real(at + 4));
  }

  private static boolean finite(ConvState s) {
    return Double.isFinite(s.x() + s.y() + s.mean() + s.contrast() + s.rest());
  }
}
