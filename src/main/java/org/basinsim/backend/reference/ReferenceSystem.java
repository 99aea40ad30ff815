package org.basinsim.backend.reference;

import java.util.Optional;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;

/** What the reference knows of one system. A new system implements this and is named once. */
public interface ReferenceSystem {

  /** An experiment of this system made ready; empty for another system's. */
  Optional<Prepared> prepare(Experiment experiment);

  /** An experiment made ready. */
  interface Prepared {

    /** Trains one restart to its end and fills its row. */
    void train(long restart, int row, Outcomes outcomes);

    /** See {@link org.basinsim.backend.Probe#gradient}. */
    double[] gradient(long restart);

    /** See {@link org.basinsim.backend.Probe#trajectory}. */
    double[][] trajectory(long restart, int steps);

    /** See {@link org.basinsim.backend.Probe#verdicts}. */
    Outcome[] verdicts(double[][] starts);
  }
}
