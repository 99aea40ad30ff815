package org.basinsim.backend.gpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;

/**
 * Ranges cut into pieces, on demand, for all devices of a training. Pieces that a failed device had
 * begun come back and are cut anew.
 */
final class Pieces {
  private final List<ConvExperiment> experiments;
  private final int length;
  private final int teamRestarts;
  private final boolean stream;
  private final Deque<RestartRange> ranges;

  /**
   * @param experiments by cell
   * @param plan of all cells of the ranges
   * @param devices that take pieces: a few ranges must not leave one idle
   */
  Pieces(
      List<ConvExperiment> experiments, List<RestartRange> ranges, LaunchPlan plan, int devices) {
    this.experiments = experiments;
    this.ranges = new ArrayDeque<>(ranges);
    this.length = length(ranges, plan, devices);
    this.teamRestarts = plan.teamRestarts();
    this.stream = plan.form() == ConvForm.STREAM;
  }

  private static int length(List<RestartRange> ranges, LaunchPlan plan, int devices) {
    long restarts = ranges.stream().mapToLong(RestartRange::count).sum();
    return Math.clamp(Math.ceilDiv(restarts, devices), 1, plan.piece());
  }

  /** The next piece, or null when nothing is left. */
  synchronized Piece take() {
    RestartRange range = ranges.poll();
    if (range == null) {
      return null;
    }
    ConvExperiment experiment = experiments.get(range.cell());
    long end = Math.min(range.end(), range.first() + whole(experiment, range.first()));
    if (end < range.end()) {
      ranges.addFirst(new RestartRange(range.cell(), end, range.end() - end));
    }
    RestartRange piece = new RestartRange(range.cell(), range.first(), end - range.first());
    return new Piece(piece, experiment, tiles(piece, experiment));
  }

  /** Length of a piece from a restart on: to the end of a stream, so that few teams are cut. */
  private long whole(ConvExperiment experiment, long first) {
    long together =
        stream && experiment.oracle() instanceof Oracle.Online online
            ? Math.min(online.share(), teamRestarts)
            : 1;
    long rounded = Math.max(together, length / together * together);
    return rounded - first % together;
  }

  /** Whether nothing is left to take. */
  synchronized boolean empty() {
    return ranges.isEmpty();
  }

  synchronized void giveBack(Collection<Piece> begun) {
    begun.forEach(piece -> ranges.addFirst(piece.range()));
  }

  private List<Tile> tiles(RestartRange piece, ConvExperiment experiment) {
    List<Tile> tiles = new ArrayList<>();
    int cell = piece.cell();
    if (experiment.oracle() instanceof Oracle.Empirical empirical) {
      int sets = empirical.dataSets();
      for (long first = piece.first();
          first < Math.min(piece.end(), piece.first() + sets);
          first++) {
        tiles.add(new Tile(cell, first, sets, (int) Math.ceilDiv(piece.end() - first, sets)));
      }
      return tiles;
    }
    if (!stream) {
      return List.of(new Tile(cell, piece.first(), 1, (int) piece.count()));
    }
    long share = ((Oracle.Online) experiment.oracle()).share();
    for (long first = piece.first(); first < piece.end(); ) {
      long streamEnd = (first / share + 1) * share;
      long end = Math.min(Math.min(piece.end(), streamEnd), first + teamRestarts);
      tiles.add(new Tile(cell, first, 1, (int) (end - first)));
      first = end;
    }
    return tiles;
  }
}
