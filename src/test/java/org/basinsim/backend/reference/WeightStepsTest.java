package org.basinsim.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Optimizer;
import org.junit.jupiter.api.Test;

/** Optimizers against their published algorithms, carried out elsewhere or solved by hand. */
class WeightStepsTest {
  /** Fifty steps of numbers of order one, each rounded a few times. */
  private static final double ROUNDING = 50 * 8 * 0x1p-53;

  /** Descent on 2w² − w from 1.5: the weight after some numbers of steps. */
  private static void assertPath(
      Optimizer optimizer, double stepSize, Map<Integer, Double> expected) {
    WeightSteps steps = new WeightSteps(new Descent(stepSize, 50, optimizer, Optional.empty()), 2);
    double w = 1.5;
    for (int t = 0; t < 50; t++) {
      // The second coordinate is another weight: it must not matter to the first.
      w -= steps.after(new double[] {4 * w - 1, 1000 - t}, t)[0];
      if (expected.containsKey(t + 1)) {
        assertEquals(expected.get(t + 1), w, ROUNDING, optimizer + " step " + (t + 1));
      }
    }
  }

  /** In 60 decimal digits, by the algorithms as they are printed. */
  @Test
  void quadraticsAreDescendedAsPublished() {
    assertPath(
        new Optimizer.Adam(0.9, 0.999, 1e-8),
        0.1,
        Map.of(
            1, 1.4000000001999999996000,
            2, 1.3003037267626997403406,
            3, 1.2011554491050096816639,
            10, 0.5512307698681399636369,
            50, 0.3252137369007872498603));
    assertPath(
        new Optimizer.AdaGrad(1e-8),
        0.5,
        Map.of(
            1, 1.0000000009999999980000,
            2, 0.7427521234752094109982,
            3, 0.5826395002228838560617,
            10, 0.2739877342322538786601,
            50, 0.2500000078575150107216));
    assertPath(
        new Optimizer.Momentum(0.9),
        0.1,
        Map.of(1, 1.0, 2, 0.25, 3, -0.425, 10, 0.8958484375, 50, 0.2298776238339846052138));
    // w − ¼ shrinks by 1 − 4η a step.
    assertPath(new Optimizer.Gd(), 0.1, Map.of(1, 1.0, 10, 0.25 + 1.25 * Math.pow(0.6, 10)));
  }

  /** Under a constant gradient g every sum is a geometric or an arithmetic series. */
  @Test
  void constantGradientsHaveClosedForms() {
    double g = -3;
    double epsilon = 0.25;
    for (int t = 1; t <= 50; t++) {
      double momentum = g * (1 - Math.pow(0.75, t)) / (1 - 0.75);
      assertEquals(momentum, direction(new Optimizer.Momentum(0.75), g, t), 20 * ROUNDING);
      double adaGrad = g / (Math.sqrt(t) * 3 + epsilon);
      assertEquals(adaGrad, direction(new Optimizer.AdaGrad(epsilon), g, t), ROUNDING);
      double adam = g / (3 + epsilon);
      assertEquals(adam, direction(new Optimizer.Adam(0.5, 0.75, epsilon), g, t), ROUNDING);
    }
  }

  private static double direction(Optimizer optimizer, double gradient, int steps) {
    WeightSteps weights = new WeightSteps(new Descent(1, 50, optimizer, Optional.empty()), 1);
    double direction = 0;
    for (int t = 0; t < steps; t++) {
      direction = weights.after(new double[] {gradient}, t)[0];
    }
    return direction;
  }
}
