package org.basinsim.verification;

import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.twolayer.TwoLayerExperiment;

/**
 * How far rounding may take a right device from the reference, which is right to double precision.
 * Derived for cells of {@link Mode}: teachers of unit norms, step sizes up to 0.2.
 */
public final class Rounding {
  private Rounding() {}

  /**
   * How far a normal may be off: twice the error against exact arithmetic that {@link
   * org.basinsim.random.Gaussian} states, which is 4 roundoffs of its size in either precision. A
   * device that computes it by the same operations gives the very bits.
   */
  public static double normal(Precision precision, double normal) {
    return 8 * precision.unitRoundoff() * Math.abs(normal);
  }

  /**
   * How far a partial derivative may be off. Rounding in a sum of products: at most one roundoff of
   * the sum of sizes for each of the B·k·p terms' path of B + k + p additions, and about 16 for
   * normals, norms and quotients; 16 bounds the mean of |residual| Σ_j |a_j z_j| up to k = 67.
   */
  public static double gradient(Experiment experiment) {
    return switch (experiment) {
      case ConvExperiment conv -> gradient(conv);
      case TwoLayerExperiment two -> gradient(two);
      case DeepExperiment deep -> 16 * path(deep) * deep.precision().unitRoundoff();
      default -> throw new IllegalArgumentException("no bound for " + experiment);
    };
  }

  /** Sums of n + k terms of order one, each off by some 90 roundings of products and angles. */
  private static double gradient(TwoLayerExperiment experiment) {
    return 90 * (experiment.teachers() + experiment.students()) * Precision.DOUBLE.unitRoundoff();
  }

  /**
   * Roundings between a weight and a partial derivative: sums over the inputs of a unit forward,
   * over units backward, in each layer with 16 for the activation and its slope; a sum over samples
   * and positions. 16 bounds Σ |r_i ∂f_i∕∂θ| here.
   */
  private static double path(DeepExperiment experiment) {
    DeepNetwork network = experiment.network();
    int path = experiment.samples().count() * network.positions();
    for (int h = 1; h <= network.depth(); h++) {
      path += network.layer(h).fanIn() + network.width() + 16;
    }
    return path;
  }

  private static double gradient(ConvExperiment experiment) {
    int inputs =
        switch (experiment.oracle()) {
          case Oracle.Population() -> 0;
          case Oracle.Online online -> online.batch();
          case Oracle.Empirical empirical -> empirical.samples();
        };
    int path = inputs + experiment.patches() + experiment.patchSize() + 16;
    return 16 * path * experiment.precision().unitRoundoff();
  }

  /**
   * How far a state may be off after some steps: each adds η times the gradient's error and a few
   * roundings of the state itself, and multiplies what is there by at most 1 + 4η, the losses here
   * curving downwards by less than 4. Of two layers a state is F and 2π times a gradient, as far
   * off as the students times 2π and a curvature below 3.
   *
   * <p>Of deep networks a state is L and the norm of ∂L∕∂θ. Each step changes residuals by (I −
   * ηΘ), which contracts, and adds a path's roundings of their size: after t steps r is off by t +
   * 1 of these, L by |r|, and the gradient by √λ_max times as much; 16 bounds |r|² and |r| √λ_max
   * here.
   */
  public static double state(Experiment experiment, int steps) {
    if (experiment instanceof DeepExperiment deep) {
      return 24 * (steps + 1) * path(deep) * deep.precision().unitRoundoff();
    }
    double stepSize =
        switch (experiment) {
          case ConvExperiment conv -> conv.stepSize();
          case TwoLayerExperiment two -> two.stepSize();
          default -> throw new IllegalArgumentException("no bound for " + experiment);
        };
    double added = stepSize * gradient(experiment) + 4 * experiment.precision().unitRoundoff();
    double observed = experiment instanceof TwoLayerExperiment ? 20 : 1;
    return observed * (steps + 1) * added * Math.exp(4 * stepSize * steps);
  }

  /**
   * How many outcomes may differ. A restart changes sides where a state lies within its error of a
   * separatrix or of the edge of a box: 10⁴ roundoffs of a unit range are 6·10⁻⁴ in single
   * precision, so one in a thousand does; in double they are 10⁻¹², and none does.
   *
   * @param restarts how many are compared
   */
  public static int differingOutcomes(Precision precision, int restarts) {
    return switch (precision) {
      case SINGLE -> restarts / 1000;
      case DOUBLE -> 0;
    };
  }
}
