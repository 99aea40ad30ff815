package org.basinsim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The laws of inputs and labels. Moments of means are tested at 6 standard errors, a false alarm in
 * 5·10⁸ for each of some twenty.
 */
class DeepDataTest {
  private static final int D = 5;
  private static final int MANY = 20_000;

  private static DeepExperiment experiment(DeepNetwork network, Samples samples, Varies varies) {
    return experiment(network, samples, varies, Streams.INDEPENDENT);
  }

  private static DeepExperiment experiment(
      DeepNetwork network, Samples samples, Varies varies, Streams streams) {
    return new DeepExperiment(
        network,
        samples,
        varies,
        new StepSize(0.5, true),
        10,
        new DeepRule(1e-3),
        Set.of(),
        3,
        streams,
        Precision.DOUBLE);
  }

  private static DeepData.Set drawn(Activation activation, Labels labels, int count, long stream) {
    DeepNetwork network = DeepExperiments.network(Architecture.FULLY_CONNECTED, activation, 9);
    return DeepData.of(experiment(network, new Samples.Sphere(count, labels), Varies.BOTH))
        .set(stream);
  }

  /** E x = 0, E x_c x_d = δ_cd ∕ D, E x_c⁴ = 3 ∕ (D(D + 2)). */
  @Test
  void inputsAreUniformOnTheSphere() {
    double[] x = drawn(Activation.RELU, Labels.NORMAL, MANY, 0).inputs();
    assertEquals(MANY * D, x.length);
    double[] means = new double[D];
    double[][] products = new double[D][D];
    double[] fourth = new double[D];
    for (int i = 0; i < MANY; i++) {
      double norm = 0;
      for (int c = 0; c < D; c++) {
        double at = x[i * D + c];
        norm += at * at;
        means[c] += at / MANY;
        fourth[c] += Math.pow(at, 4) / MANY;
        for (int e = 0; e < D; e++) {
          products[c][e] += at * x[i * D + e] / MANY;
        }
      }
      assertEquals(1, norm, 1e-15 * D);
    }
    // Variances of means: of x 1∕D, of a product at most E x⁴, of x⁴ at most E x⁸ ≤ E x⁴.
    double moment = 3.0 / D / (D + 2);
    for (int c = 0; c < D; c++) {
      assertEquals(0, means[c], 6 / Math.sqrt(D * (double) MANY));
      assertEquals(moment, fourth[c], 6 * Math.sqrt(moment / MANY));
      for (int e = 0; e < D; e++) {
        assertEquals(c == e ? 1.0 / D : 0, products[c][e], 6 * Math.sqrt(moment / MANY));
      }
    }
  }

  /** Mean 0, variance 1, fourth moment 3; the variance of u⁴ is 96. */
  @Test
  void normalLabelsAreStandardNormals() {
    double[] y = drawn(Activation.RELU, Labels.NORMAL, MANY, 1).labels();
    assertEquals(0, Arrays.stream(y).average().orElseThrow(), 6 / Math.sqrt(MANY));
    assertEquals(
        1, Arrays.stream(y).map(u -> u * u).average().orElseThrow(), 6 * Math.sqrt(2.0 / MANY));
    assertEquals(
        3,
        Arrays.stream(y).map(u -> u * u * u * u).average().orElseThrow(),
        6 * Math.sqrt(96.0 / MANY));
  }

  @Test
  void signsAreBalanced() {
    double[] y = drawn(Activation.RELU, Labels.SIGNS, MANY, 2).labels();
    for (double label : y) {
      assertEquals(1, Math.abs(label));
    }
    assertEquals(0, Arrays.stream(y).average().orElseThrow(), 6 / Math.sqrt(MANY));
  }

  /** Labels of normals know nothing of the inputs. */
  @Test
  void normalLabelsAreIndependentOfTheInputs() {
    DeepData.Set set = drawn(Activation.RELU, Labels.NORMAL, MANY, 3);
    for (int c = 0; c < D; c++) {
      double product = 0;
      for (int i = 0; i < MANY; i++) {
        product += set.inputs()[i * D + c] * set.labels()[i] / MANY;
      }
      assertEquals(0, product, 6 / Math.sqrt(D * (double) MANY));
    }
  }

  /** y = √c_σ σ(v·x): one v, found from D labels by solving for it, gives all the others. */
  @Test
  void aTeacherIsOneUnit() {
    DeepData.Set set = drawn(Activation.TANH, Labels.TEACHER, 40, 4);
    double scale = Math.sqrt(Activation.TANH.normalization());
    double[][] rows = new double[D][D + 1];
    for (int i = 0; i < D; i++) {
      System.arraycopy(set.inputs(), i * D, rows[i], 0, D);
      double t = set.labels()[i] / scale;
      rows[i][D] = Math.log((1 + t) / (1 - t)) / 2;
    }
    double[] v = solve(rows);
    for (int i = 0; i < 40; i++) {
      double seen = 0;
      for (int c = 0; c < D; c++) {
        seen += v[c] * set.inputs()[i * D + c];
      }
      assertEquals(scale * Math.tanh(seen), set.labels()[i], 1e-10);
    }
  }

