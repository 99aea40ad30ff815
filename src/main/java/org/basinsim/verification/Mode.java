package org.basinsim.verification;

import java.util.Locale;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.OutcomeRule;

/**
 * Every oracle with either output, at batches, shares and data sets that no vector width divides,
 * and at one share that every width divides.
 */
public enum Mode {
  POPULATION_LEARNED,
  POPULATION_LEARNED_VERDICT,
  POPULATION_LEARNED_NOISE,
  POPULATION_AVERAGE,
  PROJECTED_LEARNED,
  PROJECTED_AVERAGE,
  DIRECT_LEARNED,
  DIRECT_LEARNED_SHARE_3,
  DIRECT_LEARNED_SHARE_17,
  DIRECT_LEARNED_SHARE_64,
  DIRECT_AVERAGE,
  DIRECT_AVERAGE_SHARE_3,
  EMPIRICAL_LEARNED,
  EMPIRICAL_AVERAGE;

  private static final int BATCH = 7;
  private static final int SAMPLES = 19;
  private static final int DATA_SETS = 3;

  /** A cell of this mode, with outcomes of every kind within 60 steps. */
  public ConvCell cell(int k, int p) {
    // Below the threshold (k + π − 1)∕π of spurious minima for k > 1.
    ConvCell cell =
        learned() ? ConvCell.learned(k, p, k == 1 ? 1 : 0.2 * k) : ConvCell.average(k, p);
    cell.near(0.4, 0.4).maxSteps(60).stepSize(0.2);
    return switch (this) {
      case POPULATION_LEARNED, POPULATION_AVERAGE -> cell;
      case POPULATION_LEARNED_VERDICT ->
          cell.rule(new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.4, 0.4, 0.4, 0.03, 0.1));
      // Three epochs within 60 steps. A filter of norm 1 or more keeps its direction in all noise.
      case POPULATION_LEARNED_NOISE -> cell.noise(new Noise(0.7, 0.5, 0.5, 0.8, 20));
      case PROJECTED_LEARNED, PROJECTED_AVERAGE -> cell.projected(BATCH);
      case DIRECT_LEARNED, DIRECT_AVERAGE -> cell.direct(BATCH, 1);
      case DIRECT_LEARNED_SHARE_3, DIRECT_AVERAGE_SHARE_3 -> cell.direct(BATCH, 3);
      case DIRECT_LEARNED_SHARE_17 -> cell.direct(BATCH, 17);
      case DIRECT_LEARNED_SHARE_64 -> cell.direct(BATCH, 64);
      case EMPIRICAL_LEARNED, EMPIRICAL_AVERAGE ->
          cell.empirical(SAMPLES, DATA_SETS)
              .rule(new OutcomeRule(OutcomeRule.Stop.ACCURACY, 0.4, 0.4, 0.4, 0.03, 0.1));
    };
  }

  /** Whether the output weights are learned. */
  public boolean learned() {
    return name().contains("LEARNED");
  }

  /** Whether gradients are the population's. */
  public boolean population() {
    return name().startsWith("POPULATION");
  }

  /** Whether descent is carried out in reduced coordinates, which have no gradient to ask for. */
  public boolean reduced() {
    return population() || name().startsWith("PROJECTED");
  }

  /** Such as {@code direct learned share 64}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
