package org.basinsim.campaign;

import org.basinsim.model.Experiment;
import org.basinsim.results.Manifest;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;

/** Studies as results see them. */
final class Manifests {
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
        experiment.sampledSteps());
  }
}
