package org.basinsim.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
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
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal && !console.quiet() && !console.json() ? new Bar(console) : new Lines(console);
  }

  @Override
  public void notice(String line) {
    console.warn(line);
  }

  @Override
  public abstract void close();

  private static final class Bar extends ProgressDisplay {
    private ProgressBar bar;

    Bar(Console console) {
      super(console);
    }

    @Override
    public synchronized void report(long done, long total, double perSecond) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("restarts")
                .setInitialMax(total)
                .startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .showSpeed()
                .hideEta()
                .setEtaFunction(state ->
                    java.util.Optional.of(
                        Duration.ofMillis(
                            (long) (1e3 * (state.getMax() - state.getCurrent()) / rate))))
                .build();
      }
      rate = perSecond;
      bar.stepTo(done);
    }

    private volatile double rate = 1;

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
          "%d of %d restarts (%.1f %%), %.3g a second, %s to go"
              .formatted(
                  done,
                  total,
                  100.0 * done / total,
                  perSecond,
                  Amounts.time((total - done) / perSecond)));
    }

    @Override
    public void close() {}
  }
}
