package org.basinsim.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongUnaryOperator;
import org.basinsim.backend.Limits;
import org.basinsim.model.Precision;

/** The loops of {@link FloatLimits} and its twin, on every thread at once. */
final class CpuLimits implements Limits {
  private final int threads;
  private final ExecutorService pool;

  CpuLimits(int threads) {
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("basin-limit-", 0).factory());
  }

  @Override
  public long multiplyAdds(Precision precision, double seconds) {
    boolean single = precision == Precision.SINGLE;
    return together(seconds, single ? FloatLimits::multiplyAdds : DoubleLimits::multiplyAdds);
  }

  @Override
  public long normals(Precision precision, double seconds) {
    boolean single = precision == Precision.SINGLE;
    return together(seconds, single ? FloatLimits::normals : DoubleLimits::normals);
  }

  /** The sum over all threads of what a loop did until its deadline. */
  private long together(double seconds, LongUnaryOperator loop) {
    long deadline = System.nanoTime() + (long) (seconds * 1e9);
    List<Future<Long>> counts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      counts.add(pool.submit(() -> loop.applyAsLong(deadline)));
    }
    long sum = 0;
    try {
      for (Future<Long> count : counts) {
        sum += count.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while limits were measured", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return sum;
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
