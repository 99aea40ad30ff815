package org.basinsim.backend;

/**
 * A device that cannot serve, with the reason and the remedy in one line that is fit to print. The
 * command line ends with exit code 3.
 */
public final class BackendUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BackendUnavailable(String message) {
    super(message);
  }
}
