package org.basinsim.backend.gpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** Ranges of over-parameterized networks, cut into batches on demand, for all devices. */
final class DeepWork {
  private final List<DeepCell> cells;
  private final Deque<RestartRange> ranges;
  private final Delivery delivery;
  private final int devices;

  /**
   * @param cells by number; null for those of other systems
   * @param devices that may take batches
   */
  DeepWork(List<DeepCell> cells, List<RestartRange> ranges, Delivery delivery, int devices) {
    this.cells = cells;
    this.ranges = new ArrayDeque<>(ranges);
    this.delivery = delivery;
    this.devices = devices;
  }

  /** Whether nothing is left to take. */
  synchronized boolean empty() {
    return ranges.isEmpty();
  }

  /** A batch of one cell, or null where nothing is left. */
  private synchronized RestartRange take(int most) {
    RestartRange range = ranges.poll();
    if (range == null) {
      return null;
    }
    int fitting = Math.min(most, cells.get(range.cell()).plan().restarts());
    // A few restarts must not leave devices idle.
    long wanted = Math.min(fitting, Math.ceilDiv(range.count(), devices));
    if (wanted < range.count()) {
      ranges.addFirst(
          new RestartRange(range.cell(), range.first() + wanted, range.count() - wanted));
    }
    return new RestartRange(range.cell(), range.first(), wanted);
  }

  private synchronized void giveBack(RestartRange range) {
    ranges.addFirst(range);
  }

  /** A device's part: batch after batch. */
  Training.Part part(GpuSession session) {
    return new Batches(session);
  }

  private final class Batches implements Training.Part {
    private final GpuSession session;

    /** Under way; null once it is handed over or given back. */
    private RestartRange taken;

    private boolean closed;

    /** Halved where the device has too little memory. */
    private int most = Integer.MAX_VALUE;

    Batches(GpuSession session) {
      this.session = session;
    }

    @Override
    public void work() {
      RestartRange batch = begin();
      while (batch != null && !delivery.stopped()) {
        carryOut(batch);
        batch = begin();
      }
    }

    private void carryOut(RestartRange batch) {
      DeepCell cell = cells.get(batch.cell());
      try (DeepRun run = new DeepRun(session, cell.plan().with((int) batch.count()), false)) {
        finish(new DeepBatch(cell, batch, run).train(delivery::stopped));
      } catch (OutOfDeviceMemory e) {
        if (batch.count() == 1) {
          throw e;
        }
        most = (int) batch.count() / 2;
        release();
        if (session.firstShortage()) {
          delivery.notice(e.getMessage() + "; going on with fewer restarts at once");
        }
      }
    }

    private synchronized RestartRange begin() {
      release();
      taken = closed ? null : take(most);
      return taken;
    }

    private synchronized void finish(Outcomes outcomes) {
      if (taken != null && outcomes != null) {
        taken = null;
        delivery.accept(outcomes);
      }
    }

    @Override
    public synchronized void release() {
      if (taken != null) {
        giveBack(taken);
        taken = null;
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      release();
    }
  }
}
