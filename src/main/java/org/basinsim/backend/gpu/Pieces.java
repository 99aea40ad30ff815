package org.basinsim.backend.gpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;

/**
 * Ranges cut into pieces, on demand, for all devices of a training. What a device gives up comes
 * back and is cut anew.
 */
final class Pieces {
  /** Pieces of this many times the restarts under way: slow studies are handed over as they go. */
  private static final int LANES = 4;

  /** Shorter stretches of ended restarts are not worth the gaps that they leave to train. */
  private static final int FEWEST_KEPT = 16;

  /** Part of the Java heap for the outcomes of pieces that are not complete. */
  private static final int HEAP_PART = 4;

  private final List<ConvExperiment> experiments;
  private final LaunchPlan plan;
  private final int devices;
  private final Deque<RestartRange> ranges;
  private final long restarts;
  private int shares;
  private long left;

  /**
   * @param experiments by cell
   * @param plan of all cells of the ranges
   * @param devices that may take pieces
   */
  Pieces(
      List<ConvExperiment> experiments, List<RestartRange> ranges, LaunchPlan plan, int devices) {
    this.experiments = experiments;
    this.plan = plan;
    this.devices = devices;
    this.ranges = new ArrayDeque<>(ranges);
    this.restarts = ranges.stream().mapToLong(RestartRange::count).sum();
    this.left = restarts;
  }

  /** Whether nothing is left to take. */
  synchronized boolean empty() {
    return ranges.isEmpty();
  }

  /**
   * A device's part in the work.
   *
   * @param deliver takes what has ended
   */
  synchronized Share share(Consumer<Outcomes> deliver) {
    shares++;
    return new Share(deliver);
  }

  /**
   * What one device has taken and not handed over yet. For one thread; another may {@link #release}
   * and {@link #close} it while that one is inside a call that it will not come back from.
   */
  final class Share implements AutoCloseable {
    private final Consumer<Outcomes> deliver;
    private final Set<Piece> open = new LinkedHashSet<>();
    private final long mostBytes = Runtime.getRuntime().maxMemory() / HEAP_PART / devices;
    private long openBytes;
    private boolean closed;

    private Share(Consumer<Outcomes> deliver) {
      this.deliver = deliver;
    }

    /** Restarts of all pieces, taken or not. */
    long restarts() {
      return restarts;
    }

    /**
     * Takes a piece. There is none where nothing is left, where others would be left without, or
     * where too many pieces are still open; never for the last two reasons alone where this device
     * has nothing to do.
     *
     * @param most restarts, at least 1
     * @param unfinished restarts of earlier pieces that have not ended
     * @return a piece, or null
     */
    Piece take(int most, long unfinished) {
      synchronized (Pieces.this) {
        boolean enough = unfinished * (shares - 1) >= left || openBytes >= mostBytes;
        if (ranges.isEmpty() || unfinished > 0 && enough) {
          return null;
        }
        RestartRange range = ranges.remove();
        long rows = Math.clamp(mostBytes / HEAP_PART / rowBytes(range.cell()), 1, most);
        RestartRange taken = cut(range, (int) rows);
        Piece piece = piece(taken);
        left -= taken.count();
        open.add(piece);
        openBytes += taken.count() * rowBytes(range.cell());
        return piece;
      }
    }

    /** Hands over a piece whose restarts have all ended. */
    void finish(Piece piece) {
      open.remove(piece);
      openBytes -= piece.range().count() * rowBytes(piece.range().cell());
      deliver.accept(piece.outcomes());
    }

    /** Hands over what has ended of the open pieces, and gives back the rest. */
    synchronized void release() {
      for (Piece piece : open) {
        List<RestartRange> ended = piece.stretches(FEWEST_KEPT);
        ended.forEach(stretch -> deliver.accept(piece.part(stretch)));
        giveBack(piece.without(ended));
      }
      forget();
    }

    private void forget() {
      open.clear();
      openBytes = 0;
    }

    /** Gives back the open pieces, as if nothing of them had ended, and takes no more. */
    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        open.forEach(piece -> giveBack(List.of(piece.range())));
        forget();
        leave();
      }
    }
  }

  private synchronized void giveBack(List<RestartRange> back) {
    for (RestartRange range : back.reversed()) {
      ranges.addFirst(range);
      left += range.count();
    }
  }

  private synchronized void leave() {
    shares--;
  }

  /** Bytes of the outcome of a restart. */
  private long rowBytes(int cell) {
    long bytes = 1;
    for (Column column : experiments.get(cell).columns()) {
      bytes +=
          column.size()
              * switch (column.type()) {
                case UINT8 -> Byte.BYTES;
                case INT32 -> Integer.BYTES;
                case FLOAT64 -> Double.BYTES;
              };
    }
    return bytes;
  }

  /** Cuts a piece off a range, and puts the rest back. */
  private RestartRange cut(RestartRange range, int most) {
    long count = Math.min(range.count(), length(range, most));
    if (count < range.count()) {
      ranges.addFirst(new RestartRange(range.cell(), range.first() + count, range.count() - count));
    }
    return new RestartRange(range.cell(), range.first(), count);
  }

  /** Length of a piece where a range begins, if the range is long enough. */
  private long length(RestartRange range, int most) {
    // A few ranges must not leave devices idle.
    long wanted = Math.min(plan.piece(), Math.ceilDiv(restarts, devices));
    long enough = Math.max((long) LANES * plan.lanes(), whole(range.cell(), wanted));
    long length = Math.clamp(Math.min(wanted, enough), 1, most);
    long whole = whole(range.cell(), length);
    return length / whole * whole - range.first() % whole;
  }

  /**
   * Restarts that are better not parted, as long as that is possible within a length: those of a
   * stream, or of full teams on it or on every data set.
   */
  private long whole(int cell, long length) {
    int team = plan.teamRestarts();
    long whole =
        switch (experiments.get(cell).oracle()) {
          case Oracle.Online online when stream() ->
              online.share() <= length ? online.share() : team;
          case Oracle.Empirical empirical -> (long) empirical.dataSets() * team;
          default -> 1;
        };
    return whole <= length ? whole : 1;
  }

  private boolean stream() {
    return plan.form() == ConvForm.STREAM;
  }

  private Piece piece(RestartRange range) {
    ConvExperiment experiment = experiments.get(range.cell());
    return new Piece(range, experiment, tiles(range, experiment));
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
    if (!stream()) {
      return List.of(new Tile(cell, piece.first(), 1, (int) piece.count()));
    }
    long share = ((Oracle.Online) experiment.oracle()).share();
    for (long first = piece.first(); first < piece.end(); ) {
      long streamEnd = (first / share + 1) * share;
      long end = Math.min(Math.min(piece.end(), streamEnd), first + plan.teamRestarts());
      tiles.add(new Tile(cell, first, 1, (int) (end - first)));
      first = end;
    }
    return tiles;
  }
}
