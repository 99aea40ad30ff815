package org.basinsim.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.basinsim.data.DeepData;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.InfiniteWidth;
import org.basinsim.model.deep.TangentKernel;
import org.basinsim.start.DeepStart;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient against finite differences, the limit of infinite width against wide networks. */
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

  static Stream<DeepNetwork> wide() {
    return DeepExperiments.networks(200)
        .filter(network -> network.architecture() != Architecture.CONV_RESNET);
  }

  @ParameterizedTest
  @MethodSource("wide")
  void kernelsTendToThoseOfInfiniteWidth(DeepNetwork network) {
    int restarts = 6;
    double[] tangent = new double[SAMPLES * SAMPLES];
    double[] last = new double[SAMPLES * SAMPLES];
    double[] squares = new double[SAMPLES * SAMPLES];
    DeepExperiment experiment = DeepExperiments.experiment(network, SAMPLES, 10, Precision.DOUBLE);
    double[] inputs = DeepData.of(experiment).set(0).inputs();
    TangentKernel limit = InfiniteWidth.of(network, inputs);
    for (int restart = 0; restart < restarts; restart++) {
      TangentKernel kernel =
          new DeepDescent(
                  experiment, new DeepStart(experiment), DeepData.of(experiment).set(0), restart)
              .kernel();
      for (int i = 0; i < tangent.length; i++) {
        tangent[i] += kernel.tangent()[i] / restarts;
        squares[i] += kernel.tangent()[i] * kernel.tangent()[i] / restarts;
        last[i] += kernel.last()[i] / restarts;
      }
    }
    for (int i = 0; i < tangent.length; i++) {
      double error = Math.sqrt(Math.max(0, squares[i] - tangent[i] * tangent[i]) / (restarts - 1));
      assertTrue(Math.abs(tangent[i] - limit.tangent()[i]) < 8 * error + 0.02);
    }
  }

  private static DeepDescent descent(DeepNetwork network, long restart) {
    DeepExperiment experiment = DeepExperiments.experiment(network, SAMPLES, 10, Precision.DOUBLE);
    return new DeepDescent(
        experiment, new DeepStart(experiment), DeepData.of(experiment).set(restart), restart);
  }
}
