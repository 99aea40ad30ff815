package org.basinsim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.basinsim.backend.Collector;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of inputs by their moments, and their data sets as any others. */
class InputLawsTest {
  private static final int K = 3;
  private static final int P = 5;

  static Stream<Inputs> laws() {
    return Stream.of(
        new Inputs.Correlated(0.7),
        new Inputs.Correlated(-0.4),
        new Inputs.Uniform(),
        new Inputs.Rademacher());
  }

  private static ConvCell cell(Inputs law, int samples) {
    return ConvCell.learned(K, P, 1).inputs(law).empirical(samples, 2).streams(Streams.COMMON);
  }

  private static double[] inputs(Inputs law, int samples) {
    return DataSets.of(cell(law, samples).build()).inputs(1);
  }

  /**
   * Mean, variance and products with later coordinates of the patch and with the next patch: a
   * hundred means of 20,000 terms of variance at most 2, each within 6 deviations.
   */
  @ParameterizedTest
  @MethodSource("laws")
  void everyCoordinateIsStandardAndCorrelatedAsStated(Inputs law) {
    int samples = 20_000;
    double[] z = inputs(law, samples);
    double error = 6 * Math.sqrt(2.0 / samples);
    double correlation = law instanceof Inputs.Correlated(double rho) ? rho : 0;
    for (int c = 0; c < P; c++) {
      double mean = 0;
      double[] product = new double[2 * P - c];
      for (int b = 0; b < samples; b++) {
        int at = b * K * P + c;
        mean += z[at] / samples;
        for (int lag = 0; lag < product.length; lag++) {
          product[lag] += z[at] * z[at + lag] / samples;
        }
      }
      assertEquals(0, mean, error);
      for (int lag = 0; lag < product.length; lag++) {
        double expected = c + lag < P ? Math.pow(correlation, lag) : 0;
        assertEquals(expected, product[lag], error, law + " coordinate " + c + " lag " + lag);
      }
    }
  }

  /** The inputs of successive steps, each within 6 deviations; patches that overlap among them. */
  @ParameterizedTest
  @MethodSource("laws")
  void onlineInputsHaveTheSameLaw(Inputs law) {
    for (int stride : new int[] {P, 2}) {
      ConvExperiment experiment =
          ConvCell.average(K, P).stride(stride).inputs(law).direct(8, 1).build();
      int d = experiment.inputSize();
      int steps = 2000;
      double[] z = new double[8 * d];
      double[] mean = new double[d];
      double[][] product = new double[d][d];
      for (int step = 0; step < steps; step++) {
        DrawnInputs.fill(z, experiment, 7, Purpose.INPUTS, step);
        for (int b = 0; b < 8; b++) {
          for (int i = 0; i < d; i++) {
            mean[i] += z[b * d + i] / (8 * steps);
            for (int j = 0; j <= i; j++) {
              product[i][j] += z[b * d + i] * z[b * d + j] / (8 * steps);
            }
          }
        }
      }
      double error = 6 * Math.sqrt(2.0 / (8 * steps));
      double correlation = law instanceof Inputs.Correlated(double rho) ? rho : 0;
      for (int i = 0; i < d; i++) {
        assertEquals(0, mean[i], error);
        for (int j = 0; j <= i; j++) {
          boolean together = stride < P || i / P == j / P;
          double expected = i == j ? 1 : together ? Math.pow(correlation, i - j) : 0;
          assertEquals(expected, product[i][j], error, law + ", numbers " + i + " and " + j);
        }
      }
    }
  }

  @Test
  void uniformInputsFillTheirIntervalEvenly() {
    double[] z = inputs(new Inputs.Uniform(), 20_000);
    int[] bins = new int[10];
    for (double value : z) {
      assertTrue(Math.abs(value) <= Math.sqrt(3));
      bins[(int) ((value / Math.sqrt(3) + 1) * 5)]++;
    }
    for (int count : bins) {
      // Binomial of 300,000 with p = 1/10: deviation 164, six of them.
      assertEquals(30_000, count, 986);
    }
  }

  @Test
  void rademacherInputsAreSigns() {
    assertTrue(Arrays.stream(inputs(new Inputs.Rademacher(), 100)).allMatch(z -> z * z == 1));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void aLongerDataSetBeginsWithTheShorterOne(Inputs law) {
    double[] shorter = inputs(law, 7);
    assertArrayEquals(shorter, Arrays.copyOf(inputs(law, 14), shorter.length));
    double[] other = DataSets.of(cell(law, 7).build()).inputs(0);
    assertFalse(Arrays.equals(shorter, other));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void theCpuFollowsTheReferenceAndNoColumnSpeaksOfAGaussianPopulation(Inputs law) {
    ConvExperiment experiment = cell(law, 37).stepSize(0.2).maxSteps(40).recordAll().build();
    Outcomes expected = Collector.train(new ReferenceBackend(), experiment, 30);
    Outcomes actual = Collector.train(new CpuBackend(new WorkSizing(2, 0, 0)), experiment, 30);
    assertFalse(expected.has("population_loss"));
    assertTrue(expected.has("recovered"));
    assertArrayEquals(expected.bytes("outcome"), actual.bytes("outcome"));
    // Forty steps of weights of order one, a few roundoffs each.
    assertArrayEquals(expected.reals("angle"), actual.reals("angle"), 40 * 16 * 0x1p-53);
    assertArrayEquals(expected.reals("loss"), actual.reals("loss"), 40 * 16 * 0x1p-53);
  }
}
