package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.Outcomes;

/**
 * One experiment made ready on this backend: the seam between the threads of {@link CpuTrainer} and
 * the forms of descent. Get one from {@link CpuBackend#descent}. Immutable: whatever a launch works
 * on lives in the call that trains it, so that threads share a descent.
 *
 * <p>The row of a restart depends on the experiment and the restart's index alone, never on the
 * launch that it falls into, on its lane there or on its neighbours.
 */
interface CpuDescent {

  /** Restarts that make a launch worth its while: enough to fill the lanes many times over. */
  int launch();

  /** Launches best begin at multiples of this, because so many restarts share what they need. */
  default long together() {
    return 1;
  }

  /**
   * Trains the restarts of a range to their ends and fills their rows.
   *
   * @param stopped asked at least twice a second
   * @return whether every row is filled; false once stopped
   */
  boolean train(Outcomes outcomes, BooleanSupplier stopped);

  /** See {@link org.basinsim.backend.Probe#gradient}; empty in reduced coordinates. */
  default double[] gradient(long restart) {
    return new double[0];
  }

  /** See {@link org.basinsim.backend.Probe#trajectory}. */
  double[][] trajectory(long restart, int steps);
}
