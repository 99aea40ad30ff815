package org.basinsim.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.Oracle;
import org.junit.jupiter.api.Test;

/**
 * A fault is found in its own tier and in no other. The honest answers on either side are the
 * CPU's, which are quick; that they are right is the contract test's to show.
 */
class VerificationTest {
  private static final Backend HONEST = new CpuBackend(new WorkSizing(2, 0, 0));

  private static List<Check> verify(Backend device) {
    Verification verification = new Verification(device, HONEST);
    List<Check> checks = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      List<Check> some = verification.checks(tier);
      assertFalse(some.isEmpty(), tier::toString);
      some.forEach(check -> assertEquals(tier, check.tier()));
      checks.addAll(some);
    }
    return checks;
  }

  /** What fails, as {@code tier: check}. */
  private static Set<String> failures(Backend device) {
    return verify(device).stream()
        .filter(Check::fails)
        .map(check -> check.tier().word() + ": " + check.what())
        .collect(Collectors.toSet());
  }

  private static void assertFailsIn(Tier tier, Backend device) {
    Set<Tier> failing = EnumSet.noneOf(Tier.class);
    verify(device).stream().filter(Check::fails).forEach(check -> failing.add(check.tier()));
    assertEquals(Set.of(tier), failing);
  }

  @Test
  void anHonestDeviceHoldsEverywhere() {
    List<Check> checks = verify(HONEST);
    assertTrue(checks.stream().allMatch(Check::holds), checks::toString);
    assertEquals(checks.size(), checks.stream().map(c -> c.tier() + c.what()).distinct().count());
  }

  @Test
  void oneWrongWordIsFound() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          public int[] words(long key, long stream, int purpose, int step, int count) {
            int[] words = super.words(key, stream, purpose, step, count);
            // The last word of the longest answers to one purpose: no block starts there.
            words[count - 1] ^= count == 1009 && purpose == 3 ? 1 : 0;
            return words;
          }
        };
    assertEquals(Set.of("random: words of every purpose"), failures(device));
  }

  @Test
  void aNormalOffByAMillionthIsFound() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          public double[] normals(
              Precision precision, long key, long stream, int purpose, int step, int count) {
            double[] normals = super.normals(precision, key, stream, purpose, step, count);
            normals[count / 2] += 1e-6;
            return normals;
          }
        };
    assertEquals(Set.of("random: normals, single", "random: normals, double"), failures(device));
  }

  @Test
  void oneWrongPartialDerivativeIsFound() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          public double[] gradient(Experiment experiment, long restart) {
            double[] gradient = super.gradient(experiment, restart);
            gradient[gradient.length - 1] += 1e-3;
            return gradient;
          }
        };
    assertFailsIn(Tier.GRADIENT, device);
  }

  @Test
  void aStepTooLargeByOnePerCentIsFoundInEveryMode() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          public double[][] trajectory(Experiment experiment, long restart, int steps) {
            double[][] states = super.trajectory(experiment, restart, steps);
            double[] start = states[0].clone();
            for (double[] state : states) {
              Arrays.setAll(state, i -> start[i] + 1.01 * (state[i] - start[i]));
            }
            return states;
          }
        };
    List<Check> checks = verify(device);
    for (Check check : checks) {
      assertEquals(check.tier() == Tier.TRAJECTORY, check.fails(), check::toString);
    }
  }

  @Test
  void anOutcomeInFiftyThatIsWrongIsFound() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          protected void spoil(Experiment experiment, Outcomes piece) {
            byte[] outcomes = piece.bytes("outcome");
            for (int row = 0; row < outcomes.length; row++) {
              if ((piece.range().first() + row) % 50 == 7) {
                outcomes[row] =
                    outcomes[row] == Outcome.GLOBAL.code()
                        ? Outcome.SPURIOUS.code()
                        : Outcome.GLOBAL.code();
              }
            }
          }
        };
    assertFailsIn(Tier.OUTCOME, device);
  }

  @Test
  void aSampledGradientThatFavoursSuccessIsFoundByItsFrequency() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          protected void spoil(Experiment experiment, Outcomes piece) {
            if (!(experiment instanceof ConvExperiment conv)
                || conv.oracle() instanceof Oracle.Population
                || !(conv.descent().optimizer() instanceof Optimizer.Gd)) {
              return;
            }
            byte[] outcomes = piece.bytes("outcome");
            for (int row = 0; row < outcomes.length; row++) {
              if ((piece.range().first() + row) % 2 == 0) {
                outcomes[row] = Outcome.GLOBAL.code();
              }
            }
          }
        };
    Set<String> failures = failures(device);
    assertEquals(10, failures.size(), failures::toString);
    assertTrue(failures.stream().allMatch(failure -> failure.startsWith("outcome: ")));
    // Two more are of restarts that are compared one by one.
    assertEquals(8, failures.stream().filter(failure -> failure.contains("frequency, ")).count());
  }

  @Test
  void answersOfTheWrongLengthAndNoNumbersAreFound() {
    Backend device =
        new Disguised(HONEST) {
          @Override
          public int[] words(long key, long stream, int purpose, int step, int count) {
            return new int[0];
          }

          @Override
          public double[] normals(
              Precision precision, long key, long stream, int purpose, int step, int count) {
            return new double[0];
          }

          @Override
          public double[] gradient(Experiment experiment, long restart) {
            double[] gradient = super.gradient(experiment, restart);
            Arrays.fill(gradient, Double.NaN);
            return gradient;
          }

          @Override
          public double[][] trajectory(Experiment experiment, long restart, int steps) {
            return Arrays.copyOf(super.trajectory(experiment, restart, steps), steps);
          }

          @Override
          protected void spoil(Experiment experiment, Outcomes piece) {
            Arrays.fill(piece.bytes("outcome"), (byte) -2);
          }
        };
    List<Check> checks = verify(device);
    assertTrue(checks.stream().allMatch(Check::fails), checks::toString);
  }

  @Test
  void whatADeviceCannotDoIsNoFailure() {
    List<Check> checks = verify(without(Precision.DOUBLE));
    for (Check check : checks) {
      boolean asked = !check.what().endsWith(", double");
      assertEquals(asked, check.holds(), check::toString);
      assertEquals(asked ? "" : "no double here", check.missing());
      assertFalse(check.fails(), check::toString);
    }
  }

  @Test
  void aDeviceWithoutSinglePrecisionIsNone() {
    Verification verification = new Verification(without(Precision.SINGLE), HONEST);
    for (Tier tier : Tier.values()) {
      assertThrows(BackendUnavailable.class, () -> verification.checks(tier));
    }
  }

  /** A device that refuses a precision whatever it is asked. */
  private static Backend without(Precision precision) {
    return new Disguised(HONEST) {
      private void refuse(Precision asked) {
        if (asked == precision) {
          throw new BackendUnavailable("no " + precision.word() + " here");
        }
      }

      @Override
      public Trainer prepare(List<? extends Experiment> experiments) {
        experiments.forEach(experiment -> refuse(experiment.precision()));
        return super.prepare(experiments);
      }

      @Override
      public double[] normals(
          Precision asked, long key, long stream, int purpose, int step, int count) {
        refuse(asked);
        return super.normals(asked, key, stream, purpose, step, count);
      }

      @Override
      public double[] gradient(Experiment experiment, long restart) {
        refuse(experiment.precision());
        return super.gradient(experiment, restart);
      }

      @Override
      public double[][] trajectory(Experiment experiment, long restart, int steps) {
        refuse(experiment.precision());
        return super.trajectory(experiment, restart, steps);
      }
    };
  }
}
