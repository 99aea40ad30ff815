package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.stream.Stream;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and agreement with the reference: for every backend but the reference itself. */
abstract class DeepAgreement extends DeepContract {
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();
  private static final int STEPS = 10;

  /** Every architecture with every activation, one unit more than a tile; and two layers of one. */
  static Stream<DeepNetwork> networks() {
    return DeepExperiments.networks(33);
  }

  /** Sums of up to 3·33 products, each off by a few roundings of the largest. */
  @ParameterizedTest
  @MethodSource("networks")
  void gradientsAreTheReferences(DeepNetwork network) {
    for (Precision precision : Precision.values()) {
      DeepExperiment experiment = DeepExperiments.experiment(network, 3, 10, precision);
      double[] expected = REFERENCE.probe().gradient(experiment, 5);
      double[] found = backend().probe().gradient(experiment, 5);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      assertArrayEquals(
          expected, found, 100 * largest * precision.unitRoundoff(), precision.word());
    }
  }

  /** Descent contracts, and ten steps add ten times the error of a gradient. */
  @ParameterizedTest
  @MethodSource("networks")
  void tenStepsAreTheReferences(DeepNetwork network) {
    for (Precision precision : Precision.values()) {
      DeepExperiment experiment = DeepExperiments.experiment(network, 3, 10, precision);
      double[][] expected = REFERENCE.probe().trajectory(experiment, 2, STEPS);
      double[][] found = backend().probe().trajectory(experiment, 2, STEPS);
      double tolerance = 1000 * precision.unitRoundoff() * expected[0][0];
      for (int t = 0; t <= STEPS; t++) {
        assertEquals(expected[t][0], found[t][0], tolerance, "loss at step " + t);
        assertEquals(expected[t][1], found[t][1], 10 * tolerance, "gradient at step " + t);
      }
    }
  }

  /** Every column within its tolerance. */
  @ParameterizedTest
  @MethodSource("networks")
  void rowsAreTheReferences(DeepNetwork network) {
    if (network.architecture() == Architecture.RESNET) {
      return; // The layers of convolution and of full connection between them.
    }
    for (Precision precision : Precision.values()) {
      DeepExperiment experiment = DeepExperiments.experiment(network, 3, 60, precision);
      Outcomes expected = Collector.train(REFERENCE, experiment, 2);
      Outcomes found = Collector.train(backend(), experiment, 2);
      for (Column column : experiment.columns()) {
        Object exact = expected.array(column.name());
        Object value = found.array(column.name());
        for (int i = 0; i < Array.getLength(exact); i++) {
          double a = Array.getDouble(value, i);
          double b = Array.getDouble(exact, i);
          assertTrue(
              column.tolerance().accepts(a, b),
              precision + " " + column.name() + "[" + i + "] " + a + " " + b);
        }
      }
    }
  }
}
