package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.quadrature.ExactProbability;
import org.basinsim.statistics.ExactTests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Quadrature against simulation where the reference tables do not reach, and what it rests on. */
@Tag("validation")
class ExactAgreementTest {
  private static final int RESTARTS = 100_000;

  /** Few enough to matter: at small p some escapes from φ = π are cut short. */
  private static final int BUDGET = 2000;

  @ParameterizedTest
  @EnumSource(StartLaw.Output.class)
  void agreesWithSimulationForEveryLawOfTheStart(StartLaw.Output output) {
    // Below the threshold (k + π − 1)∕π, above it, and, as k = 1 forces, on it.
    double[][] ratios = {{}, {1}, {0.7, 1.9}, {1.2, 2.5}};
    for (int k = 1; k <= 3; k++) {
      for (double ratio : ratios[k]) {
        for (int p = 2; p <= 3; p++) {
          Teacher teacher = Teacher.ofRatio(k, p, 1, 1, ratio);
          double radius = StartLaw.paperRadius(teacher);
          ConvExperiment cell =
              ConvCell.learned(k, p, ratio)
                  .start(new StartLaw(StartLaw.Filter.SPHERE, output, radius, false))
                  .maxSteps(BUDGET)
                  .record()
                  .build();
          ExactProbability exact = ExactProbability.of(cell, Quickest.backend().probe());
          byte[] outcomes = Collector.train(Quickest.backend(), cell, RESTARTS).bytes("outcome");
          long global = ThresholdTest.count(outcomes, Outcome.GLOBAL);
          String found =
              "k %d, p %d, r %s: %d of %d, %s".formatted(k, p, ratio, global, RESTARTS, exact);
          // 10⁻⁶ over 4 laws × 5 ratios × 2 sizes.
          double chance = ExactTests.hasProbability(global, RESTARTS, exact.probability());
          assertTrue(chance > 1e-6 / 40, found);
          assertTrue(exact.error() <= 5.1e-7, found);
        }
      }
    }
  }

  /** A single patch included, which ReLU lets fail by its budget alone. */
  @ParameterizedTest
  @CsvSource({"1, 1, 0.3", "3, 1.2, 0.01", "3, 1.2, 0.3", "3, 1.2, 0.9"})
  void agreesWithSimulationWithLeakyReLU(int k, double ratio, double slope) {
    ConvExperiment cell =
        ConvCell.learned(k, 3, ratio).slope(slope).maxSteps(BUDGET).record().build();
    ExactProbability exact = ExactProbability.of(cell, Quickest.backend().probe());
    byte[] outcomes = Collector.train(Quickest.backend(), cell, RESTARTS).bytes("outcome");
    long global = ThresholdTest.count(outcomes, Outcome.GLOBAL);
    String found = "%d of %d, %s".formatted(global, RESTARTS, exact);
    assertTrue(ExactTests.hasProbability(global, RESTARTS, exact.probability()) > 2e-7, found);
    assertTrue(exact.probability() > 0.2 && exact.probability() < 0.9, found);
  }

  /**
   * The claim behind bisection: for given output weights success is an interval of angles from 0.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "2, 0.7, 0",
    "2, 1.9, 0",
    "25, 1, 0",
    "25, 4, 0",
    "25, 9, 0",
    "49, 16, 0",
    "100, 25, 0",
    "1, 1, 0.01",
    "2, 0.7, 0.3",
    "13, 4, 0.9",
    "25, 4, 0.01",
    "25, 9, 0.3",
    "100, 25, 0.3"
  })
  void successIsAnIntervalOfAngles(int k, double ratio, double slope) {
    int angles = 199;
    int outputs = 60;
    ConvExperiment cell = ConvCell.learned(k, 6, ratio).slope(slope).maxSteps(BUDGET).build();
    SplittableRandom random = new SplittableRandom(k);
    double[][] starts = new double[outputs * angles][];
    for (int output = 0; output < outputs; output++) {
      double mean = cell.start().outputRadius() * random.nextDouble(-1, 1);
      double contrast = k == 1 ? 0 : cell.start().outputRadius() * random.nextDouble(-1, 1);
      for (int i = 0; i < angles; i++) {
        double angle = Math.PI * (i + 0.5) / angles;
        starts[output * angles + i] =
            new ConvState(Math.cos(angle), Math.sin(angle), mean, contrast, 0).toArray();
      }
    }
    Outcome[] verdicts = Quickest.backend().probe().verdicts(cell, starts);
    int mixed = 0;
    for (int output = 0; output < outputs; output++) {
      Outcome[] row = Arrays.copyOfRange(verdicts, output * angles, (output + 1) * angles);
      int successes = 0;
      while (successes < angles && row[successes] == Outcome.GLOBAL) {
        successes++;
      }
      for (int i = successes; i < angles; i++) {
        assertTrue(row[i] != Outcome.GLOBAL, "success again at angle " + i + " of " + output);
      }
      mixed += successes > 0 && successes < angles ? 1 : 0;
    }
    assertTrue(mixed > 0, "no row of angles has both ends");
  }
}
