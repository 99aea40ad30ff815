package org.basinsim.backend.gpu;

import java.util.List;

/**
 * What kernels read of the cells of a launch. Of each kind there is one run of numbers, in which
 * cells follow one another.
 */
final class CellNumbers implements AutoCloseable {
  private final NativeNumbers ints;
  private final NativeNumbers reals;
  private final NativeNumbers vectors;
  private final NativeNumbers data;

  /** How many numbers of each kind. */
  record Room(long ints, long reals, long vectors, long data) {
    private Room plus(Room more) {
      return new Room(
          ints + more.ints, reals + more.reals, vectors + more.vectors, data + more.data);
    }
  }

  /**
   * @param cells of a launch, in the order in which records name them
   * @param plan of all of them
   * @param budget steps after which every restart ends, and no rule ends it before; 0 leaves that
   *     to the experiments
   */
  CellNumbers(List<GpuSystem.Prepared> cells, LaunchPlan plan, int budget) {
    Room room =
        cells.stream().map(cell -> cell.room(plan)).reduce(new Room(0, 0, 0, 0), Room::plus);
    this.ints = NativeNumbers.ofInts(room.ints());
    this.reals = NativeNumbers.ofReals(plan.precision(), room.reals());
    this.vectors = NativeNumbers.ofReals(plan.precision(), room.vectors());
    this.data = NativeNumbers.ofReals(plan.precision(), room.data());
    cells.forEach(cell -> cell.write(this, plan, budget));
  }

  /** The integers of the cells, as many of each. */
  NativeNumbers ints() {
    return ints;
  }

  /** The numbers of the cells, as many of each. */
  NativeNumbers reals() {
    return reals;
  }

  /** Vectors, at places that the integers name. */
  NativeNumbers vectors() {
    return vectors;
  }

  /** Data sets, at places that the integers name. */
  NativeNumbers data() {
    return data;
  }

  @Override
  public void close() {
    ints.close();
    reals.close();
    vectors.close();
    data.close();
  }
}
