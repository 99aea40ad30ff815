package org.basinsim.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.basinsim.data.DeepData;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.start.DeepStart;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient against finite differences. */
class DeepDescentTest {
  private static final int SAMPLES = 3;

  static Stream<DeepNetwork> narrow() {
    return DeepExperiments.networks(7);
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void gradientIsThatOfTheLoss(DeepNetwork network) {
    DeepDescent descent = descent(network, 0);
    double[] gradient = descent.gradient();
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    int checked = 0;
    for (double[] layer : descent.weights()) {
      for (int i = 0; i < layer.length && checked < gradient.length; i++) {
        double at = layer[i];
        double h = 1e-5;
        layer[i] = at + h;
        double above = descent.loss();
        layer[i] = at - h;
        double below = descent.loss();
        layer[i] = at;
        // Differences err by h²·L''' and by rounding, 2⁻⁵³L∕h: below 10⁻⁹ both, with L below 100.
        assertEquals((above - below) / (2 * h), gradient[checked++], 1e-8 * (1 + largest));
      }
    }
    assertEquals(gradient.length, checked);
  }

  private static DeepDescent descent(DeepNetwork network, long restart) {
    DeepExperiment experiment = DeepExperiments.experiment(network, SAMPLES, 10, Precision.DOUBLE);
    return new DeepDescent(
        experiment, new DeepStart(experiment), DeepData.of(experiment).set(restart), restart);
  }
}