  /**
   * Over teachers the mean square of a label is c_σ E σ(u)² = 1. A variance of y² below 30 covers
   * all: ReLU's, E y⁴ = 4·3∕2, is 5, softplus's less.
   */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void teachersHaveLabelsOfMeanSquareOne(Activation activation) {
    int teachers = 4000;
    DeepNetwork network = DeepExperiments.network(Architecture.TWO_LAYER, activation, 9);
    DeepData data =
        DeepData.of(experiment(network, new Samples.Sphere(1, Labels.TEACHER), Varies.BOTH));
    double squares = 0;
    for (int stream = 0; stream < teachers; stream++) {
      double y = data.set(stream).labels()[0];
      squares += y * y / teachers;
    }
    assertEquals(1, squares, 6 * Math.sqrt(30.0 / teachers));
  }

  /** More sets than are kept: those drawn again are the same. */
  @Test
  void streamsHaveTheirOwnDataForGood() {
    DeepNetwork network = DeepExperiments.network(Architecture.CONV_RESNET, Activation.SOFTPLUS, 9);
    DeepData data =
        DeepData.of(experiment(network, new Samples.Sphere(3, Labels.NORMAL), Varies.BOTH));
    DeepData.Set first = data.set(0);
    assertSame(first, data.set(0));
    assertFalse(Arrays.equals(first.inputs(), data.set(1).inputs()));
    assertFalse(Arrays.equals(first.labels(), data.set(1).labels()));
    for (int stream = 2; stream < 100; stream++) {
      data.set(stream);
    }
    assertArrayEquals(first.inputs(), data.set(0).inputs());
    assertArrayEquals(first.labels(), data.set(0).labels());
  }

  /** With common streams, more samples begin with the fewer, at any width; else they share none. */
  @Test
  void moreSamplesBeginWithTheFewerWhereStreamsAreCommon() {
    for (Streams streams : Streams.values()) {
      DeepData.Set few = shared(3, 9, streams);
      DeepData.Set more = shared(7, 65, streams);
      boolean common = streams == Streams.COMMON;
      assertEquals(
          common, Arrays.equals(few.inputs(), Arrays.copyOf(more.inputs(), 3 * D)), "inputs");
      assertEquals(common, Arrays.equals(few.labels(), Arrays.copyOf(more.labels(), 3)), "labels");
    }
  }

  private static DeepData.Set shared(int count, int width, Streams streams) {
    DeepNetwork network =
        DeepExperiments.network(Architecture.FULLY_CONNECTED, Activation.RELU, width);
    Samples samples = new Samples.Sphere(count, Labels.NORMAL);
    return DeepData.of(experiment(network, samples, Varies.BOTH, streams)).set(5);
  }

  @TempDir Path folder;

  @Test
  void filesAreReadRowByRowAndMayNotChange() throws IOException {
    Path path = folder.resolve("x.csv");
    Files.writeString(path, "1,2,3,4,5,-6\n7,8,9,10,11,12.5\n");
    InputFile file = InputFile.read(path, "");
    Samples.File samples = new Samples.File(path, "", file.sha256(), 2);
    DeepNetwork network = DeepExperiments.network(Architecture.FULLY_CONNECTED, Activation.RELU, 9);
    DeepExperiment experiment = experiment(network, samples, Varies.WEIGHTS);
    DeepData.Set set = DeepData.of(experiment).set(17);
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 7, 8, 9, 10, 11}, set.inputs());
    assertArrayEquals(new double[] {-6, 12.5}, set.labels());
    Files.writeString(path, "1,2,3,4,5,-6\n7,8,9,10,11,12\n");
    BrokenInputs e = assertThrows(BrokenInputs.class, () -> DeepData.of(experiment));
    assertEquals(path + ": changed since the study was read", e.getMessage());
  }

  /** Gauss without pivots, which random rows do not need. */
  private static double[] solve(double[][] rows) {
    int n = rows.length;
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < n; i++) {
        double factor = rows[i][k] / rows[k][k];
        for (int j = k; j <= n && i != k; j++) {
          rows[i][j] -= factor * rows[k][j];
        }
      }
    }
    double[] x = new double[n];
    for (int k = 0; k < n; k++) {
      x[k] = rows[k][n] / rows[k][k];
    }
    return x;
  }
}
