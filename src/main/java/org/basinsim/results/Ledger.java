package org.basinsim.results;

import java.util.List;
import org.basinsim.model.Outcomes;

/** What has been recorded of a study so far: rows, or counts alone. */
interface Ledger {

  /** Recorded restarts, cell by cell, those not yet on the disk included. */
  List<Coverage> recorded();

  /** Records outcomes; waits where writing is far behind. */
  void accept(Outcomes outcomes);

  /**
   * Writes what is in memory, in the calling thread.
   *
   * @param seconds only what has waited this long; 0 for everything
   */
  void flush(double seconds);

  /** What the results file shall hold; nothing may be left unwritten. */
  Tables tables();

  /** Shows the recorded outcomes; nothing may be left unwritten. */
  void scan(OutcomeVisitor visitor);
}
