package org.basinsim.quadrature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.basinsim.backend.Probe;
import org.basinsim.backend.UnknownExperiment;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.StartLaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against probabilities known in closed form: those of made-up verdicts, and one half. */
class ExactProbabilityTest {
  private static final double RADIUS = 0.7;

  /**
   * Verdicts that make the success probability of an output start whatever a test says.
   *
   * @param angleProbability F_p
   * @param success by mean and contrast
   */
  private record Planted(DoubleUnaryOperator angleProbability, DoubleBinaryOperator success)
      implements Probe {
    @Override
    public Outcome[] verdicts(Experiment experiment, double[][] starts) {
      return Arrays.stream(starts)
          .map(ConvState::of)
          .map(s ->
              angleProbability.applyAsDouble(s.angle())
                      < success.applyAsDouble(s.mean(), s.contrast())
                  ? Outcome.GLOBAL
                  : Outcome.SPURIOUS)
          .toArray(Outcome[]::new);
    }

    @Override
    public int[] words(long key, long stream, int purpose, int step, int count) {
      throw new AssertionError("only verdicts are asked for");
    }

    @Override
    public double[] normals(
        Precision precision, long key, long stream, int purpose, int step, int count) {
      throw new AssertionError("only verdicts are asked for");
    }

    @Override
    public double[] gradient(Experiment experiment, long restart) {
      throw new AssertionError("only verdicts are asked for");
    }

    @Override
    public double[][] trajectory(Experiment experiment, long restart, int steps) {
      throw new AssertionError("only verdicts are asked for");
    }
  }

  private static ConvExperiment cell(int k, int p, StartLaw.Output output) {
    return ConvCell.learned(k, p, 1)
        .start(new StartLaw(StartLaw.Filter.SPHERE, output, RADIUS, false))
        .build();
  }

  /** F_p in elementary functions. */
  private static double angleProbability(int p, double angle) {
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    return switch (p) {
      case 2 -> angle / Math.PI;
      case 3 -> (1 - cosine) / 2;
      case 4 -> (angle - sine * cosine) / Math.PI;
      default -> throw new IllegalArgumentException("p = " + p);
    };
  }

  /**
   * E cos(t·z) of a coordinate z of a start of radius 1. On the sphere in R^k: Σ (−t²∕4)^j ∕ (j!
   * (k∕2)…(k∕2+j−1)); the ball in R^k has the coordinates of the sphere in R^{k+2}.
   */
  private static double characteristic(StartLaw.Output output, int k, double t) {
    return switch (output) {
      case ZERO -> 1;
      case NORMAL -> Math.exp(-t * t / (2 * k));
      case SPHERE, BALL -> {
        double half = (output == StartLaw.Output.BALL ? k + 2 : k) / 2.0;
        double term = 1;
        double sum = 1;
        for (int j = 1; j < 40; j++) {
          term *= -t * t / (4 * j * (half + j - 1));
          sum += term;
        }
        yield sum;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(StartLaw.Output.class)
  void integratesOverEveryLawOfTheStart(StartLaw.Output output) {
    for (int k : new int[] {1, 2, 3, 13, 100}) {
      for (int p : new int[] {2, 3, 4}) {
        // Any direction of the plane will do; one patch has no contrast. Sines add nothing.
        double across = k == 1 ? 0 : 0.8;
        double along = Math.sqrt(1 - across * across);
        double t = 1.7 * Math.sqrt(k);
        DoubleBinaryOperator success =
            (mean, contrast) -> {
              double z = (along * mean + across * contrast) / RADIUS;
              return 0.5 + 0.3 * Math.cos(t * z) + 0.1 * Math.sin(t * z);
            };
        ExactProbability exact =
            ExactProbability.of(
                cell(k, p, output), new Planted(angle -> angleProbability(p, angle), success));
        double truth = 0.5 + 0.3 * characteristic(output, k, t);
        String which = "k %d, p %d: %s".formatted(k, p, exact);
        assertEquals(truth, exact.probability(), exact.error(), which);
        assertTrue(exact.error() <= 5.1e-7, which);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"SPHERE, 0.6366197723675814", "BALL, 0.4244131815783876"})
  void theErrorIsHonestWhereTheIntegrandHasKinks(StartLaw.Output output, double meanSize) {
    // k = 2: the mean size of a coordinate is 2∕π on the circle and 4∕3π in the disc.
    Planted planted =
        new Planted(
            angle -> angleProbability(3, angle),
            (mean, contrast) -> 0.2 + 0.6 * Math.abs(mean) / RADIUS);
    ExactProbability exact = ExactProbability.of(cell(2, 3, output), planted);
    assertEquals(0.2 + 0.6 * meanSize, exact.probability(), exact.error());
    // A kink costs digits, and the estimate says so: it is not there for bisection alone.
    assertTrue(exact.error() > 1e-6 && exact.error() < 1e-3, exact::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6, 17})
  void atRatioZeroOneHalfSucceeds(int p) {
    for (int k : new int[] {2, 25}) {
      ExactProbability exact = ExactProbability.of(ConvCell.learned(k, p, 0).build(), probe());
      assertEquals(0.5, exact.probability(), exact.error());
      assertTrue(exact.error() <= 1e-8, exact::toString);
    }
  }

  @Test
  void appliesToPopulationDescentFromDirectionsEndedByVerdict() {
    assertEquals(
        Optional.empty(), ExactProbability.inapplicable(ConvCell.learned(1, 2, 1).build()));
    assertEquals(
        Optional.empty(),
        ExactProbability.inapplicable(
            ConvCell.learned(25, 6, 4).quadruple().precision(Precision.SINGLE).build()));
    refuses(
        "descent.oracle is online, not population", ConvCell.learned(3, 3, 1).projected(8).build());
    refuses(
        "descent.oracle is empirical, not population",
        ConvCell.learned(3, 3, 1).empirical(8, 2).build());
    refuses("system.output is average, not learned", ConvCell.average(3, 3).build());
    refuses(
        "outcome.stop is accuracy, not verdict", ConvCell.learned(3, 3, 1).near(0.1, 0.1).build());
    refuses(
        "start.filter is cube, not sphere",
        ConvCell.learned(3, 3, 1)
            .start(new StartLaw(StartLaw.Filter.CUBE, StartLaw.Output.BALL, 1, false))
            .build());
    refuses("exact probabilities are for conv", new UnknownExperiment());
  }

  private static void refuses(String reason, Experiment experiment) {
    assertEquals(Optional.of(reason), ExactProbability.inapplicable(experiment));
    assertEquals(
        reason,
        assertThrows(IllegalArgumentException.class, () -> ExactProbability.of(experiment, probe()))
            .getMessage());
  }

  private static Probe probe() {
    return new CpuBackend(new WorkSizing(1, 0, 0)).probe();
  }
}
