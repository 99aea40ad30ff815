package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.start.ConvStart;

/** The convolutional network, every oracle. */
final class ConvSystem implements GpuSystem {

  @Override
  public List<String> files() {
    return ConvForm.everyFile();
  }

  @Override
  public Optional<Prepared> prepare(
      Experiment experiment, GpuDescription device, WorkSizing sizing) {
    return experiment instanceof ConvExperiment conv
        ? Optional.of(new PreparedConv(conv, new ConvPlans(device, sizing), new ConvStart(conv)))
        : Optional.empty();
  }

  private record PreparedConv(ConvExperiment experiment, ConvPlans plans, ConvStart start)
      implements Prepared {

    @Override
    public LaunchPlan plan(Use use, int samples) {
      return plans.plan(experiment, use, samples);
    }

    @Override
    public CellNumbers.Room room(LaunchPlan plan) {
      return ConvCells.room(experiment, plan);
    }

    @Override
    public void write(CellNumbers to, LaunchPlan plan, int budget) {
      new ConvCells(to, plan, budget).add(experiment);
    }

    @Override
    public int gradientNumbers(LaunchPlan plan) {
      int output = experiment.learned() ? experiment.patches() : 0;
      return ConvForm.of(plan).direct() ? experiment.patchSize() + output : 0;
    }

    @Override
    public int inputs() {
      return Math.max(1, ConvPlans.batch(experiment));
    }

    /** Restarts of a stream, or of full teams on it or on every data set. */
    @Override
    public long whole(LaunchPlan plan, long length) {
      int team = plan.teamRestarts();
      return switch (experiment.oracle()) {
        case Oracle.Online online when onStream(plan) ->
            online.share() <= length ? online.share() : team;
        case Oracle.Empirical empirical -> (long) empirical.dataSets() * team;
        default -> 1;
      };
    }

    private static boolean onStream(LaunchPlan plan) {
      return ConvForm.of(plan) == ConvForm.STREAM;
    }

    @Override
    public List<Tile> tiles(LaunchPlan plan, RestartRange piece) {
      return switch (experiment.oracle()) {
        case Oracle.Online online when onStream(plan) ->
            streams(piece, online.share(), plan.teamRestarts());
        case Oracle.Empirical empirical -> dataSets(piece, empirical.dataSets());
        default -> Prepared.super.tiles(plan, piece);
      };
    }

    private static List<Tile> streams(RestartRange piece, long share, int team) {
      List<Tile> tiles = new ArrayList<>();
      for (long first = piece.first(); first < piece.end(); ) {
        long streamEnd = (first / share + 1) * share;
        long end = Math.min(Math.min(piece.end(), streamEnd), first + team);
        tiles.add(new Tile(piece.cell(), first, 1, (int) (end - first)));
        first = end;
      }
      return tiles;
    }

    private static List<Tile> dataSets(RestartRange piece, int sets) {
      List<Tile> tiles = new ArrayList<>();
      long end = Math.min(piece.end(), piece.first() + sets);
      for (long first = piece.first(); first < end; first++) {
        int count = (int) Math.ceilDiv(piece.end() - first, sets);
        tiles.add(new Tile(piece.cell(), first, sets, count));
      }
      return tiles;
    }

    @Override
    public Rows rows(LaunchPlan plan, Outcomes outcomes) {
      return new ConvRecords(experiment, start, outcomes);
    }
  }
}
