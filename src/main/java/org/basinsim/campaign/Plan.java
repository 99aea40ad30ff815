package org.basinsim.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;

/**
 * What a study will take.
 *
 * @param cells number of cells
 * @param restarts restarts of all cells
 * @param seconds estimated time on the backend asked, within a factor of two
 * @param bytes size of the results on the disk, about
 */
public record Plan(int cells, long restarts, double seconds, long bytes) {
  /** A pilot that took this long tells enough. */
  private static final double ENOUGH_SECONDS = 1.5;

  /** A pilot is broken off after this long, once a restart has ended. */
  private static final double MOST_SECONDS = 4;

  /** Studies of more cells are judged by cells spread evenly among them. */
  private static final int PILOT_CELLS = 64;

  /** Bytes a second that reach a disk beside the simulation; an ordinary one writes faster. */
  private static final double DISK_RATE = 250e6;

  /** Pilots end after this long in all, steady or not. */
  private static final double ALL_PILOTS_SECONDS = 15;

  /** A first pilot has enough restarts of a cell to fill the lanes of a processor. */
  private static final long FIRST_PER_CELL = 16;

  /** A pilot is steady that takes at least this part of the earlier one's time for a restart. */
  private static final double STEADY = 0.8;

  /**
   * Plans a study by training some restarts of every cell and forgetting them: twice as many each
   * time, until that takes a second or more and no longer becomes faster, as it does while the JVM
   * still compiles. What the first pilot took more than a steady one, a run will take too.
   */
  public static Plan of(Study study, Backend backend) {
    List<Experiment> pilotCells = pilotCells(study);
    long bytes = Manifests.of(study).bytes();
    long restarts = Math.multiplyExact(study.perCell(), (long) study.cells().size());
    try (Trainer trainer = backend.prepare(pilotCells)) {
      long perCell = Math.min(study.perCell(), FIRST_PER_CELL);
      Pilot first = new Pilot(trainer, pilotCells.size(), perCell);
      Pilot pilot = first;
      double spent = first.seconds;
      boolean steady = false;
      while (!(steady && pilot.seconds >= ENOUGH_SECONDS)
          && spent < ALL_PILOTS_SECONDS
          && perCell < study.perCell()) {
        perCell = Math.min(study.perCell(), 2 * perCell);
        Pilot larger = new Pilot(trainer, pilotCells.size(), perCell);
        steady = larger.secondsPerRow() >= STEADY * pilot.secondsPerRow();
        spent += larger.seconds;
        pilot = larger;
      }
      double warmUp = Math.max(0, first.seconds - first.rows * pilot.secondsPerRow());
      double seconds = warmUp + pilot.secondsPerRow() * restarts + bytes / DISK_RATE;
      return new Plan(study.cells().size(), restarts, seconds, bytes);
    }
  }

  /** Shuffled, so that a pilot broken off has not seen the cheapest cells alone. */
  private static List<Experiment> pilotCells(Study study) {
    List<Cell> cells = study.cells();
    int count = Math.min(PILOT_CELLS, cells.size());
    List<Experiment> pilot = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pilot.add(cells.get((int) ((long) i * cells.size() / count)).experiment());
    }
    Collections.shuffle(pilot, new Random(1));
    return pilot;
  }

  /** Some restarts of each cell, timed and not recorded. */
  private static final class Pilot implements Sink {
    private final long began = System.nanoTime();
    private final double seconds;
    private volatile long rows;

    Pilot(Trainer trainer, int cells, long perCell) {
      trainer.train(
          IntStream.range(0, cells).mapToObj(c -> new RestartRange(c, 0, perCell)).toList(), this);
      seconds = elapsed();
    }

    double secondsPerRow() {
      return seconds / rows;
    }

    private double elapsed() {
      return (System.nanoTime() - began) * 1e-9;
    }

    @Override
    public void accept(Outcomes outcomes) {
      rows += outcomes.rows();
    }

    @Override
    public boolean stopped() {
      return rows > 0 && elapsed() > MOST_SECONDS;
    }
  }
}
