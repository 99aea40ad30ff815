package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What DZ19 published of two layers and DU19 proved of deep ones, over width and depth, at sizes
 * that take seconds. Cells share data and starts. Bounds lie six standard errors and more from what
 * was measured with other seeds.
 */
@Tag("validation")
class DeepTrendsTest {
  private static final int RESTARTS = 50;

  private static DeepExperiment cell(
      Architecture architecture,
      Activation activation,
      int width,
      int depth,
      int samples,
      int maxSteps) {
    boolean two = architecture == Architecture.TWO_LAYER;
    return new DeepExperiment(
        new DeepNetwork(architecture, width, depth, samples, 1, 1, activation, 0.5),
        new Samples.Sphere(samples, Labels.NORMAL),
        Varies.BOTH,
        new StepSize(two ? 0.2 : 0.5, true),
        maxSteps,
        new DeepRule(two ? 1e-9 : 1e-2),
        EnumSet.of(Recorded.LOSS, two ? Recorded.PATTERNS : Recorded.KERNELS),
        20260,
        Streams.COMMON,
        Precision.SINGLE);
  }

  private static Outcomes train(DeepExperiment cell) {
    return Collector.train(Quickest.backend(), cell, RESTARTS);
  }

  private static double mean(Outcomes rows, String column) {
    return Arrays.stream(rows.reals(column)).average().orElseThrow();
  }

  /**
   * Four times the width halves flips and movement: both go as 1∕√width. The loss falls by 10 % and
   * more, and differs between restarts by a factor, so that its logarithm is averaged.
   */
  @Test
  void widerTwoLayersFlipLessMoveLessAndEndLower() {
    double[][] means = new double[3][];
    int[] widths = {125, 500, 2000};
    for (int i = 0; i < widths.length; i++) {
      Outcomes rows = train(cell(Architecture.TWO_LAYER, Activation.RELU, widths[i], 1, 50, 100));
      means[i] =
          new double[] {mean(rows, "loss"), mean(rows, "flipped"), mean(rows, "largest_movement")};
    }
    for (int i = 1; i < widths.length; i++) {
      String found = Arrays.deepToString(means);
      assertTrue(means[i][0] < means[i - 1][0], found);
      for (int quantity = 1; quantity < 3; quantity++) {
        double ratio = means[i - 1][quantity] / means[i][quantity];
        assertTrue(ratio > 1.7 && ratio < 2.4, found);
      }
    }
  }

  /**
   * With ReLU 8 % of fully-connected networks of 6 units a layer reach zero loss in time and 45 %
   * of ResNets; of 96 units all of 1000 did. 41 of 50 are 5.3 standard deviations above 45 %.
   */
  @Test
  void widerDeepNetworksSucceed() {
    for (Architecture architecture :
        new Architecture[] {Architecture.FULLY_CONNECTED, Architecture.RESNET}) {
      long narrow = successes(train(cell(architecture, Activation.RELU, 6, 4, 20, 300)));
      long wide = successes(train(cell(architecture, Activation.RELU, 96, 4, 20, 300)));
      assertTrue(narrow <= 41 && wide >= 47, architecture + ": " + narrow + ", " + wide);
    }
  }

  /** The theory's smooth case: λ_min of Θ falls with depth by orders of magnitude, or hardly. */
  @Test
  void depthCostsFullConnectionMuchAndResidualLayersLittle() {
    double connected = fallOverDepth(Architecture.FULLY_CONNECTED);
    double residual = fallOverDepth(Architecture.RESNET);
    assertTrue(connected > 30, () -> "fully-connected: " + connected);
    assertTrue(residual < 2, () -> "resnet: " + residual);
  }

  private static double fallOverDepth(Architecture architecture) {
    double shallow = mean(kernels(architecture, 2), "tangent_min_start");
    return shallow / mean(kernels(architecture, 8), "tangent_min_start");
  }

  private static Outcomes kernels(Architecture architecture, int depth) {
    DeepExperiment cell = cell(architecture, Activation.SOFTPLUS, 64, depth, 10, 1);
    return Collector.train(Quickest.backend(), cell, 25);
  }

  private static long successes(Outcomes rows) {
    return ThresholdTest.count(rows.bytes("outcome"), Outcome.GLOBAL);
  }
}
