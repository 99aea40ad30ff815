package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.basinsim.backend.Collector;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Recorded;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Projected online descent is direct online descent in law: z tests of means over 10⁵ restarts with
 * equal starts, and the same tests find a projection that is slightly wrong.
 */
@Tag("validation")
class ProjectedLawTest {
  private static final int RESTARTS = 100_000;
  private static final int BATCH = 8;

  private static final int K = 3;
  private static final int[] PATCH_SIZES = {2, 3, 6, 16};

  /** Below 200 two-sided tests, each at 2·10⁻⁹: 4·10⁻⁷ together. */
  private static final double SIGMAS = 6;

  private static ConvCell cell(ConvOutput output, int p) {
    // Steps so large that the noise of one step is as large as the step.
    ConvCell cell =
        output == ConvOutput.LEARNED
            ? ConvCell.learned(K, p, 1).stepSize(1)
            : ConvCell.average(K, p).stepSize(2);
    // In single precision, twice as quick: its 10⁻⁶ are far below a standard error of 10⁻³.
    return cell.streams(Streams.COMMON)
        .precision(Precision.SINGLE)
        .record(Recorded.LOSS, Recorded.ANGLE, Recorded.FINAL);
  }

  private static LawSample sample(ConvCell cell) {
    return LawSample.of(Collector.train(Quickest.backend(), cell.build(), RESTARTS));
  }

  @Test
  void meansAgreeAfterOneStepAndOnTheWay() {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (ConvOutput output : ConvOutput.values()) {
      for (int p : PATCH_SIZES) {
        compare(output + ", p " + p + ", step 1", scores, cell(output, p).endless().maxSteps(1));
        // On the way: a fifth of the step size, and restarts leave when they are near.
        ConvCell cell = cell(output, p).near(0.5, 0.5).maxSteps(5);
        compare(output + ", p " + p + ", step 5", scores, cell.stepSize(0.3));
        if (p == 3) {
          ConvCell leaky = cell(output, p).slope(0.3).near(0.5, 0.5).maxSteps(5);
          compare(output + ", leaky", scores, leaky.stepSize(0.3));
        }
      }
    }
    assertTrue(scores.size() >= 40, scores.size() + " statistics");
    scores.forEach((name, z) -> assertTrue(Math.abs(z) < SIGMAS, () -> name + ": z = " + z));
  }

  private static void compare(String where, Map<String, Double> scores, ConvCell cell) {
    LawSample direct = sample(cell.direct(BATCH, 1));
    LawSample projected = sample(cell.projected(BATCH));
    direct.compare(projected).forEach((name, z) -> scores.put(where + ", " + name, z));
  }

  /**
   * 62 directions beside student and teacher and 32 inputs, so that s²χ² varies little from restart
   * to restart: 2 % of it is 7 sigmas and more.
   */
  @ParameterizedTest
  @EnumSource
  void aPlantedErrorIsFound(ConvOutput output) {
    ConvCell cell = cell(output, 64).endless().maxSteps(1);
    if (output == ConvOutput.AVERAGE) {
      cell.stepSize(20); // Else the part of the step along the filter hides the noise.
    }
    LawSample direct = sample(cell.direct(32, 1));
    ConvExperiment projected = cell.projected(32).build();
    for (double factor : new double[] {1, 1.02, 0}) {
      ConvState[] states = new PlantedStep(projected, factor).states(RESTARTS);
      Map<String, Double> scores =
          direct.compare(LawSample.of(states, output == ConvOutput.LEARNED));
      double largest = Collections.max(scores.values().stream().map(Math::abs).toList());
      assertEquals(factor != 1, largest > SIGMAS, "factor " + factor + ": " + scores);
    }
  }
}
