package org.basinsim.results;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One thread that writes, so that simulation goes on meanwhile. The first failure ends all writing
 * and is thrown to whoever hands over the next piece of work.
 */
final class BackgroundWriter implements AutoCloseable {
  /** Pieces of work that may wait; more would only fill memory. */
  private static final int WAITING = 3;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("results-writer").factory());
  private final Semaphore room = new Semaphore(WAITING);
  private volatile RuntimeException failure;

  /** Does this once a second. */
  void everySecond(Runnable work) {
    thread.scheduleWithFixedDelay(() -> attempt(work), 1, 1, TimeUnit.SECONDS);
  }

  /** Hands over work; waits while too much is waiting. */
  void submit(Runnable work) {
    room.acquireUninterruptibly();
    if (failure != null) {
      room.release();
      throw failure;
    }
    thread.execute(() -> {
      attempt(work);
      room.release();
    });
  }

  /** Does this after all work handed over, and waits for it. */
  void finish(Runnable work) {
    try {
      CompletableFuture.runAsync(() -> attempt(work), thread).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(e.getCause());
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void attempt(Runnable work) {
    if (failure == null) {
      try {
        work.run();
      } catch (RuntimeException e) {
        failure = e;
      } catch (Error e) {
        failure = new IllegalStateException("writing results broke off: " + e, e);
      }
    }
  }

  /** Whether writing has failed. */
  boolean failed() {
    return failure != null;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
