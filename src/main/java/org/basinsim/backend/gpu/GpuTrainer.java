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
  /** By number; null for over-parameterized networks, which train in batches of their own. */
  private final List<GpuSystem.Prepared> cells;

  /** By number; null for all other systems. */
  private final List<DeepCell> deep;

  private final List<GpuSession> sessions;

  /** By cell. */
  private final List<Group> groups;

  /**
   * @param cells by number; null where there is one in the other list
   * @param deep by number; null where there is one in the first list
   * @param sessions at least one
   * @throws BackendUnavailable where the devices cannot serve a cell
   */
  GpuTrainer(List<GpuSystem.Prepared> cells, List<DeepCell> deep, List<GpuSession> sessions) {
    this.cells = cells;
    this.deep = deep;
    this.sessions = sessions;
    this.groups = new ArrayList<>();
    for (GpuSystem.Prepared cell : cells) {
      groups.add(cell == null ? null : Group.of(cell));
    }
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
    List<RestartRange> batches = new ArrayList<>();
    for (RestartRange range : ranges) {
      Group group = groups.get(range.cell());
      (group == null ? batches : together.computeIfAbsent(group, own -> new ArrayList<>()))
          .add(range);
    }
    Delivery delivery = new Delivery(sink);
    together.forEach((group, own) -> {
      if (!delivery.stopped()) {
        training(group, own, delivery).carryOut();
      }
    });
    if (!batches.isEmpty() && !delivery.stopped()) {
      training(batches, delivery).carryOut();
    }
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
    Pieces pieces = new Pieces(cells, ranges, group.plan(), sessions.size());
    TableWork work =
        new TableWork(
            group.plan(),
            together,
            new RecordReader(cells, local, group.sampled()),
            pieces,
            delivery,
            sessions.size());
    return new Training(pieces::empty, work::part, sessions, delivery);
  }

  private Training training(List<RestartRange> ranges, Delivery delivery) {
    DeepWork work = new DeepWork(deep, ranges, delivery, sessions.size());
    return new Training(work::empty, work::part, sessions, delivery);
  }

  /** Nothing stays on the devices between trainings but the backend's. */
  @Override
  public void close() {}
}
