package org.basinsim.backend.gpu;

import java.util.List;
import java.util.Map;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Recorded;
import org.basinsim.start.ConvStart;

/** Turns records into rows. */
final class RecordReader implements Records {
  private final List<ConvExperiment> experiments;
  private final Map<Integer, Integer> local;
  private final LaunchPlan plan;
  private final List<Integer> sampled;
  private final List<ConvStart> starts;

  /**
   * @param experiments by cell
   * @param local where each cell of this launch stands among them
   * @param sampled steps whose states are noted
   */
  RecordReader(
      List<ConvExperiment> experiments,
      Map<Integer, Integer> local,
      LaunchPlan plan,
      List<Integer> sampled) {
    this.experiments = experiments;
    this.local = local;
    this.plan = plan;
    this.sampled = sampled;
    this.starts = experiments.stream().map(ConvStart::new).toList();
  }

  @Override
  public int local(int cell) {
    return local.get(cell);
  }

  @Override
  public List<Integer> sampledSteps() {
    return sampled;
  }

  @Override
  public boolean read(NativeNumbers ints, NativeNumbers reals, int record, Piece piece, Tile tile) {
    long at = (long) record * LaunchPlan.RECORD_INTS;
    int offset = ints.integer(at + 1);
    int steps = ints.integer(at + 3);
    int phase = ints.integer(at + 4);
    long from = (long) record * plan.recordReals();
    int row = piece.row(tile, offset);
    ConvExperiment experiment = experiments.get(tile.cell());
    Outcome outcome = Outcome.of(ints.integer(at + 2));
    ConvState state = Records.state(reals, from);
    if (steps > experiment.maxSteps() || outcome != Outcome.DIVERGED && !finite(state)) {
      return false;
    }
    if (experiment.records(Recorded.START)) {
      piece
          .rows()
          .start(row, starts.get(tile.cell()).state(tile.first() + (long) tile.stride() * offset));
    }
    if (phase >= 0 && experiment.records(Recorded.PHASES)) {
      piece.rows().phaseOne(row, phase);
    }
    for (int i = 0; i < sampled.size() && sampled.get(i) <= steps; i++) {
      long sample = from + LaunchPlan.RECORD_REALS + (long) i * LaunchPlan.SAMPLE_REALS;
      piece
          .rows()
          .sample(row, i, Records.state(reals, sample), reals.real(sample + ConvState.SIZE));
    }
    double loss = reals.real(from + ConvState.SIZE);
    double angle = reals.real(from + ConvState.SIZE + 1);
    piece.rows().finish(row, outcome, steps, state, loss, angle);
    return true;
  }

  private static boolean finite(ConvState s) {
    return Double.isFinite(s.x() + s.y() + s.mean() + s.contrast() + s.rest());
  }
}
