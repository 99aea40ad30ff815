package org.basinsim.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Set;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of starts: their law, and what is shared. Moments at 6 standard errors, 2·10⁻⁹ each. */
class DeepStartTest {
  private static DeepStart start(
      Architecture architecture, int width, Varies varies, Streams streams) {
    return new DeepStart(
        new DeepExperiment(
            DeepExperiments.network(architecture, Activation.RELU, width),
            new Samples.Sphere(3, Labels.NORMAL),
            varies,
            new StepSize(0.5, true),
            10,
            new DeepRule(1e-3),
            Set.of(),
            3,
            streams,
            Precision.DOUBLE));
  }

  private static DeepStart start(Architecture architecture, int width) {
    return start(architecture, width, Varies.BOTH, Streams.INDEPENDENT);
  }

  /** Mean 0, variance 1 and fourth moment 3, of u⁴ variance 96, in every layer and behind them. */
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void weightsAreStandardNormals(Architecture architecture) {
    int width = 67;
    DeepStart start = start(architecture, width);
    DeepNetwork network = DeepExperiments.network(architecture, Activation.RELU, width);
    for (int h = 1; h <= network.depth(); h++) {
      double[] w = start.hidden(4, h);
      assertEquals(network.weights(h), w.length);
      checkNormal(w);
    }
    double[] a = start.output(4);
    assertEquals(network.outputs(), a.length);
    if (network.trainsOutput()) {
      checkNormal(a);
    }
  }

  private static void checkNormal(double[] w) {
    double n = w.length;
    assertEquals(0, Arrays.stream(w).sum() / n, 6 / Math.sqrt(n));
    assertEquals(1, Arrays.stream(w).map(u -> u * u).sum() / n, 6 * Math.sqrt(2 / n));
    assertEquals(3, Arrays.stream(w).map(u -> u * u * u * u).sum() / n, 6 * Math.sqrt(96 / n));
  }

  @Test
  void twoLayersHaveSignsAsLikelyAsNot() {
    double[] a = start(Architecture.TWO_LAYER, 10_000).output(0);
    for (double sign : a) {
      assertEquals(1, Math.abs(sign));
    }
    assertEquals(0, Arrays.stream(a).sum() / a.length, 6 / Math.sqrt(a.length));
  }

  /** No two layers, and no two restarts, begin with the same numbers. */
  @Test
  void layersAndRestartsHaveTheirOwn() {
    DeepStart start = start(Architecture.RESNET, 9);
    double[][] drawn = {
      start.hidden(0, 1), start.hidden(0, 2), start.hidden(0, 3), start.output(0),
      start.hidden(1, 1), start.hidden(1, 2), start.hidden(1, 3), start.output(1)
    };
    for (int i = 0; i < drawn.length; i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(drawn[i][0] == drawn[j][0], i + " " + j);
      }
    }
  }

  @Test
  void whereDataVaryAllStartAlike() {
    DeepStart start = start(Architecture.RESNET, 9, Varies.DATA, Streams.INDEPENDENT);
    assertArrayEquals(start.hidden(0, 2), start.hidden(8, 2));
    assertArrayEquals(start.output(0), start.output(8));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void widerNetworksBeginWithTheNarrowerWhereStreamsAreCommon(Architecture architecture) {
    for (Streams streams : Streams.values()) {
      boolean common = streams == Streams.COMMON;
      DeepStart narrow = start(architecture, 9, Varies.BOTH, streams);
      DeepStart wide = start(architecture, 14, Varies.BOTH, streams);
      double[] first = narrow.hidden(2, 1);
      double[] begins = Arrays.copyOf(wide.hidden(2, 1), first.length);
      assertEquals(common, Arrays.equals(first, begins));
      double[] output = Arrays.copyOf(narrow.output(2), 9);
      assertEquals(common, Arrays.equals(output, Arrays.copyOf(wide.output(2), 9)));
    }
  }
}
