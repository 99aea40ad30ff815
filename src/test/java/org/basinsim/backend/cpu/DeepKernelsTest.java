package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.basinsim.data.DeepData;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.InfiniteWidth;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.TangentKernel;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels at the start against those of infinite width, for every architecture with every
 * activation.
 *
 * <p>An entry of Θ or G^(H) is a smooth function of means over m independent units: of variance V∕m
 * + O(m⁻²) and of mean K∞ + b∕m + O(m⁻²). So errors fall as m^{−½}, and the mean of (4 K_{4m} −
 * K_m) ∕ 3 is K∞ + O(m⁻²), which is below its standard error here.
 */
class DeepKernelsTest {
  private static final int SAMPLES = 3;
  private static final int ENTRIES = SAMPLES * SAMPLES;

  /** The same inputs for all widths and restarts; the weights of each are its own. */
  private static DeepExperiment experiment(DeepNetwork network) {
    return new DeepExperiment(
        network,
        new Samples.Sphere(SAMPLES, Labels.NORMAL),
        Varies.WEIGHTS,
        new StepSize(0.5, true),
        1,
        new DeepRule(1e-3),
        Set.of(),
        5,
        Streams.INDEPENDENT,
        Precision.DOUBLE);
  }

  /**
   * Errors K − K∞ of restarts.
   *
   * @param tangent those of Θ, entry after entry
   * @param last those of G^(H)
   */
  private record Errors(List<double[]> tangent, List<double[]> last) {
    static Errors of(DeepNetwork network, int restarts) {
      DeepExperiment experiment = experiment(network);
      DeepData data = DeepData.of(experiment);
      TangentKernel limit = InfiniteWidth.of(network, data.set(0).inputs());
      DeepPasses passes = new DoubleDeepDescent(experiment, data);
      Errors errors = new Errors(new ArrayList<>(), new ArrayList<>());
      for (int restart = 0; restart < restarts; restart++) {
        passes.start(restart);
        TangentKernel kernel = passes.kernel();
        errors.tangent.add(difference(kernel.tangent(), limit.tangent()));
        errors.last.add(difference(kernel.last(), limit.last()));
      }
      return errors;
    }

    private static double[] difference(double[] a, double[] b) {
      double[] difference = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        difference[i] = a[i] - b[i];
      }
      return difference;
    }
  }

  /** The mean of an entry and the variance of that mean. */
  private record Mean(double value, double variance) {
    static Mean of(List<double[]> errors, int entry) {
      int n = errors.size();
      double mean = errors.stream().mapToDouble(e -> e[entry]).sum() / n;
      double squares =
          errors.stream().mapToDouble(e -> (e[entry] - mean) * (e[entry] - mean)).sum();
      return new Mean(mean, squares / (n - 1) / n);
    }
  }

  /** Of depth 3 where there is depth; residual layers have the largest share that they may. */
  private static DeepNetwork network(Architecture architecture, Activation activation, int width) {
    DeepNetwork shape = DeepExperiments.network(architecture, activation, width);
    return new DeepNetwork(
        architecture,
        width,
        shape.depth(),
        shape.inputSize(),
        shape.positions(),
        shape.window(),
        activation,
        0.99);
  }

  static Stream<Architecture> architectures() {
    return Stream.of(Architecture.values());
  }

  /**
   * Within 6.5 standard errors: a false alarm in 10⁻¹⁰ for each of 288 entries. What is found is a
   * twentieth of an entry, and less.
   */
  @ParameterizedTest
  @MethodSource("architectures")
  void meansAreThoseOfInfiniteWidth(Architecture architecture) {
    for (Activation activation : Activation.values()) {
      Errors narrow = Errors.of(network(architecture, activation, 16), 400);
      Errors wide = Errors.of(network(architecture, activation, 64), 400);
      for (int entry = 0; entry < ENTRIES; entry++) {
        String what = architecture + " " + activation + ", entry " + entry;
        checkMean(narrow.tangent, wide.tangent, entry, "Θ of " + what);
        checkMean(narrow.last, wide.last, entry, "G of " + what);
      }
    }
  }

  private static void checkMean(
      List<double[]> narrow, List<double[]> wide, int entry, String what) {
    Mean a = Mean.of(narrow, entry);
    Mean b = Mean.of(wide, entry);
    double error = Math.sqrt(16 * b.variance + a.variance) / 3;
    assertEquals(0, (4 * b.value - a.value) / 3, 6.5 * error, what);
  }

  /**
   * ln(‖error‖₃₂ ∕ ‖error‖₁₂₈) ∕ ln 4, root mean squares over restarts, of 16 networks on average.
   * Such a square varies by no more than twice its own where entries are normal; so 48 and 32
   * restarts leave an error of √(2∕48 + 2∕32) ∕ (2 ln 4 √16) = 0.029 of the average. Five of them,
   * a false alarm in 10⁻⁶, and 0.05 for terms of m⁻². Without a limit, or with a wrong one, it is
   * 0.
   */
  @Test
  void errorsFallAsTheRootOfTheWidth() {
    double tangent = 0;
    double last = 0;
    List<DeepNetwork> narrow = DeepExperiments.networks(32).toList();
    List<DeepNetwork> wide = DeepExperiments.networks(128).toList();
    for (int i = 0; i < narrow.size(); i++) {
      Errors few = Errors.of(narrow.get(i), 48);
      Errors many = Errors.of(wide.get(i), 32);
      tangent += slope(few, many, Errors::tangent) / narrow.size();
      last += slope(few, many, Errors::last) / narrow.size();
    }
    assertEquals(0.5, tangent, 0.2, "Θ");
    assertEquals(0.5, last, 0.2, "G");
  }

  private static double slope(Errors narrow, Errors wide, Function<Errors, List<double[]>> matrix) {
    return Math.log(norm(matrix.apply(narrow)) / norm(matrix.apply(wide))) / Math.log(4);
  }

  private static double norm(List<double[]> errors) {
    double squares = 0;
    for (double[] error : errors) {
      for (double entry : error) {
        squares += entry * entry;
      }
    }
    assertTrue(squares > 0);
    return Math.sqrt(squares / errors.size());
  }
}
