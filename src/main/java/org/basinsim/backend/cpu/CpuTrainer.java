package org.basinsim.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** Trains launches on a fixed pool of threads. */
final class CpuTrainer implements Trainer {
  private final List<? extends Experiment> experiments;
  private final List<CpuDescent> descents;
  private final WorkSizing sizing;
  private final ExecutorService pool;

  /**
   * @param descents of the experiments, in their order
   */
  CpuTrainer(List<? extends Experiment> experiments, List<CpuDescent> descents, WorkSizing sizing) {
    this.experiments = experiments;
    this.descents = descents;
    this.sizing = sizing;
    this.pool =
        Executors.newFixedThreadPool(
            sizing.threads(), Thread.ofPlatform().daemon().name("basin-cpu-", 0).factory());
  }

  @Override
  public void train(List<RestartRange> ranges, Sink sink) {
    Launches launches = new Launches(ranges, descents, sizing.launch(), sizing.threads());
    AtomicBoolean abandoned = new AtomicBoolean();
    Object delivery = new Object();
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < sizing.threads(); i++) {
      workers.add(pool.submit(() -> work(launches, sink, abandoned, delivery)));
    }
    join(workers, abandoned);
  }

  private void work(Launches launches, Sink sink, AtomicBoolean abandoned, Object delivery) {
    try {
      while (!(abandoned.get() || sink.stopped())) {
        RestartRange range = launches.next();
        if (range == null) {
          return;
        }
        Outcomes outcomes = new Outcomes(range, experiments.get(range.cell()).columns());
        CpuDescent descent = descents.get(range.cell());
        if (descent.train(outcomes, () -> abandoned.get() || sink.stopped())) {
          synchronized (delivery) {
            sink.accept(outcomes);
          }
        }
      }
    } catch (Throwable failure) {
      abandoned.set(true);
      throw failure;
    }
  }

  /** Waits for every worker, whatever happens; then passes the first failure on. */
  private static void join(List<Future<?>> workers, AtomicBoolean abandoned) {
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> worker : workers) {
      for (boolean done = false; !done; ) {
        try {
          worker.get();
          done = true;
        } catch (ExecutionException e) {
          failure = failure == null ? e.getCause() : failure;
          done = true;
        } catch (InterruptedException e) {
          abandoned.set(true);
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
