package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.basinsim.start.TwoLayerStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every backend that serves two layers keeps to. One thin leaf per backend. */
abstract class TwoLayerContract {
  /** The backend under test, its work cut like this. */
  abstract Backend backend(WorkSizing sizing);

  final Backend backend() {
    return backend(new WorkSizing(2, 0, 0));
  }

  static TwoLayerExperiment cell(
      int teachers, int students, double stepSize, int maxSteps, double loss, double gradient) {
    return new TwoLayerExperiment(
        teachers,
        students,
        stepSize,
        maxSteps,
        new TwoLayerRule(loss, gradient),
        EnumSet.allOf(Recorded.class),
        3,
        Streams.INDEPENDENT);
  }

  static TwoLayerExperiment cell(int teachers, int students) {
    return cell(teachers, students, 0.1, 20_000, 1e-3, 1e-3);
  }

  /** Sums of n + k terms of order one, each off by a few roundings. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "7, 7", "3, 1", "13, 17"})
  void gradientsAreThoseOfTheClosedForm(int k, int n) {
    TwoLayerExperiment experiment = cell(k, n);
    for (long restart : new long[] {0, 5, (1L << 40) + 3}) {
      double[][] w = new TwoLayerStart(experiment).students(restart);
      double[] expected =
          Arrays.stream(new TwoLayer(k).gradient(w)).flatMapToDouble(Arrays::stream).toArray();
      double[] found = backend().probe().gradient(experiment, restart);
      assertArrayEquals(expected, found, 1e-14 * (n + k));
    }
  }

  @Test
  void everyOutcomeIsWhatItsNumbersSay() {
    // Spurious where students are too few, or where the only one points away from the teacher.
    for (TwoLayerExperiment experiment : List.of(cell(3, 2), cell(3, 3), cell(1, 1))) {
      Outcomes rows = Collector.train(backend(), experiment, 40);
      for (int row = 0; row < 40; row++) {
        double loss = rows.reals("loss")[row];
        Outcome outcome = Outcome.of(rows.bytes("outcome")[row]);
        assertEquals(loss < 1e-3 ? Outcome.GLOBAL : Outcome.SPURIOUS, outcome, "loss " + loss);
        assertTrue(outcome == Outcome.GLOBAL || rows.reals("gradient")[row] <= 1e-3);
        assertTrue(rows.ints("steps")[row] < 20_000);
      }
    }
  }

  @Test
  void theFirstHitCountsStepZeroIncluded() {
    Outcomes rows = Collector.train(backend(), cell(3, 3, 0.1, 10, 1e3, 1e-6), 20);
    for (int row = 0; row < 20; row++) {
      assertEquals(Outcome.GLOBAL.code(), rows.bytes("outcome")[row]);
      assertEquals(0, rows.ints("steps")[row]);
    }
  }

  @Test
  void aSpentBudgetIsUndecided() {
    Outcomes rows = Collector.train(backend(), cell(3, 3, 0.1, 1, 1e-12, 1e-12), 20);
    for (int row = 0; row < 20; row++) {
      assertEquals(Outcome.UNDECIDED.code(), rows.bytes("outcome")[row]);
      assertEquals(1, rows.ints("steps")[row]);
    }
  }

  /** 100 is far above 2∕L, L ≥ n∕4. */
  @Test
  void divergedRestartsAreOutcomes() {
    Outcomes rows = Collector.train(backend(), cell(3, 4, 100, 1000, 1e-12, 1e-12), 20);
    for (int row = 0; row < 20; row++) {
      assertEquals(Outcome.DIVERGED.code(), rows.bytes("outcome")[row], "row " + row);
      assertTrue(rows.ints("steps")[row] < 1000);
    }
  }

  @Test
  void rowsDoNotDependOnHowWorkIsCut() {
    List<TwoLayerExperiment> cells =
        List.of(cell(3, 2, 0.1, 100, 1e-2, 1e-2), cell(3, 4, 0.1, 100, 1e-2, 1e-2));
    List<RestartRange> asked = List.of(new RestartRange(0, 0, 53), new RestartRange(1, 3, 41));
    List<Outcomes> expected = Collector.train(backend(), cells, asked, asked);
    List<RestartRange> pieces =
        List.of(
            new RestartRange(1, 40, 4),
            new RestartRange(0, 1, 52),
            new RestartRange(1, 3, 37),
            new RestartRange(0, 0, 1));
    for (int launch : new int[] {1, 7, 64}) {
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
    TwoLayerExperiment endless = cell(3, 3, 1e-12, Integer.MAX_VALUE - 1, 1e-12, 1e-12);
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
      trainer.train(List.of(new RestartRange(0, 0, 100)), impatient);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    assertTrue(seconds < 10, "took " + seconds + " s");
  }
}
