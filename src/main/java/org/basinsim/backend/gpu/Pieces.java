package org.basinsim.backend.gpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

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

  private final List<GpuSystem.Prepared> cells;
  private final LaunchPlan plan;
  private final int devices;
  private final Deque<RestartRange> ranges;
  private final long restarts;
  private int shares;
  private long left;

  /**
   * @param cells of the training
   * @param plan of all cells of the ranges
   * @param devices that may take pieces
   */
  Pieces(List<GpuSystem.Prepared> cells, List<RestartRange> ranges, LaunchPlan plan, int devices) {
    this.cells = cells;
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
        Piece piece = new Piece(taken, cells.get(taken.cell()), plan);
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
    for (Column column : cells.get(cell).experiment().columns()) {
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
    GpuSystem.Prepared cell = cells.get(range.cell());
    long enough = Math.max((long) LANES * plan.lanes(), whole(cell, wanted));
    long length = Math.clamp(Math.min(wanted, enough), 1, most);
    long whole = whole(cell, length);
    return length / whole * whole - range.first() % whole;
  }

  private long whole(GpuSystem.Prepared cell, long length) {
    long whole = cell.whole(plan, length);
    return whole <= length ? whole : 1;
  }
}
