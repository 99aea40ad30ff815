package org.basinsim.campaign;

/** Is told how far a campaign is; called by the threads that work, so it must be quick. */
public interface Progress {
  /** Tells nobody. */
  Progress SILENT = (done, total, perSecond) -> {};

  /**
   * Reports.
   *
   * @param done restarts recorded, earlier ones included
   * @param total restarts planned
   * @param perSecond restarts a second since the campaign began; 0 in a first report, before any
   */
  void report(long done, long total, double perSecond);

  /** Passes on a line for the user, such as a damaged shard. */
  default void notice(String line) {}
}
