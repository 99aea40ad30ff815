package org.basinsim.backend.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.KernelUse;

/**
 * An open device and the kernels compiled for it. The device is used by one thread at a time,
 * whoever asks, and never by the caller's, who can so leave one that does not answer. A device that
 * fails, or does not answer, is lost: it takes no further work.
 */
final class GpuSession implements AutoCloseable {
  /** How often a device at work is looked at. */
  static final Duration LOOK = Duration.ofMillis(50);

  /** Kernels are kept for the next launches, but not those of a sweep over hundreds of sizes. */
  private static final int MOST_KERNELS = 64;

  /** An end that takes longer is left to the end of the process. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final WatchedDevice device;
  private final Duration patience;
  private final Object turn = new Object();
  private final SequencedMap<KernelSource, GpuKernel> kernels =
      new LinkedHashMap<>(16, 0.75f, true);
  private final List<KernelUse> uses = new ArrayList<>();
  private final AtomicReference<GpuFailure> failure = new AtomicReference<>();
  private final AtomicBoolean shortage = new AtomicBoolean();
  private boolean closed;

  /**
   * @param device closed with this session
   * @param patience how long a call may take before the device is given up
   */
  GpuSession(GpuDevice device, Duration patience) {
    this.device = new WatchedDevice(device);
    this.patience = patience;
  }

  /** The device, for work that {@link #start} or {@link #ask} carries out. */
  GpuDevice device() {
    return device;
  }

  String name() {
    return device.describe().info().name();
  }

  /** How long a call may take before the device is given up. */
  Duration patience() {
    return patience;
  }

  /** The kernel of a plan, as {@link #kernel(KernelSource, String)} has it. */
  GpuKernel kernel(LaunchPlan plan) {
    return kernel(plan.source(device.describe().dialect()), plan.words());
  }

  /**
   * A kernel, compiled when it is first asked for; of use until the next but a few is.
   *
   * @param words what it is, for reports
   */
  GpuKernel kernel(KernelSource source, String words) {
    synchronized (kernels) {
      GpuKernel kernel = kernels.get(source);
      if (kernel == null) {
        kernel = device.compile(source);
        kernels.put(source, kernel);
        kernel.resources().map(of -> use(words, of)).ifPresent(uses::add);
        if (kernels.size() > MOST_KERNELS) {
          kernels.pollFirstEntry().getValue().close();
        }
      }
      return kernel;
    }
  }

  private static KernelUse use(String words, GpuKernel.Resources of) {
    return new KernelUse(words, of.registers(), of.localBytes(), of.sharedBytes());
  }

  /** What the kernels compiled so far take, where the interface tells. */
  List<KernelUse> uses() {
    synchronized (kernels) {
      return List.copyOf(uses);
    }
  }

  boolean lost() {
    return failure.get() != null;
  }

  /** What lost the device, or null. */
  GpuFailure failure() {
    return failure.get();
  }

  /**
   * Takes no further work.
   *
   * @return whether this is what lost the device: it may have been lost before
   */
  boolean lose(GpuFailure why) {
    return failure.compareAndSet(null, why);
  }

  /** The failure of a device that does not answer. */
  GpuFailure silence(Duration waited) {
    return new GpuFailure(name() + ": no answer for " + waited.toSeconds() + " s");
  }

  /** Whether memory is short for the first time, which is worth a line. */
  boolean firstShortage() {
    return shortage.compareAndSet(false, true);
  }

  /** Lets a thread carry work out, after any that is under way; returns at once. */
  void start(Runnable work) {
    Thread.ofPlatform()
        .daemon()
        .name("basin-" + name())
        .start(() -> {
          synchronized (turn) {
            work.run();
          }
        });
  }

  /**
   * Lets a thread answer and waits for it.
   *
   * @throws BackendUnavailable where the device is lost, or is lost with this question
   */
  <T> T ask(Supplier<T> question) {
    try {
      return answer(
          () -> {
            if (lost()) {
              throw failure();
            }
            return question.get();
          },
          patience);
    } catch (OutOfDeviceMemory e) {
      throw unavailable(e);
    } catch (GpuFailure e) {
      lose(e);
      throw unavailable(failure());
    }
  }

  private <T> T answer(Supplier<T> question, Duration limit) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    start(() -> {
      try {
        answer.complete(question.get());
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    Watch watch = new Watch();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (watch.givesUp(limit)) {
            throw silence(limit);
          }
        } catch (InterruptedException e) {
          // The device would still be at work: it is waited for.
          interrupted = true;
        } catch (ExecutionException e) {
          throw unwrapped(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrapped(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new CompletionException(thrown);
    };
  }

  /** The failure as the outer seam has it: one line. */
  private static BackendUnavailable unavailable(GpuFailure failure) {
    BackendUnavailable unavailable = new BackendUnavailable(failure.getMessage());
    unavailable.addSuppressed(failure);
    return unavailable;
  }

  /**
   * Tells a device that takes long from one that never answers, for one thread that looks every
   * {@link #LOOK}. Looks are counted, not time: a machine may have slept in between.
   */
  final class Watch {
    private long call;
    private long looks;

    /** Looks, and gives the device up where one call has taken that long. */
    boolean givesUp(Duration limit) {
      long now = device.call();
      looks = now != 0 && now == call ? looks + 1 : 0;
      call = now;
      return looks > limit.dividedBy(LOOK) && device.giveUpIn(call) || device.givenUp();
    }
  }

  /** Gives the device back; what is still there is freed with it. */
  @Override
  public void close() {
    // A thread may still be inside a device that was given up.
    if (closed || device.givenUp()) {
      return;
    }
    closed = true;
    try {
      answer(
          () -> {
            device.close();
            return null;
          },
          CLOSING);
    } catch (GpuFailure e) {
      // The work is done, or lost with a line of its own; the process frees the rest.
    }
  }
}
