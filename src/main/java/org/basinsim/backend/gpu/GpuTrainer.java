package org.basinsim.backend.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.ConvPlans.Use;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;

/**
 * Trains on one or several devices. Cells that one kernel serves go into the same launches. Each
 * device has a thread of its own and takes pieces as it needs them; what a failed device had begun
 * goes back, for the others to take.
 */
final class GpuTrainer implements Trainer {
  private final List<ConvExperiment> experiments;
  private final List<GpuSession> sessions;
  private final WorkSizing sizing;
  private final Duration patience;

  /**
   * @param patience how long a device may take to answer before it is given up
   */
  GpuTrainer(
      List<ConvExperiment> experiments,
      List<GpuSession> sessions,
      WorkSizing sizing,
      Duration patience) {
    this.experiments = experiments;
    this.sessions = sessions;
    this.sizing = sizing;
    this.patience = patience;
    // What a device cannot do it says before anything is trained.
    experiments.forEach(experiment -> plan(sessions.getFirst(), experiment));
  }

  private LaunchPlan plan(GpuSession session, ConvExperiment experiment) {
    return new ConvPlans(session.device().describe(), sizing)
        .plan(experiment, Use.TRAIN, experiment.sampledSteps().size());
  }

  /** Cells that go into the same launches. */
  private record Group(LaunchPlan plan, List<Integer> sampled) {}

  @Override
  public void train(List<RestartRange> ranges, Sink sink) {
    Map<Group, List<RestartRange>> groups = new LinkedHashMap<>();
    for (RestartRange range : ranges) {
      ConvExperiment experiment = experiments.get(range.cell());
      LaunchPlan plan = plan(sessions.getFirst(), experiment);
      groups
          .computeIfAbsent(new Group(plan, experiment.sampledSteps()), g -> new ArrayList<>())
          .add(range);
    }
    for (Map.Entry<Group, List<RestartRange>> group : groups.entrySet()) {
      if (sink.stopped()) {
        return;
      }
      trainGroup(group.getKey(), group.getValue(), sink);
    }
  }

  private void trainGroup(Group group, List<RestartRange> ranges, Sink sink) {
    Map<Integer, Integer> local = new LinkedHashMap<>();
    List<ConvExperiment> cells = new ArrayList<>();
    for (RestartRange range : ranges) {
      if (local.putIfAbsent(range.cell(), cells.size()) == null) {
        cells.add(experiments.get(range.cell()));
      }
    }
    Records records = new RecordReader(experiments, local, group.plan(), group.sampled());
    Pieces pieces = new Pieces(experiments, ranges, group.plan(), sessions.size());
    Delivery delivery = new Delivery(sink);
    do {
      // A device that finished its share may have to take over that of one that failed later.
      List<Worker> workers = new ArrayList<>();
      for (GpuSession session : sessions) {
        if (!session.lost()) {
          workers.add(new Worker(session, group.plan(), cells, records, pieces, delivery));
        }
      }
      if (workers.isEmpty()) {
        throw new BackendUnavailable(
            String.join("; ", sessions.stream().map(GpuSession::failure).toList()));
      }
      workers.forEach(Worker::start);
      workers.forEach(worker -> worker.await(patience));
      delivery.rethrow();
    } while (!pieces.empty() && !delivery.stopped());
  }

  /** Hands pieces over one at a time, and remembers what went wrong there. */
  private static final class Delivery {
    private final Sink sink;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Delivery(Sink sink) {
      this.sink = sink;
    }

    boolean stopped() {
      return failure.get() != null || sink.stopped();
    }

    synchronized void accept(Piece piece) {
      if (failure.get() == null) {
        sink.accept(piece.outcomes());
      }
    }

    void fail(Throwable thrown) {
      failure.compareAndSet(null, thrown);
    }

    void rethrow() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  /** A device's thread. */
  private static final class Worker {
    private final GpuSession session;
    private final LaunchPlan plan;
    private final List<ConvExperiment> cells;
    private final Records records;
    private final Pieces pieces;
    private final Delivery delivery;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Object fence = new Object();
    private volatile long lastBeat = System.nanoTime();
    private volatile GpuRun run;
    private boolean abandoned;

    Worker(
        GpuSession session,
        LaunchPlan plan,
        List<ConvExperiment> cells,
        Records records,
        Pieces pieces,
        Delivery delivery) {
      this.session = session;
      this.plan = plan;
      this.cells = cells;
      this.records = records;
      this.pieces = pieces;
      this.delivery = delivery;
    }

    void start() {
      Thread.ofPlatform().daemon().name("basin-" + session.name()).start(this::work);
    }

    private void work() {
      try (ConvCells sent = new ConvCells(cells, plan, 0);
          GpuRun opened = open(sent)) {
        run = opened;
        opened.work(pieces, this::stopped, this::beat, this::deliver);
      } catch (GpuFailure e) {
        lose(e.getMessage());
      } catch (Throwable e) {
        delivery.fail(e);
      } finally {
        done.countDown();
      }
    }

    /** Fewer restarts under way where memory is short. */
    private GpuRun open(ConvCells sent) {
      LaunchPlan fitting = plan;
      while (true) {
        try {
          return new GpuRun(session, plan, fitting, sent, records, null);
        } catch (OutOfDeviceMemory e) {
          if (fitting.groups() == 1) {
            throw e;
          }
          fitting = fitting.withGroups(fitting.groups() / 2);
        }
      }
    }

    private boolean stopped() {
      return delivery.stopped();
    }

    private void beat() {
      lastBeat = System.nanoTime();
    }

    /** A device that was given up may still answer one day: nobody is to hear it. */
    private void deliver(Piece piece) {
      synchronized (fence) {
        if (!abandoned) {
          try {
            delivery.accept(piece);
          } catch (RuntimeException | Error e) {
            delivery.fail(e);
          }
        }
      }
      beat();
    }

    private void lose(String message) {
      synchronized (fence) {
        if (!abandoned) {
          abandoned = true;
          session.lose(message);
          if (run != null) {
            pieces.giveBack(run.begun());
          }
        }
      }
    }

    void await(Duration patience) {
      try {
        while (!done.await(50, TimeUnit.MILLISECONDS)) {
          if (System.nanoTime() - lastBeat > patience.toNanos()) {
            lose(session.name() + ": no answer for " + patience.toSeconds() + " s");
            return;
          }
        }
      } catch (InterruptedException e) {
        delivery.fail(new IllegalStateException("interrupted"));
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {}
}
