package org.basinsim.cli;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.basinsim.campaign.Progress;

/**
 * How far a campaign is: a bar with rate and remaining time on a terminal, plain lines elsewhere.
 */
abstract sealed class ProgressDisplay implements Progress, AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final Console console;

  private ProgressDisplay(Console console) {
    this.console = console;
  }

  /** The display that suits where messages go. */
  static ProgressDisplay on(Console console) {
    return console.watched() ? new Bar(console) : new Lines(console);
  }

  @Override
  public void notice(String line) {
    console.warn(line);
  }

  @Override
  public abstract void close();

  private static final class Bar extends ProgressDisplay {
    private ProgressBar bar;
    private volatile double rate;

    Bar(Console console) {
      super(console);
    }

    @Override
    public synchronized void report(long done, long total, double perSecond) {
      rate = perSecond;
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("restarts")
                .setInitialMax(total)
                .startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .showSpeed()
                .setEtaFunction(this::remaining)
                .build();
      }
      bar.stepTo(done);
    }

    private Optional<Duration> remaining(ProgressState state) {
      double seconds = (state.getMax() - state.getCurrent()) / rate;
      return Double.isFinite(seconds)
          ? Optional.of(Duration.ofMillis((long) (1e3 * seconds)))
          : Optional.empty();
    }

    @Override
    public synchronized void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  private static final class Lines extends ProgressDisplay {
    private final Console console;
    private long lastLine = System.nanoTime();

    Lines(Console console) {
      super(console);
      this.console = console;
    }

    @Override
    public synchronized void report(long done, long total, double perSecond) {
      long now = System.nanoTime();
      if (now - lastLine < BETWEEN_LINES.toNanos() || done == total) {
        return;
      }
      lastLine = now;
      console.info(
          "%d of %d restarts (%.1f %%), %s a second, %s to go"
              .formatted(
                  done,
                  total,
                  100.0 * done / total,
                  Amounts.rate(perSecond),
                  Amounts.time((total - done) / perSecond)));
    }

    @Override
    public void close() {}
  }
}
