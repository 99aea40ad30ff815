package org.basinsim.backend.gpu;

import java.util.concurrent.atomic.AtomicReference;
import org.basinsim.backend.Sink;
import org.basinsim.model.Outcomes;

/** Hands outcomes over one at a time, from any thread, and remembers what went wrong there. */
final class Delivery {
  private final Sink sink;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  Delivery(Sink sink) {
    this.sink = sink;
  }

  /** Whether to give up: somebody asked for it, or something went wrong. */
  boolean stopped() {
    try {
      return stopped || failure.get() != null || sink.stopped();
    } catch (RuntimeException | Error e) {
      fail(e);
      return true;
    }
  }

  /** Asks to give up. */
  void stop() {
    stopped = true;
  }

  /** Hands over. What the sink throws is kept for {@link #rethrow}; then nothing follows. */
  synchronized void accept(Outcomes outcomes) {
    handOver(() -> sink.accept(outcomes));
  }

  /** Passes on a line for the user. */
  synchronized void notice(String line) {
    handOver(() -> sink.notice(line));
  }

  private void handOver(Runnable call) {
    if (failure.get() == null) {
      try {
        call.run();
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  /** Ends the training with this; the first one counts. */
  void fail(Throwable thrown) {
    failure.compareAndSet(null, thrown);
  }

  /** Throws what went wrong. */
  void rethrow() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
