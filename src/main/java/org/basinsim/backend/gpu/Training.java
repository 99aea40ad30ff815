package org.basinsim.backend.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinsim.backend.BackendUnavailable;

/**
 * Work that every device that is left takes part in. Each device has a thread of its own and takes
 * work as it needs it; what a device that fails, or no longer answers, had not ended goes back for
 * the others to take.
 */
final class Training {
  /** Once somebody asks to stop, no device is waited for any longer. */
  private static final Duration STOPPING = Duration.ofSeconds(5);

  private final BooleanSupplier empty;
  private final Function<GpuSession, Part> parts;
  private final List<GpuSession> sessions;
  private final Delivery delivery;
  private final BlockingQueue<Worker> ended = new LinkedBlockingQueue<>();

  /**
   * What one device does of the work. Another thread may {@link #release} and {@link #close} it
   * while the device's is inside a call that it will not come back from.
   */
  interface Part extends AutoCloseable {

    /** Takes work and carries it out until nothing is left to take; in the session's thread. */
    void work();

    /** Gives back what was taken and has not ended. */
    void release();

    /** The same, and takes no more. */
    @Override
    void close();
  }

  /**
   * @param empty whether nothing is left to take
   * @param parts makes a device's part
   * @param sessions devices, lost ones among them
   */
  Training(
      BooleanSupplier empty,
      Function<GpuSession, Part> parts,
      List<GpuSession> sessions,
      Delivery delivery) {
    this.empty = empty;
    this.parts = parts;
    this.sessions = sessions;
    this.delivery = delivery;
  }

  /**
   * Returns when all work is handed over, or when told to stop.
   *
   * @throws BackendUnavailable where no device is left
   */
  void carryOut() {
    // A device that found nothing left may have to take over from one that failed later.
    while (!empty.getAsBoolean() && !delivery.stopped()) {
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
    private final Part part;

    Worker(GpuSession session) {
      this.session = session;
      this.watch = session.new Watch();
      this.part = parts.apply(session);
    }

    void start() {
      session.start(this::work);
    }

    private void work() {
      try (part) {
        part.work();
      } catch (GpuFailure e) {
        lose(session, e);
      } catch (Throwable e) {
        delivery.fail(e);
      } finally {
        ended.add(this);
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
      part.release();
      part.close();
      return true;
    }
  }
}
