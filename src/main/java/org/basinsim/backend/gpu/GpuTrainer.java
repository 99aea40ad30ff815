package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.model.RestartRange;

/** Trains on one or several devices. Cells that one kernel serves go into the same launches. */
final class GpuTrainer implements Trainer {
  private final List<GpuSystem.Prepared> cells;
  private final List<GpuSession> sessions;

  /** By cell. */
  private final List<Group> groups;

  /**
   * @param sessions at least one
   * @throws BackendUnavailable where the devices cannot serve a cell
   */
  GpuTrainer(List<GpuSystem.Prepared> cells, List<GpuSession> sessions) {
    this.cells = cells;
    this.sessions = sessions;
    this.groups = cells.stream().map(Group::of).toList();
  }

  /** What cells that go into the same launches have in common. */
  private record Group(LaunchPlan plan, List<Integer> sampled) {

    static Group of(GpuSystem.Prepared cell) {
      List<Integer> sampled = cell.experiment().sampledSteps();
      return new Group(cell.plan(Use.TRAIN, sampled.size()), sampled);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where it is stopped, or fails, longer stretches of ended restarts are handed over of pieces
   * that are not complete.
   *
   * @throws BackendUnavailable where no device is left
   */
  @Override
  public void train(List<RestartRange> ranges, Sink sink) {
    Map<Group, List<RestartRange>> together = new LinkedHashMap<>();
    for (RestartRange range : ranges) {
      together.computeIfAbsent(groups.get(range.cell()), group -> new ArrayList<>()).add(range);
    }
    Delivery delivery = new Delivery(sink);
    together.forEach((group, own) -> {
      if (!delivery.stopped()) {
        training(group, own, delivery).carryOut();
      }
    });
    delivery.rethrow();
  }

  private Training training(Group group, List<RestartRange> ranges, Delivery delivery) {
    Map<Integer, Integer> local = new LinkedHashMap<>();
    List<GpuSystem.Prepared> together = new ArrayList<>();
    for (RestartRange range : ranges) {
      if (local.putIfAbsent(range.cell(), together.size()) == null) {
        together.add(cells.get(range.cell()));
      }
    }
    return new Training(
        group.plan(),
        together,
        new RecordReader(cells, local, group.sampled()),
        new Pieces(cells, ranges, group.plan(), sessions.size()),
        sessions,
        delivery);
  }

  /** Nothing stays on the devices between trainings but the backend's. */
  @Override
  public void close() {}
}
