package org.basinsim.backend.reference;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;

/** What the reference knows of one system. A new system implements this and is named once. */
public interface ReferenceSystem {

  /** An experiment of this system made ready; empty for another system's. */
  Optional<Prepared> prepare(Experiment experiment);

  /** An experiment made ready. */
  interface Prepared {

    /**
     * Trains the restarts of a range to their ends and fills their rows.
     *
     * @param outcomes rows of zeros in the columns of the experiment
     * @param stopped asked before each step: one restart may take minutes
     * @return false where it gave up because it was told to; the rows are then of no use
     */
    boolean train(Outcomes outcomes, BooleanSupplier stopped);

    /** See {@link org.basinsim.backend.Probe#gradient}. */
    double[] gradient(long restart);

    /** See {@link org.basinsim.backend.Probe#trajectory}. */
    double[][] trajectory(long restart, int steps);

    /** See {@link org.basinsim.backend.Probe#verdicts}. */
    Outcome[] verdicts(double[][] starts);
  }
}
