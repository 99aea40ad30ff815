package org.basinsim.campaign;

/** Asks a campaign to end soon and keep its work; set from any thread, signal handlers included. */
public final class StopFlag {
  private volatile boolean stopped;

  /** Asks. */
  public void stop() {
    stopped = true;
  }

  /** Whether somebody asked. */
  public boolean stopped() {
    return stopped;
  }
}
