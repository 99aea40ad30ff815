package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.TrajectorySteps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of losses made up. */
class DeepRowsTest {
  private static final int BUDGET = 1000;
  private static final TangentKernel KERNEL =
      new TangentKernel(new double[] {3, 1, 1, 3}, new double[] {1, 0, 0, 0.5});

  private static DeepExperiment experiment() {
    return DeepExperiments.experiment(
        DeepExperiments.network(Architecture.TWO_LAYER, Activation.RELU, 3),
        2,
        BUDGET,
        Precision.DOUBLE);
  }

  /** One row, number 1 of 3, ended after so many steps; residuals 1 and −1, so that L(0) = 1. */
  private static Outcomes row(int steps, IntToDoubleFunction losses, Outcome outcome) {
    DeepExperiment experiment = experiment();
    Outcomes outcomes = new Outcomes(new RestartRange(0, 4, 3), experiment.columns());
    LimitKernels limits =
        new LimitKernels(
            experiment.network(),
            stream -> {
              throw new AssertionError("nobody asked for the limit");
            });
    DeepRows.Row row = new DeepRows(experiment, limits, outcomes).begin(1);
    row.start(new double[] {1, -1}, KERNEL);
    for (int t = 0; t <= steps; t++) {
      row.loss(t, losses.applyAsDouble(t));
    }
    row.end(
        outcome,
        steps,
        losses.applyAsDouble(steps),
        KERNEL,
        new DeepRows.Movement(new double[] {7}, 0.25, 8));
    return outcomes;
  }

  /** ln L is a line in t: least squares find its slope to the digits of logarithms. */
  @ParameterizedTest
  @CsvSource({"2, 0.5", "3, 1.5", "10, 0.7", "137, 0.95", "999, 0.999", "1000, 0.9999", "641, 1"})
  void ratesAreThoseOfGeometricLosses(int steps, double rate) {
    Outcomes rows = row(steps, t -> 5 * Math.pow(rate, t), Outcome.UNDECIDED);
    assertEquals(rate, rows.reals("rate")[1], 1e-12);
  }

  /** A fast start does not count: only the second half is fitted. */
  @Test
  void ratesAreThoseOfTheSecondHalf() {
    Outcomes rows =
        row(
            800,
            t -> t < 400 ? Math.pow(0.9, t) : Math.pow(0.9, 400) * Math.pow(0.99, t - 400),
            Outcome.UNDECIDED);
    assertEquals(0.99, rows.reals("rate")[1], 1e-12);
  }

  @Test
  void whereThereIsNoRateItIsNotANumber() {
    assertEquals(Double.NaN, row(0, t -> 1, Outcome.GLOBAL).reals("rate")[1]);
    assertEquals(Double.NaN, row(1, t -> 1, Outcome.GLOBAL).reals("rate")[1], "one step's half");
    assertEquals(
        Double.NaN, row(500, t -> t == 500 ? 0 : 0.5, Outcome.GLOBAL).reals("rate")[1], "zero");
    assertEquals(Double.NaN, row(500, t -> t > 300 ? 0 : 0.5, Outcome.GLOBAL).reals("rate")[1]);
    assertEquals(
        Double.NaN,
        row(5, t -> t == 5 ? Double.POSITIVE_INFINITY : 1, Outcome.DIVERGED).reals("rate")[1],
        "infinity");
    assertEquals(
        Double.NaN, row(5, t -> t == 5 ? Double.NaN : 1, Outcome.DIVERGED).reals("rate")[1]);
  }

  @Test
  void trajectoriesStopWithTheRestart() {
    int[] sampled = TrajectorySteps.upTo(BUDGET);
    int steps = 30;
    assertTrue(Arrays.binarySearch(sampled, steps) < 0, "between samples");
    double[] losses = row(steps, t -> 1.0 / (1 + t), Outcome.GLOBAL).reals("trajectory_loss");
    for (int i = 0; i < sampled.length; i++) {
      double expected = sampled[i] <= steps ? 1.0 / (1 + sampled[i]) : Double.NaN;
      assertEquals(expected, losses[sampled.length + i], "step " + sampled[i]);
    }
  }

  /** Of a kernel with eigenvalues 2, of (1, −1), and 4: r(0) is along the former. */
  @Test
  void predictionsGoOnToTheBudget() {
    int[] sampled = TrajectorySteps.upTo(BUDGET);
    Outcomes rows = row(3, t -> 1, Outcome.GLOBAL);
    double stepSize = 0.5 / 4;
    assertEquals(stepSize, rows.reals("step_size")[1], 1e-15);
    assertEquals(0.75 * 0.75, rows.reals("rate_predicted")[1], 1e-14);
    for (int i = 0; i < sampled.length; i++) {
      double expected = Math.pow(0.75, 2 * sampled[i]);
      double found = rows.reals("trajectory_predicted")[sampled.length + i];
      assertEquals(expected, found, 1e-12 * expected + 1e-25, "step " + sampled[i]);
    }
  }

  @Test
  void whatIsRecordedStandsInItsRow() {
    Outcomes rows = row(3, t -> 0.5, Outcome.GLOBAL);
    assertEquals(Outcome.GLOBAL.code(), rows.bytes("outcome")[1]);
    assertEquals(3, rows.ints("steps")[1]);
    assertEquals(1, rows.reals("start_loss")[1]);
    assertEquals(0.5, rows.reals("loss")[1]);
    assertEquals(2, rows.reals("tangent_min_start")[1], 1e-14);
    assertEquals(4, rows.reals("tangent_max_end")[1], 1e-14);
    assertEquals(0.5, rows.reals("gram_min_end")[1], 1e-14);
    assertEquals(1, rows.reals("gram_max_start")[1], 1e-14);
    assertEquals(0, rows.reals("tangent_change")[1]);
    assertArrayEquals(new double[] {0, 7, 0}, rows.reals("movement"));
    assertEquals(0.25, rows.reals("flipped")[1]);
    assertEquals(8, rows.reals("largest_movement")[1]);
  }

  /** The thresholds themselves count. */
  @Test
  void theRuleGoesByTheLossOfTheStart() {
    DeepRule rule = new DeepRule(0.25);
    assertEquals(Outcome.GLOBAL, rule.established(2, 8));
    assertEquals(Outcome.UNDECIDED, rule.established(Math.nextUp(2.0), 8));
    assertEquals(Outcome.UNDECIDED, rule.established(8e6, 8));
    assertEquals(Outcome.DIVERGED, rule.established(Math.nextUp(8e6), 8));
    assertEquals(Outcome.DIVERGED, rule.established(Double.NaN, 8));
    assertEquals(Outcome.GLOBAL, rule.established(0, 0));
  }

  /** Where all gradients are zero, descent stays where it is, at any step size. */
  @Test
  void aKernelOfZerosHasNoStep() {
    assertEquals(0, new StepSize(0.5, true).of(0));
    assertEquals(0.125, new StepSize(0.5, true).of(4));
    assertEquals(0.5, new StepSize(0.5, false).of(Double.NaN));
  }
}
