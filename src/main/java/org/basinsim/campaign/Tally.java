package org.basinsim.campaign;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.basinsim.model.Experiment;
import org.basinsim.results.CellSummary;
import org.basinsim.results.OutcomeVisitor;
import org.basinsim.statistics.IntervalMethod;
import org.basinsim.study.Study;

/** Counts the outcomes of a study and gives each probability its interval. */
public final class Tally implements OutcomeVisitor {
  private final Study study;
  private final List<CellTally> cells;

  /** Nothing counted yet. */
  public Tally(Study study) {
    this.study = study;
    this.cells =
        study.cells().stream().map(cell -> new CellTally(cell.experiment().clustering())).toList();
  }

  @Override
  public void rows(int cell, long first, byte[] outcomes) {
    cells.get(cell).add(first, outcomes);
  }

  @Override
  public void counts(int cell, long first, long[] counts) {
    cells.get(cell).add(counts);
  }

  /**
   * Sums up, by the interval method and confidence of the study.
   *
   * @param exact success probability of a cell by other means, not a number where there is none
   */
  public List<CellSummary> summaries(ToDoubleFunction<Experiment> exact) {
    IntervalMethod method = IntervalMethod.of(study.interval());
    return IntStream.range(0, cells.size())
        .mapToObj(c ->
            cells
                .get(c)
                .summary(
                    method,
                    study.confidence(),
                    exact.applyAsDouble(study.cells().get(c).experiment())))
        .toList();
  }
}
