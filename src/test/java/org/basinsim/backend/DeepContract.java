package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every backend that serves over-parameterized networks keeps to. One thin leaf per backend.
 */
abstract class DeepContract {
  private static final DeepNetwork WIDE =
      DeepExperiments.network(Architecture.TWO_LAYER, Activation.RELU, 61);

  /** The backend under test, its work cut like this. */
  abstract Backend backend(WorkSizing sizing);

  final Backend backend() {
    return backend(new WorkSizing(2, 0, 0));
  }

  static DeepExperiment cell(
      DeepNetwork network, Varies varies, StepSize stepSize, int maxSteps, double tolerance) {
    return new DeepExperiment(
        network,
        new Samples.Sphere(3, Labels.SIGNS),
        varies,
        stepSize,
        maxSteps,
        new DeepRule(tolerance),
        EnumSet.of(Recorded.LOSS, Recorded.KERNELS, Recorded.MOVEMENT, Recorded.TRAJECTORY),
        3,
        Streams.INDEPENDENT,
        Precision.DOUBLE);
  }

  static DeepExperiment cell(StepSize stepSize, int maxSteps, double tolerance) {
    return cell(WIDE, Varies.BOTH, stepSize, maxSteps, tolerance);
  }

  @Test
  void wideNetworksReachZeroLoss() {
    Outcomes rows = Collector.train(backend(), cell(new StepSize(0.5, true), 3000, 1e-2), 9);
    for (int row = 0; row < 9; row++) {
      assertEquals(Outcome.GLOBAL.code(), rows.bytes("outcome")[row], "row " + row);
      assertTrue(rows.reals("loss")[row] <= 1e-2 * rows.reals("start_loss")[row]);
    }
  }

  @Test
  void aSpentBudgetIsUndecided() {
    Outcomes rows = Collector.train(backend(), cell(new StepSize(1e-6, true), 3, 1e-9), 5);
    for (int row = 0; row < 5; row++) {
      assertEquals(Outcome.UNDECIDED.code(), rows.bytes("outcome")[row]);
      assertEquals(3, rows.ints("steps")[row]);
    }
  }

  /**
   * Of a thousand times 2∕λ_max; two layers' output is linear in what is active, and so diverges.
   */
  @Test
  void divergedRestartsAreOutcomes() {
    Outcomes rows = Collector.train(backend(), cell(new StepSize(2000, true), 500, 1e-9), 5);
    for (int row = 0; row < 5; row++) {
      assertTrue(
          rows.bytes("outcome")[row] == Outcome.DIVERGED.code() || rows.ints("steps")[row] == 500);
    }
    assertTrue(
        java.util.stream.IntStream.range(0, 5)
            .anyMatch(row -> rows.bytes("outcome")[row] == Outcome.DIVERGED.code()));
  }

  @ParameterizedTest
  @EnumSource(Varies.class)
  void onlyWhatVariesDiffers(Varies varies) {
    Outcomes rows =
        Collector.train(backend(), cell(WIDE, varies, new StepSize(1e-3, false), 1, 1e-9), 3);
    double[] start = rows.reals("start_loss");
    assertTrue(start[0] != start[1] && start[1] != start[2]);
  }

  @Test
  void rowsDoNotDependOnHowWorkIsCut() {
    List<DeepExperiment> cells =
        List.of(
            cell(new StepSize(0.5, true), 40, 1e-1),
            cell(
                DeepExperiments.network(Architecture.RESNET, Activation.TANH, 9),
                Varies.BOTH,
                new StepSize(0.3, true),
                40,
                1e-1));
    List<RestartRange> asked = List.of(new RestartRange(0, 0, 17), new RestartRange(1, 3, 11));
    List<Outcomes> expected = Collector.train(backend(), cells, asked, asked);
    List<RestartRange> pieces =
        List.of(
            new RestartRange(1, 10, 4),
            new RestartRange(0, 1, 16),
            new RestartRange(1, 3, 7),
            new RestartRange(0, 0, 1));
    for (int launch : new int[] {1, 5}) {
      List<Outcomes> rows =
          Collector.train(backend(new WorkSizing(1 + launch % 3, launch, 0)), cells, asked, pieces);
      for (int c = 0; c < cells.size(); c++) {
        BackendContract.assertSameBytes(expected.get(c), rows.get(c));
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStopRequestIsHonouredWithinSecondsEvenInsideARestart() {
    DeepExperiment endless = cell(new StepSize(1e-12, false), 1_000_000_000, 1e-9);
    long begin = System.nanoTime();
    Sink impatient =
        new Sink() {
          @Override
          public void accept(Outcomes outcomes) {
            throw new AssertionError("no restart ends here");
          }

          @Override
          public boolean stopped() {
            return System.nanoTime() - begin > Duration.ofMillis(100).toNanos();
          }
        };
    try (Trainer trainer = backend().prepare(List.of(endless))) {
      trainer.train(List.of(new RestartRange(0, 0, 9)), impatient);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    assertTrue(seconds < 10, "took " + seconds + " s");
  }
}
