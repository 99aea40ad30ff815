package org.basinsim.cli;

/** What the process tells its caller. */
final class ExitCode {
  static final int DONE = 0;
  static final int INTERNAL_ERROR = 1;

  /**
   * A device computes something else than the reference: an error of the program, or of the device.
   */
  static final int FAILED_VERIFICATION = 1;

  static final int BAD_USAGE = 2;
  static final int DEVICE_UNAVAILABLE = 3;
  static final int BAD_RESULTS = 4;
  static final int INPUT_OUTPUT = 5;

  /** Ctrl-C: 128 + SIGINT. */
  static final int INTERRUPTED = 130;

  /** 128 + SIGTERM; SIGUSR1, which batch systems send before the end, counts as SIGTERM. */
  static final int TERMINATED = 143;

  private ExitCode() {}
}
