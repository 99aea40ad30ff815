package org.basinsim.cli;

import java.time.Duration;
import org.basinsim.campaign.StopFlag;
import sun.misc.Signal;

/**
 * Turns INT, TERM, USR1 and HUP into a request to stop, which the work in hand honours within a
 * second or so. Should it hang, or should somebody insist with a second signal, the process ends at
 * once: results files are safe at any moment.
 */
final class Interruption {
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  private final StopFlag flag = new StopFlag();
  private volatile int exitCode = ExitCode.TERMINATED;

  private Interruption() {}

  /** Listens from now on. */
  static Interruption listen() {
    Interruption interruption = new Interruption();
    interruption.handle("INT", ExitCode.INTERRUPTED);
    interruption.handle("TERM", ExitCode.TERMINATED);
    // What batch systems send some time before they end a job, and what a closed terminal sends
    // (nohup's wish to ignore that stands). Unknown on Windows.
    if (!System.getProperty("os.name").startsWith("Windows")) {
      interruption.handle("USR1", ExitCode.TERMINATED);
      interruption.handle("HUP", ExitCode.TERMINATED);
    }
    return interruption;
  }

  private void handle(String name, int code) {
    Signal.handle(new Signal(name), signal -> request(code));
  }

  private void request(int code) {
    if (flag.stopped()) {
      Runtime.getRuntime().halt(code);
    }
    exitCode = code;
    flag.stop();
    Thread.ofPlatform().daemon().name("interruption").start(() -> endAfterPatience(code));
  }

  private static void endAfterPatience(int code) {
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }

  /** Raised when somebody asks to stop. */
  StopFlag flag() {
    return flag;
  }

  /** The exit code that goes with the signal. */
  int exitCode() {
    return exitCode;
  }
}
