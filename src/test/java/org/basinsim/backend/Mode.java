package org.basinsim.backend;

import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;

/**
 * Every oracle with either output, at batches, shares and data sets that no vector width divides.
 */
enum Mode {
  POPULATION_LEARNED,
  POPULATION_AVERAGE,
  PROJECTED_LEARNED,
  PROJECTED_AVERAGE,
  DIRECT_LEARNED,
  DIRECT_LEARNED_SHARE_3,
  DIRECT_LEARNED_SHARE_17,
  DIRECT_AVERAGE,
  DIRECT_AVERAGE_SHARE_3,
  EMPIRICAL_LEARNED,
  EMPIRICAL_AVERAGE;

  private static final int BATCH = 7;
  private static final int SAMPLES = 19;
  private static final int DATA_SETS = 3;

  /** A cell of this mode, with outcomes of every kind within 60 steps. */
  ConvCell cell(int k, int p) {
    // Below the threshold (k + π − 1)∕π of spurious minima for k > 1.
    ConvCell cell =
        learned() ? ConvCell.learned(k, p, k == 1 ? 1 : 0.2 * k) : ConvCell.average(k, p);
    cell.near(0.4, 0.4).maxSteps(60).stepSize(0.2);
    return switch (this) {
      case POPULATION_LEARNED, POPULATION_AVERAGE -> cell;
      case PROJECTED_LEARNED, PROJECTED_AVERAGE -> cell.projected(BATCH);
      case DIRECT_LEARNED, DIRECT_AVERAGE -> cell.direct(BATCH, 1);
      case DIRECT_LEARNED_SHARE_3, DIRECT_AVERAGE_SHARE_3 -> cell.direct(BATCH, 3);
      case DIRECT_LEARNED_SHARE_17 -> cell.direct(BATCH, 17);
      case EMPIRICAL_LEARNED, EMPIRICAL_AVERAGE ->
          cell.empirical(SAMPLES, DATA_SETS)
              .rule(new OutcomeRule(OutcomeRule.Stop.ACCURACY, 0.4, 0.4, 0.4, 0.03, 0.1));
    };
  }

  boolean learned() {
    return name().contains("LEARNED");
  }

  boolean population() {
    return this == POPULATION_LEARNED || this == POPULATION_AVERAGE;
  }

  /**
   * How far a partial derivative may be off. Rounding in a sum of products: at most one roundoff of
   * the sum of sizes for each of the B·k·p terms' path of B + k + p additions, and about 16 for
   * normals, norms and quotients; 16 bounds the mean of |residual| Σ_j |a_j z_j| at the sizes here.
   */
  static double gradientTolerance(ConvExperiment experiment) {
    int inputs =
        switch (experiment.oracle()) {
          case Oracle.Population() -> 0;
          case Oracle.Online online -> online.batch();
          case Oracle.Empirical empirical -> empirical.samples();
        };
    int path = inputs + experiment.patches() + experiment.patchSize() + 16;
    return 16 * path * experiment.precision().unitRoundoff();
  }

  /**
   * How far a state may be off after some steps: each adds η times the gradient's error and a few
   * roundings of the state itself, and multiplies what is there by at most 1 + 4η, the losses here
   * curving downwards by less than 4.
   */
  static double stateTolerance(ConvExperiment experiment, int steps) {
    double added =
        experiment.stepSize() * gradientTolerance(experiment)
            + 4 * experiment.precision().unitRoundoff();
    return (steps + 1) * added * Math.exp(4 * experiment.stepSize() * steps);
  }
}
