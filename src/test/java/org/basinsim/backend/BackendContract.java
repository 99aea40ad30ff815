package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.start.ConvStart;
import org.basinsim.verification.Mode;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend keeps to, checked against independent truth. One thin leaf per backend. */
abstract class BackendContract {
  private static final long KEY = 0x243f6a8885a308d3L;

  /** Odd, prime and boundary sizes: {k, p}. */
  static final int[][] SIZES = {{1, 2}, {2, 3}, {13, 17}};

  private static final List<WorkSizing> SIZINGS =
      List.of(
          new WorkSizing(1, 1, 0),
          new WorkSizing(2, 7, 0),
          new WorkSizing(8, 64, 0),
          new WorkSizing(3, 4096, 0));

  /** The backend under test, its work cut like this. */
  abstract Backend backend(WorkSizing sizing);

  final Backend backend() {
    return backend(new WorkSizing(2, 0, 0));
  }

  /** Those of {@link #SIZES} at which descent is compared in a precision. */
  int[][] sizes(Precision precision) {
    return SIZES;
  }

  @Test
  void wordsAreThoseOfPhiloxBitForBit() {
    for (Purpose purpose : Purpose.values()) {
      for (long stream : new long[] {0, 5, 1L << 33, Philox.LAST_STREAM}) {
        int[] words = backend().probe().words(KEY, stream, purpose.code(), -3, 67);
        assertEquals(67, words.length);
        for (int i = 0; i < words.length; i++) {
          assertEquals(Philox.word(KEY, stream, purpose, -3, i), words[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void normalsAreThoseOfTheSameWords(Precision precision) {
    // Twice the relative error that Gaussian states for either precision.
    double tolerance = precision == Precision.DOUBLE ? 2 * 9e-16 : 2 * 4e-7;
    for (int count : new int[] {1, 3, 64, 1009}) {
      double[] expected = new double[count];
      Gaussian.fill(expected, 0, count, KEY, 1L << 40, Purpose.INPUTS, 9, 0);
      double[] normals =
          backend().probe().normals(precision, KEY, 1L << 40, Purpose.INPUTS.code(), 9, count);
      assertEquals(count, normals.length);
      for (int i = 0; i < count; i++) {
        assertEquals(expected[i], normals[i], tolerance * Math.abs(expected[i]));
      }
    }
  }

  /** In reduced coordinates there is none; their first steps are compared below. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(DIRECT|EMPIRICAL)_.*")
  void gradientsAreThoseOfTheTrainingObjective(Mode mode) {
    for (Precision precision : Precision.values()) {
      for (int[] size : sizes(precision)) {
        ConvExperiment experiment = mode.cell(size[0], size[1]).precision(precision).build();
        for (long restart : new long[] {0, 4, 52}) {
          double[] gradient = backend().probe().gradient(experiment, restart);
          double[] theta = TrainingObjective.start(experiment, restart);
          double[] expected = new TrainingObjective(experiment, restart, 0).gradient(theta);
          // 1e-9: what the differences themselves are off by.
          assertArrayEquals(expected, gradient, 1e-9 + Rounding.gradient(experiment));
        }
      }
    }
  }

  /**
   * Descent by the papers' formulas: the reductions, or differences of the training objective. What
   * is equal in law alone, projected inputs and noise, has tests of that law.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"PROJECTED_.*", ".*_NOISE"})
  void firstStepsFollowTheGradient(Mode mode) {
    int steps = 5;
    for (Precision precision : Precision.values()) {
      for (int[] size : sizes(precision)) {
        ConvExperiment experiment = mode.cell(size[0], size[1]).precision(precision).build();
        double[][] states = backend().probe().trajectory(experiment, 52, steps);
        ConvState[] expected =
            mode.population() ? reduced(experiment, 52, steps) : full(experiment, 52, steps);
        assertEquals(steps + 1, states.length);
        for (int t = 0; t <= steps; t++) {
          double tolerance = 1e-8 + Rounding.state(experiment, t);
          assertArrayEquals(expected[t].toArray(), states[t], tolerance, mode + " step " + t);
        }
      }
    }
  }

  private static ConvState[] reduced(ConvExperiment experiment, long restart, int steps) {
    LearnedReduction learned = new LearnedReduction(experiment.teacher(), experiment.stepSize());
    Average average = new Average(experiment.teacher());
    ConvState[] states = new ConvState[steps + 1];
    states[0] = new ConvStart(experiment).state(restart);
    for (int t = 0; t < steps; t++) {
      states[t + 1] =
          experiment.learned()
              ? learned.step(states[t])
              : average.step(states[t], experiment.stepSize());
    }
    return states;
  }

  private static ConvState[] full(ConvExperiment experiment, long restart, int steps) {
    int p = experiment.patchSize();
    double[] theta = TrainingObjective.start(experiment, restart);
    ConvState[] states = new ConvState[steps + 1];
    for (int t = 0; t <= steps; t++) {
      double[] filter = Arrays.copyOf(theta, p);
      double[] output = Arrays.copyOfRange(theta, p, theta.length);
      states[t] =
          experiment.learned()
              ? experiment.teacher().project(filter, output)
              : experiment.teacher().project(filter);
      double[] gradient = new TrainingObjective(experiment, restart, t).gradient(theta);
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= experiment.stepSize() * gradient[i];
      }
    }
    return states;
  }

  @ParameterizedTest
  @EnumSource
  void rowsDoNotDependOnHowWorkIsCut(Mode mode) {
    for (Precision precision : Precision.values()) {
      List<ConvExperiment> cells =
          List.of(
              mode.cell(13, 17).recordAll().precision(precision).build(),
              mode.cell(2, 3).recordAll().precision(precision).build());
      List<RestartRange> asked = List.of(new RestartRange(0, 0, 53), new RestartRange(1, 3, 41));
      List<Outcomes> expected = Collector.train(backend(), cells, asked, asked);
      Random random = new Random(11);
      for (WorkSizing sizing : SIZINGS) {
        List<RestartRange> ranges = cut(asked, random);
        List<Outcomes> rows = Collector.train(backend(sizing), cells, asked, ranges);
        for (int cell = 0; cell < cells.size(); cell++) {
          assertSameBytes(expected.get(cell), rows.get(cell));
        }
      }
      RestartRange second = new RestartRange(0, 3, 41);
      List<RestartRange> alone = List.of(second);
      assertSameBytes(
          expected.get(1),
          Collector.train(backend(), List.of(cells.get(1)), alone, alone).getFirst());
    }
  }

  private static List<RestartRange> cut(List<RestartRange> asked, Random random) {
    List<RestartRange> ranges = new ArrayList<>();
    for (RestartRange range : asked) {
      long first = range.first();
      while (first < range.end()) {
        long count = Math.min(1 + random.nextInt(20), range.end() - first);
        ranges.add(new RestartRange(range.cell(), first, count));
        first += count;
      }
    }
    Collections.shuffle(ranges, random);
    return ranges;
  }

  static void assertSameBytes(Outcomes expected, Outcomes rows) {
    for (Column column : expected.columns()) {
      Object one = expected.array(column.name());
      Object other = rows.array(column.name());
      switch (column.type()) {
        case UINT8 -> assertArrayEquals((byte[]) one, (byte[]) other, column.name());
        case INT32 -> assertArrayEquals((int[]) one, (int[]) other, column.name());
        case FLOAT64 ->
            assertArrayEquals(bits((double[]) one), bits((double[]) other), column.name());
      }
    }
  }

  private static long[] bits(double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }

  /** Streams have 48 bits; a restart beyond 32 is one like any other. */
  @ParameterizedTest
  @EnumSource
  void restartsWithLargeIndicesAreTheirOwn(Mode mode) {
    ConvExperiment experiment = mode.cell(2, 3).recordAll().build();
    long far = 17 * 3 * (1L << 36);
    List<RestartRange> near = List.of(new RestartRange(0, 0, 5));
    List<RestartRange> asked = List.of(new RestartRange(0, far, 5));
    Outcomes rows = Collector.train(backend(), List.of(experiment), asked, asked).getFirst();
    Outcomes others = Collector.train(backend(), List.of(experiment), near, near).getFirst();
    ConvStart start = new ConvStart(experiment);
    for (int row = 0; row < 5; row++) {
      assertEquals(start.state(far + row).angle(), rows.reals("start_angle")[row], 1e-12);
      assertTrue(rows.reals("angle")[row] != others.reals("angle")[row]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyColumnIsFilledAndTellsOneStory(Mode mode) {
    ConvExperiment experiment = mode.cell(2, 3).recordAll().build();
    Outcomes rows = Collector.train(backend(), experiment, 60);
    assertEquals(experiment.columns(), rows.columns());
    new RowStory(experiment, rows).check();
  }

  /** Empirical outcomes are read from the training loss instead of from nearness. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "EMPIRICAL_.*")
  void theFirstHitCountsStepZeroIncluded(Mode mode) {
    // Every angle is near, and every output weight of size 100.
    ConvExperiment experiment = mode.cell(2, 3).near(Math.PI, 100).build();
    Outcomes rows = Collector.train(backend(), experiment, 20);
    for (int row = 0; row < rows.rows(); row++) {
      assertEquals(Outcome.GLOBAL.code(), rows.bytes("outcome")[row]);
      assertEquals(0, rows.ints("steps")[row]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBudgetOfOneStepIsKept(Mode mode) {
    ConvExperiment endless = mode.cell(2, 3).endless().maxSteps(1).recordAll().build();
    Outcomes rows = Collector.train(backend(), endless, 20);
    for (int row = 0; row < rows.rows(); row++) {
      assertEquals(Outcome.UNDECIDED.code(), rows.bytes("outcome")[row]);
      assertEquals(1, rows.ints("steps")[row]);
    }
    new RowStory(endless, rows).check();
  }

  /** A step size far beyond the limit: a norm passes every bound, or becomes no number at all. */
  @ParameterizedTest
  @EnumSource
  void divergedRestartsAreOutcomes(Mode mode) {
    for (Precision precision : Precision.values()) {
      ConvExperiment experiment =
          mode.cell(2, 3).endless().stepSize(1e3).maxSteps(400).precision(precision).build();
      Outcomes rows = Collector.train(backend(), experiment, 40);
      for (int row = 0; row < rows.rows(); row++) {
        assertEquals(Outcome.DIVERGED.code(), rows.bytes("outcome")[row], mode + " row " + row);
        int steps = rows.ints("steps")[row];
        assertTrue(steps > 0 && steps < 400, "steps " + steps);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 4})
  void ofFourSignsAtLeastOneSucceeds(double ratio) {
    for (Precision precision : Precision.values()) {
      // The threshold of spurious minima is (13 + π − 1)∕π = 4.8.
      ConvExperiment experiment =
          ConvCell.learned(13, 3, ratio).quadruple().precision(precision).build();
      byte[] outcomes = Collector.train(backend(), experiment, 400).bytes("outcome");
      for (int first = 0; first < outcomes.length; first += 4) {
        int global = 0;
        for (int i = first; i < first + 4; i++) {
          global += outcomes[i] == Outcome.GLOBAL.code() ? 1 : 0;
        }
        // With r = 0 descent starts at a = 0 and the sign of cos φ decides: exactly two.
        assertTrue(ratio == 0 ? global == 2 : global >= 1, "quadruple at " + first + ": " + global);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void verdictsAreThoseOfTheReduction(Precision precision) {
    ConvExperiment experiment = ConvCell.learned(13, 6, 2).precision(precision).build();
    ConvStart start = new ConvStart(experiment);
    LearnedReduction reduction = new LearnedReduction(experiment.teacher(), 0.05);
    int count = 1003;
    double[][] starts = new double[count][];
    Outcome[] expected = new Outcome[count];
    for (int i = 0; i < count; i++) {
      starts[i] = start.state(i).toArray();
      expected[i] = reduction.descend(start.state(i), experiment.maxSteps());
    }
    Outcome[] verdicts = backend().probe().verdicts(experiment, starts);
    int differing = 0;
    for (int i = 0; i < count; i++) {
      differing += verdicts[i] == expected[i] ? 0 : 1;
    }
    // Only a start within rounding of the separatrix can change sides: with 10⁴·2⁻²⁴ = 6·10⁻⁴ of
    // the unit range in single precision, one of a thousand at most.
    assertTrue(differing <= (precision == Precision.SINGLE ? 1 : 0), differing + " differ");
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStopRequestIsHonouredWithinSecondsEvenInsideARestart(Mode mode) {
    // Steps so small that no restart arrives anywhere.
    ConvExperiment endless =
        mode.cell(2, 3).endless().stepSize(1e-12).maxSteps(Integer.MAX_VALUE).record().build();
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
      trainer.train(List.of(new RestartRange(0, 0, 2000)), impatient);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    // Asked once a second or more often; the rest is for a busy machine.
    assertTrue(seconds < 10, "took " + seconds + " s");
  }

  @Test
  void whatTheSinkThrowsReachesTheCaller() {
    ConvExperiment experiment = Mode.POPULATION_LEARNED.cell(2, 3).build();
    IllegalStateException full = new IllegalStateException("disk full");
    Sink failing =
        new Sink() {
          @Override
          public void accept(Outcomes outcomes) {
            throw full;
          }

          @Override
          public boolean stopped() {
            return false;
          }
        };
    try (Trainer trainer = backend(new WorkSizing(2, 7, 0)).prepare(List.of(experiment))) {
      List<RestartRange> ranges = List.of(new RestartRange(0, 0, 100));
      assertSame(
          full, assertThrows(IllegalStateException.class, () -> trainer.train(ranges, failing)));
    }
  }

  @Test
  void anExperimentOfAnUnknownSystemIsRefused() {
    Experiment unknown = new UnknownExperiment();
    assertThrows(BackendUnavailable.class, () -> backend().prepare(List.of(unknown)));
  }
}
