package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.basinsim.data.DeepData;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.TrajectorySteps;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.KernelDescent;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Measured loss curves beside those of kernel descent: max_t |L(t) − L̂(t)| ∕ L(0), its root mean
 * square over restarts.
 *
 * <p>Residuals follow r(t + 1) = (I − ηΘ̄_t) r(t), Θ̄_t a mean of kernels on the way of a step. So
 * they part from those of kernel descent by ‖Δr(t)‖ ≤ η Σ_s ‖Θ̄_s − Θ(0)‖ ‖r(s)‖, where I − ηΘ(0)
 * contracts, and the curves by 2x + x², x = ‖Δr‖ ∕ ‖r(0)‖. DU19 have ‖Θ(t) − Θ(0)‖ = O(m^{−½}); at
 * random output weights its terms of that order cancel on average, and it is O(1∕m) where σ is
 * smooth. Θ(0) − Θ∞ is of order m^{−½}, and no less.
 */
class DeepCurvesTest {
  private static final int RESTARTS = 12;
  private static final int STEPS = 60;
  private static final int NARROW = 32;
  private static final int WIDE = 256;

  static Stream<DeepNetwork> networks() {
    return Stream.of(Architecture.FULLY_CONNECTED, Architecture.RESNET)
        .flatMap(architecture ->
            Stream.of(Activation.SOFTPLUS, Activation.RELU)
                .map(sigma -> new DeepNetwork(architecture, WIDE, 2, 5, 1, 1, sigma, 0.5)));
  }

  /** Restart i of every width has the same data, and first layers that begin alike. */
  private static DeepExperiment experiment(DeepNetwork wide, int width) {
    return new DeepExperiment(
        new DeepNetwork(
            wide.architecture(),
            width,
            wide.depth(),
            wide.inputSize(),
            1,
            1,
            wide.activation(),
            wide.residualScale()),
        new Samples.Sphere(4, Labels.NORMAL),
        Varies.BOTH,
        new StepSize(0.5, true),
        STEPS,
        new DeepRule(1e-12),
        EnumSet.of(
            Recorded.LOSS,
            Recorded.KERNELS,
            Recorded.TRAJECTORY,
            Recorded.PREDICTION,
            Recorded.LIMIT),
        5,
        Streams.COMMON,
        Precision.DOUBLE);
  }

  /**
   * How far curves are from the measured ones.
   *
   * @param start with Θ(0)
   * @param limit with Θ∞
   * @param gram with G^(H)(0) alone, of the restart that is nearest
   * @param bound largest share of 2x + x² that a restart takes up
   */
  private record Distances(double start, double limit, double gram, double bound) {}

  private static Distances distances(DeepExperiment experiment) {
    Outcomes rows = new Outcomes(new RestartRange(0, 0, RESTARTS), experiment.columns());
    assertTrue(new DeepDescent(experiment).train(rows, () -> false));
    int[] steps = TrajectorySteps.upTo(STEPS);
    double[] losses = rows.reals("trajectory_loss");
    DeepPasses passes = new DoubleDeepDescent(experiment, DeepData.of(experiment));
    double start = 0;
    double limit = 0;
    double gram = Double.POSITIVE_INFINITY;
    double bound = 0;
    for (int row = 0; row < RESTARTS; row++) {
      passes.start(row);
      double stepSize = rows.reals("step_size")[row];
      KernelDescent last = new KernelDescent(passes.kernel().last(), passes.residuals(), stepSize);
      double[] largest = new double[3];
      double sum = 0;
      for (int i = 0; i < steps.length; i++) {
        int at = row * steps.length + i;
        if (Double.isNaN(losses[at])) {
          break; // It has reached zero.
        }
        double[] predicted = {
          rows.reals("trajectory_predicted")[at],
          rows.reals("trajectory_limit")[at],
          last.loss(steps[i])
        };
        for (int k = 0; k < 3; k++) {
          double distance = Math.abs(losses[at] - predicted[k]) / rows.reals("start_loss")[row];
          largest[k] = Math.max(largest[k], distance);
        }
        // Between samples the loss is below that at the former.
        int next = i + 1 < steps.length ? steps[i + 1] : steps[i];
        sum += (next - steps[i]) * Math.sqrt(losses[at] / rows.reals("start_loss")[row]);
      }
      start += largest[0] * largest[0] / RESTARTS;
      limit += largest[1] * largest[1] / RESTARTS;
      gram = Math.min(gram, largest[2]);
      double x = stepSize * rows.reals("tangent_change")[row] * sum;
      bound = Math.max(bound, largest[0] / (2 * x + x * x));
    }
    return new Distances(Math.sqrt(start), Math.sqrt(limit), gram, bound);
  }

  /**
   * Stated tolerances: 0.8 ∕ √m with Θ(0), 1.5 ∕ √m with Θ∞; most that was measured, over other
   * seeds and up to 1024 units, is 0.66 and 0.93. The former does not hold with G^(H)(0), for no
   * restart, which no width mends: its rates are others.
   */
  @ParameterizedTest
  @MethodSource("networks")
  void curvesFollowKernelDescent(DeepNetwork network) {
    Distances narrow = distances(experiment(network, NARROW));
    Distances wide = distances(experiment(network, WIDE));
    for (Distances d : new Distances[] {narrow, wide}) {
      double root = Math.sqrt(d == narrow ? NARROW : WIDE);
      assertTrue(d.start < 0.8 / root, () -> d + " with Θ(0)");
      assertTrue(d.limit < 1.5 / root, () -> d + " with Θ∞");
      assertTrue(d.gram > 1.5 * 0.8 / root, () -> d + " with G(0)");
      assertTrue(d.bound < 1, () -> d + " beside the bound");
    }
    // Eight times as wide: by √8 and more, less what twelve restarts leave open.
    assertTrue(wide.start < narrow.start / 2, () -> narrow + " " + wide);
    assertTrue(wide.limit < narrow.limit / 1.5, () -> narrow + " " + wide);
  }
}
