package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.function.IntToDoubleFunction;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.TrajectorySteps;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How networks tend to their limit as width grows, from the columns of results. A simple eigenvalue
 * is a smooth function of its matrix: its error falls as m^{−½}, its mean as 1∕m (see the tests of
 * kernels by the CPU).
 */
@Tag("validation")
@Tag("exhaustive")
class DeepWidthTest {
  private static final int RESTARTS = 16;

  /** Restarts of every width have the same data: streams are common. */
  private static DeepExperiment experiment(
      Architecture architecture, Activation activation, int width, int maxSteps, Varies varies) {
    boolean convolves = architecture == Architecture.CONV_RESNET;
    return new DeepExperiment(
        new DeepNetwork(
            architecture,
            width,
            architecture == Architecture.TWO_LAYER ? 1 : 2,
            convolves ? 6 : 5,
            convolves ? 3 : 1,
            convolves ? 3 : 1,
            activation,
            0.5),
        new Samples.Sphere(4, Labels.NORMAL),
        varies,
        new StepSize(0.5, true),
        maxSteps,
        new DeepRule(1e-12),
        EnumSet.of(
            Recorded.LOSS,
            Recorded.KERNELS,
            Recorded.TRAJECTORY,
            Recorded.PREDICTION,
            Recorded.LIMIT),
        11,
        Streams.COMMON,
        maxSteps > 1 ? Precision.DOUBLE : Precision.SINGLE);
  }

  /**
   * The slope of ln rms against ln m. Over four widths, each four times the one before, an error of
   * √(2∕16)∕2 of a logarithm leaves one of 0.057: five, a false alarm in 10⁻⁶ for all, are 0.29.
   * The mean at the widest is within ten standard errors of 16 restarts, in 10⁻⁷.
   */
  @ParameterizedTest
  @CsvSource({
    "TWO_LAYER, SOFTPLUS",
    "TWO_LAYER, RELU",
    "FULLY_CONNECTED, SOFTPLUS",
    "FULLY_CONNECTED, RELU",
    "RESNET, SOFTPLUS",
    "RESNET, TANH",
    "CONV_RESNET, SOFTPLUS",
    "CONV_RESNET, ERF",
  })
  void leastEigenvaluesTendToThoseOfInfiniteWidth(
      Architecture architecture, Activation activation) {
    int[] widths = {64, 256, 1024, 4096};
    double[] tangent = new double[widths.length];
    double[] gram = new double[widths.length];
    for (int i = 0; i < widths.length; i++) {
      Outcomes rows =
          Collector.train(
              Quickest.backend(),
              experiment(architecture, activation, widths[i], 1, Varies.WEIGHTS),
              RESTARTS);
      boolean widest = i == widths.length - 1;
      tangent[i] = error(rows, "tangent_min_start", "tangent_min_limit", widest);
      gram[i] = error(rows, "gram_min_start", "gram_min_limit", widest);
    }
    assertEquals(-0.5, slope(widths, tangent), 0.29, "Θ");
    assertEquals(-0.5, slope(widths, gram), 0.29, "G");
  }

  /** The root mean square of what lies between two columns. */
  private static double error(Outcomes rows, String column, String limit, boolean checksMean) {
    IntToDoubleFunction error = row -> rows.reals(column)[row] - rows.reals(limit)[row];
    double mean = 0;
    double squares = 0;
    for (int row = 0; row < RESTARTS; row++) {
      mean += error.applyAsDouble(row) / RESTARTS;
      squares += error.applyAsDouble(row) * error.applyAsDouble(row) / RESTARTS;
    }
    if (checksMean) {
      double standard = Math.sqrt((squares - mean * mean) / (RESTARTS - 1));
      assertEquals(0, mean, 10 * standard, column);
    }
    return Math.sqrt(squares);
  }

  /**
   * Curves leave those of kernel descent by max_t |L(t) − L̂(t)| ∕ L(0): with Θ∞ by m^{−½}, with
   * Θ(0) by that or, where terms of that order cancel, by less. Three widths and an error of 0.25
   * of a logarithm, of 16 restarts whose squares vary by up to four times their own, leave one of
   * 0.13.
   */
  @ParameterizedTest
  @CsvSource({
    "FULLY_CONNECTED, SOFTPLUS",
    "FULLY_CONNECTED, RELU",
    "RESNET, SOFTPLUS",
    "RESNET, RELU",
    "CONV_RESNET, SOFTPLUS",
  })
  void curvesTendToThoseOfKernelDescent(Architecture architecture, Activation activation) {
    int[] widths = {64, 256, 1024};
    double[] start = new double[widths.length];
    double[] limit = new double[widths.length];
    for (int i = 0; i < widths.length; i++) {
      Outcomes rows =
          Collector.train(
              Quickest.backend(),
              experiment(architecture, activation, widths[i], 60, Varies.BOTH),
              RESTARTS);
      start[i] = distance(rows, "trajectory_predicted");
      limit[i] = distance(rows, "trajectory_limit");
      assertTrue(start[i] < 0.8 / Math.sqrt(widths[i]), "Θ(0) at " + widths[i] + ": " + start[i]);
      assertTrue(limit[i] < 1.5 / Math.sqrt(widths[i]), "Θ∞ at " + widths[i] + ": " + limit[i]);
    }
    assertTrue(slope(widths, start) < -0.5 + 0.13, () -> "Θ(0): " + slope(widths, start));
    assertEquals(-0.5, slope(widths, limit), 0.4, "Θ∞");
  }

  private static double distance(Outcomes rows, String predicted) {
    int length = TrajectorySteps.upTo(60).length;
    double squares = 0;
    for (int row = 0; row < RESTARTS; row++) {
      double largest = 0;
      for (int i = row * length; i < (row + 1) * length; i++) {
        double distance =
            Math.abs(rows.reals("trajectory_loss")[i] - rows.reals(predicted)[i])
                / rows.reals("start_loss")[row];
        // Not a number behind the end of a restart that has reached zero.
        largest = distance > largest ? distance : largest;
      }
      squares += largest * largest / RESTARTS;
    }
    return Math.sqrt(squares);
  }

  private static double slope(int[] widths, double[] values) {
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < widths.length; i++) {
      double at = Math.log(widths[i]);
      x += at / widths.length;
      y += Math.log(values[i]) / widths.length;
      xx += at * at / widths.length;
      xy += at * Math.log(values[i]) / widths.length;
    }
    return (xy - x * y) / (xx - x * x);
  }
}
