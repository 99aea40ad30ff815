package org.basinsim.campaign;

import java.util.Arrays;
import java.util.List;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.conv.TrajectorySteps;
import org.basinsim.results.Manifest;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;

/** Studies as results see them. */
final class Manifests {
  /** Columns of this beginning hold one number for each sampled step. */
  private static final String TRAJECTORY = "trajectory_";

  private Manifests() {}

  static Manifest of(Study study) {
    return new Manifest(
        study.text(),
        study.seed(),
        study.sweptKeys(),
        study.cells().stream().map(cell -> cell(study, cell)).toList(),
        study.countsOnly());
  }

  private static Manifest.Cell cell(Study study, Cell cell) {
    Experiment experiment = cell.experiment();
    return new Manifest.Cell(
        cell.values(),
        experiment.identity(),
        experiment.columns(),
        study.perCell(),
        sampledSteps(experiment));
  }

  private static List<Integer> sampledSteps(Experiment experiment) {
    boolean sampled =
        experiment.columns().stream().map(Column::name).anyMatch(n -> n.startsWith(TRAJECTORY));
    return sampled
        ? Arrays.stream(TrajectorySteps.upTo(experiment.maxSteps())).boxed().toList()
        : List.of();
  }
}
