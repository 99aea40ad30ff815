package org.basinsim.quadrature;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.basinsim.backend.Probe;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.StartLaw;

/**
 * The probability that population descent with learned output weights reaches the teacher within
 * its step budget.
 *
 * <p>For output weights at (mean, contrast) the starts that succeed are those with an angle below a
 * critical φ_c, so that P = E[F_p(φ_c(mean, contrast))] with F_p the distribution of the angle
 * between a uniform direction of R^p and a fixed one. φ_c is found by bisection on verdicts; the
 * plane is integrated by the Gauss–Legendre rule in the probability u of a smaller radius and the
 * trapezoid rule in the angle, which converges fast because the integrand is periodic. The squared
 * radius is a power or a logarithm of 1 − u, so the radii are graded towards u = 1. Rules of more
 * and more points follow one another until the sixth digit stands.
 *
 * <p>A cell takes a tenth of a second, or seconds where many bisections end among starts that need
 * the whole budget, and then in proportion to the budget: close to the threshold of the spurious
 * minimum, and, where p is 2 or 3 so that angles near π are not improbable, above it.
 *
 * @param probability within the step budget
 * @param error change from the rule before, and what bisection leaves open
 */
public record ExactProbability(double probability, double error) {
  /** Rules by number of radii and of angles. */
  private static final int[][] RULES = {{6, 24}, {12, 48}, {24, 96}, {48, 192}};

  /** A change this small ends the sequence of rules: half a unit of the sixth digit. */
  private static final double CHANGE = 5e-7;

  /**
   * A bisection ends when the probability between its bounds is this small: below six digits, and
   * early near 0 and π, where angles are improbable and descent is slow.
   */
  private static final double RESOLUTION = 1e-8;

  /** Why this does not apply to an experiment; empty where it does. */
  public static Optional<String> inapplicable(Experiment experiment) {
    if (!(experiment instanceof ConvExperiment conv)) {
      return Optional.of("exact probabilities are for conv");
    }
    if (!(conv.oracle() instanceof Oracle.Population)) {
      return Optional.of("descent.oracle is " + conv.oracle().word() + ", not population");
    }
    if (!conv.learned()) {
      return Optional.of("system.output is average, not learned");
    }
    if (conv.noisy()) {
      return Optional.of("descent.noise leaves the end of a start to chance");
    }
    if (!conv.stopsByVerdict()) {
      return Optional.of("outcome.stop is accuracy, not verdict");
    }
    if (conv.start().filter() != StartLaw.Filter.SPHERE) {
      return Optional.of("start.filter is " + conv.start().filter().word() + ", not sphere");
    }
    return Optional.empty();
  }

  /**
   * The probability of one cell.
   *
   * @param experiment one that {@link #inapplicable} finds nothing against
   * @param probe answers verdicts
   */
  public static ExactProbability of(Experiment experiment, Probe probe) {
    inapplicable(experiment)
        .ifPresent(reason -> {
          throw new IllegalArgumentException(reason);
        });
    ConvExperiment conv = (ConvExperiment) experiment;
    double value = integral(conv, probe, RULES[0]);
    double change = Double.POSITIVE_INFINITY;
    for (int r = 1; r < RULES.length && change > CHANGE; r++) {
      double before = value;
      value = integral(conv, probe, RULES[r]);
      change = Math.abs(value - before);
    }
    return new ExactProbability(value, change + RESOLUTION / 2);
  }

  private static double integral(ConvExperiment experiment, Probe probe, int[] rule) {
    Plane plane = Plane.of(experiment, rule[0], rule[1]);
    ContinuousDistribution squaredSine =
        BetaDistribution.of((experiment.patchSize() - 1) / 2.0, 0.5);
    double[] success = successProbabilities(experiment, probe, plane, squaredSine);
    double sum = 0;
    for (int i = 0; i < success.length; i++) {
      sum += plane.weight()[i] * success[i];
    }
    return sum;
  }

  /** F_p: ½ I(sin²φ; (p−1)∕2, ½) up to π∕2, mirrored beyond. */
  private static double angleProbability(ContinuousDistribution squaredSine, double angle) {
    double sine = Math.sin(angle);
    double half = 0.5 * squaredSine.cumulativeProbability(Math.min(1, sine * sine));
    return angle <= Math.PI / 2 ? half : 1 - half;
  }

