package org.basinsim.backend.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.basinsim.backend.BackendUnavailable;

/**
 * Cells of one plan, trained on every device that is left. Each device has a thread of its own and
 * takes pieces as it needs them; what a device that fails, or no longer answers, had not ended goes
 * back for the others to take.
 */
final class Training {
  /** Once somebody asks to stop, no device is waited for any longer. */
  private static final Duration STOPPING = Duration.ofSeconds(5);

  /** Most bytes of records that are on their way, here as on the devices. */
  private static final long MOST_RECORD_BYTES = 1L << 30;

  /** Part of what the JVM may use for records, beside the heap. */
  private static final int HOST_PART = 8;

  private final LaunchPlan plan;
  private final List<GpuSystem.Prepared> cells;
  private final Records records;
  private final Pieces pieces;
  private final List<GpuSession> sessions;
  private final Delivery delivery;
  private final long recordBytes;
  private final BlockingQueue<Worker> ended = new LinkedBlockingQueue<>();

  /**
   * @param cells in the order in which records name them
   * @param pieces of all of them
   * @param sessions devices, lost ones among them
   */
  Training(
      LaunchPlan plan,
      List<GpuSystem.Prepared> cells,
      Records records,
      Pieces pieces,
      List<GpuSession> sessions,
      Delivery delivery) {
    this.plan = plan;
    this.cells = cells;
    this.records = records;
    this.pieces = pieces;
    this.sessions = sessions;
    this.delivery = delivery;
    long most = Math.min(MOST_RECORD_BYTES, Runtime.getRuntime().maxMemory() / HOST_PART);
    this.recordBytes = most / sessions.size();
  }

  /**
   * Returns when every piece is handed over, or when told to stop.
   *
   * @throws BackendUnavailable where no device is left
   */
  void carryOut() {
    // A device that found nothing left may have to take over from one that failed later.
    while (!pieces.empty() && !delivery.stopped()) {
      List<Worker> workers = new ArrayList<>();
      for (GpuSession session : sessions) {
        if (!session.lost()) {
          workers.add(new Worker(session));
        }
      }
      if (workers.isEmpty()) {
        throw unavailable();
      }
      workers.forEach(Worker::start);
      await(workers);
    }
  }

  /** Returns when each has ended or was given up. */
  private void await(List<Worker> workers) {
    boolean interrupted = false;
    while (!workers.isEmpty()) {
      try {
        Worker one = ended.poll(GpuSession.LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (one == null) {
          workers.removeIf(Worker::givesUp);
        } else {
          workers.remove(one);
        }
      } catch (InterruptedException e) {
        // They would still be at work: they are waited for.
        interrupted = true;
        delivery.stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private BackendUnavailable unavailable() {
    List<GpuFailure> failures = sessions.stream().map(GpuSession::failure).toList();
    BackendUnavailable unavailable =
        new BackendUnavailable(
            failures.stream().map(GpuFailure::getMessage).collect(Collectors.joining("; ")));
    failures.forEach(unavailable::addSuppressed);
    return unavailable;
  }

  private void lose(GpuSession session, GpuFailure why) {
    if (session.lose(why) && !delivery.stopped() && !sessions.stream().allMatch(GpuSession::lost)) {
      delivery.notice(why.getMessage() + "; the other devices take over");
    }
  }

  /** A device's part. */
  private final class Worker {
    private final GpuSession session;
    private final GpuSession.Watch watch;
    private final Pieces.Share share;

    Worker(GpuSession session) {
      this.session = session;
      this.watch = session.new Watch();
      this.share = pieces.share(delivery::accept);
    }

    void start() {
      session.start(this::work);
    }

    private void work() {
      try (share;
          CellNumbers sent = new CellNumbers(cells, plan, 0)) {
        LaunchPlan fitting = plan.within(recordBytes);
        while (!carriedOut(fitting, sent)) {
          fitting = fitting.halved();
        }
      } catch (GpuFailure e) {
        lose(session, e);
      } catch (Throwable e) {
        delivery.fail(e);
      } finally {
        ended.add(this);
      }
    }

    /** Works while there is work; false where the device has too little memory for the plan. */
    private boolean carriedOut(LaunchPlan fitting, CellNumbers sent) {
      try (GpuRun run =
          new GpuRun(session, fitting, sent, records, null, share.restarts(), recordBytes)) {
        run.work(share, delivery::stopped);
        share.release();
        return true;
      } catch (GarbledAnswer e) {
        throw e;
      } catch (OutOfDeviceMemory e) {
        share.release();
        if (fitting.groups() == 1) {
          throw e;
        }
        if (session.firstShortage()) {
          delivery.notice(e.getMessage() + "; going on with fewer restarts at once");
        }
        return false;
      } catch (GpuFailure e) {
        // What it answered before is as good as ever.
        share.release();
        throw e;
      }
    }

    /** Gives the device up if it does not answer; what it had ended before is kept. */
    boolean givesUp() {
      Duration patience = session.patience();
      if (delivery.stopped() && patience.compareTo(STOPPING) > 0) {
        patience = STOPPING;
      }
      if (!watch.givesUp(patience)) {
        return false;
      }
      lose(session, session.silence(patience));
      share.release();
      share.close();
      return true;
    }
  }
}
