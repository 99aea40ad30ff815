package org.basinsim.backend.gpu;

import java.util.List;
import java.util.Optional;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/**
 * What the devices know of one system. A new system implements this and is named once, in {@link
 * GpuBackend}.
 */
interface GpuSystem {

  /** The texts in {@code kernels/} that its kernels are put together from, each once. */
  List<String> files();

  /**
   * An experiment of this system made ready; empty for another system's.
   *
   * @param device that stands for all of the backend
   */
  Optional<Prepared> prepare(Experiment experiment, GpuDescription device, WorkSizing sizing);

  /** What is asked of a kernel. */
  enum Use {
    /** Outcomes. */
    TRAIN,
    /** States at given steps, whatever happens, or the first gradient. */
    TRACE,
    /** Outcomes from given starts. */
    GIVEN_STARTS
  }

  /** An experiment made ready: a cell of a training. */
  interface Prepared {

    Experiment experiment();

    /**
     * How its restarts are mapped to the device. Cells of equal plans go into the same launches, so
     * a plan says everything that a text depends on.
     *
     * @param samples states to note
     * @throws BackendUnavailable where the device cannot serve the experiment
     */
    LaunchPlan plan(Use use, int samples);

    /** Room for what {@link #write} writes. */
    CellNumbers.Room room(LaunchPlan plan);

    /**
     * Writes what kernels read of this cell behind that of the cells before it.
     *
     * @param budget steps after which every restart ends, and no rule ends it before; 0 leaves that
     *     to the experiment
     */
    void write(CellNumbers to, LaunchPlan plan, int budget);

    /** Numbers of the gradient that a probe asks for; 0 where kernels know none. */
    int gradientNumbers(LaunchPlan plan);

    /** Inputs that a step goes through, at least 1: what it costs beside others of its plan. */
    default int inputs() {
      return 1;
    }

    /**
     * Restarts that are better not parted, counted from restart 0 on, as long as that is possible
     * within a length; 1 where all may be.
     */
    default long whole(LaunchPlan plan, long length) {
      return 1;
    }

    /** The restarts of a piece, by what they share. */
    default List<Tile> tiles(LaunchPlan plan, RestartRange piece) {
      return List.of(new Tile(piece.cell(), piece.first(), 1, Math.toIntExact(piece.count())));
    }

    /**
     * Who turns records into rows.
     *
     * @param outcomes rows of zeros in the columns of the experiment
     */
    Rows rows(LaunchPlan plan, Outcomes outcomes);
  }

  /** Turns records into rows; called by several threads at once. */
  interface Rows {

    /**
     * Fills the row of a restart that has ended.
     *
     * @param row that no other restart has
     * @return whether the numbers can be those of a restart
     */
    boolean fill(int row, long restart, Ended ended);
  }

  /**
   * What a record says of a restart.
   *
   * @param steps taken
   * @param phase step that ended phase one, or −1
   * @param reals numbers of many records
   * @param from where those of this one begin: {@link KernelForm#recordReals}, then the samples
   */
  record Ended(Outcome outcome, int steps, int phase, NativeNumbers reals, long from) {

    /** Number i of the record. */
    double real(int i) {
      return reals.real(from + i);
    }
  }
}
