package org.basinsim.cli;

/** A request that cannot be served: one line for people and the exit code that goes with it. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  Refusal(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