  /**
   * At least F_p(high) − F_p(low): the width times the highest density between them. The density is
   * sin^{p−2}(φ) Γ(p∕2) ∕ (√π Γ((p−1)∕2)), and Γ(x + ½) < √x Γ(x).
   */
  private static double mostProbability(int p, double low, double high) {
    double likeliest = Math.clamp(Math.PI / 2, low, high);
    double density = Math.sqrt((p - 1) / (2 * Math.PI)) * Math.pow(Math.sin(likeliest), p - 2);
    return (high - low) * density;
  }

  /** F_p(φ_c) at each point of the plane. */
  private static double[] successProbabilities(
      ConvExperiment experiment, Probe probe, Plane plane, ContinuousDistribution squaredSine) {
    int points = plane.weight().length;
    double[] low = new double[points];
    double[] high = new double[points];
    Arrays.fill(high, Math.PI);
    int[] open = IntStream.range(0, points).toArray();
    while (open.length > 0) {
      double[][] starts = new double[open.length][];
      for (int i = 0; i < open.length; i++) {
        double angle = (low[open[i]] + high[open[i]]) / 2;
        starts[i] =
            new ConvState(
                    Math.cos(angle),
                    Math.sin(angle),
                    plane.mean()[open[i]],
                    plane.contrast()[open[i]],
                    0)
                .toArray();
      }
      Outcome[] verdicts = probe.verdicts(experiment, starts);
      for (int i = 0; i < open.length; i++) {
        double angle = (low[open[i]] + high[open[i]]) / 2;
        double[] bound = verdicts[i] == Outcome.GLOBAL ? low : high;
        bound[open[i]] = angle;
      }
      open =
          Arrays.stream(open)
              .filter(i -> mostProbability(experiment.patchSize(), low[i], high[i]) > RESOLUTION)
              .toArray();
    }
    double[] success = new double[points];
    for (int i = 0; i < points; i++) {
      success[i] = angleProbability(squaredSine, (low[i] + high[i]) / 2);
    }
    return success;
  }

  /**
   * Points of the plane of output weights with their probabilities.
   *
   * @param mean first coordinate
   * @param contrast second coordinate
   * @param weight sums to 1
   */
  private record Plane(double[] mean, double[] contrast, double[] weight) {

    static Plane of(ConvExperiment experiment, int radii, int angles) {
      GaussLegendre rule = GaussLegendre.unit(radii).gradedTowardsOne();
      StartLaw law = experiment.start();
      if (law.output() == StartLaw.Output.ZERO || law.outputRadius() == 0) {
        return new Plane(new double[1], new double[1], new double[] {1});
      }
      if (experiment.patches() == 1) {
        return line(law, rule);
      }
      Plane plane =
          new Plane(
              new double[radii * angles], new double[radii * angles], new double[radii * angles]);
      for (int r = 0; r < radii; r++) {
        double radius = radius(law, experiment.patches(), rule.nodes()[r]);
        for (int a = 0; a < angles; a++) {
          double turn = 2 * Math.PI * (a + 0.5) / angles;
          plane.mean[r * angles + a] = radius * Math.cos(turn);
          plane.contrast[r * angles + a] = radius * Math.sin(turn);
          plane.weight[r * angles + a] = rule.weights()[r] / angles;
        }
      }
      return plane;
    }

    /** One patch: a single output weight. Both signs of each quantile of its size. */
    private static Plane line(StartLaw law, GaussLegendre rule) {
      int n = rule.nodes().length;
      Plane line = new Plane(new double[2 * n], new double[2 * n], new double[2 * n]);
      for (int i = 0; i < 2 * n; i++) {
        double u = rule.nodes()[i / 2];
        double size =
            switch (law.output()) {
              case ZERO -> 0;
              case BALL -> u;
              case SPHERE -> 1;
              case NORMAL -> normalQuantile(u);
            };
        line.mean[i] = (i % 2 == 0 ? 1 : -1) * law.outputRadius() * size;
        line.weight[i] = rule.weights()[i / 2] / 2;
      }
      return line;
    }

    private static double normalQuantile(double u) {
      return NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + u) / 2);
    }

    /** The radius in the plane that is exceeded with probability 1 − u. */
    private static double radius(StartLaw law, int k, double u) {
      double part =
          switch (law.output()) {
            case ZERO -> 0;
            case BALL -> -Math.expm1(2.0 / k * Math.log1p(-u));
            case SPHERE -> k == 2 ? 1 : -Math.expm1(2.0 / (k - 2) * Math.log1p(-u));
            case NORMAL -> -2 * Math.log1p(-u) / k;
          };
      return law.outputRadius() * Math.sqrt(part);
    }
  }
}
