package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.OutcomeRule.Stop;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.StartLaw.Filter;
import org.basinsim.model.conv.StartLaw.Output;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Patches that overlap, on reference and cpu, against independent truth. */
class OverlappingPatchesTest {
  private static final Backend REFERENCE = new ReferenceBackend();
  private static final Backend CPU = new CpuBackend(new WorkSizing(2, 0, 0));

  /** Odd, prime and boundary sizes: {k, p, stride}; the second has longer reach than patches. */
  private static final int[][] SIZES = {{1, 2, 1}, {2, 5, 1}, {3, 3, 2}, {7, 5, 2}, {13, 17, 5}};

  /** Where inputs come from. */
  enum Source {
    POPULATION,
    OWN,
    SHARED,
    DATA;

    ConvCell of(ConvCell cell) {
      return switch (this) {
        case POPULATION -> cell;
        case OWN -> cell.direct(7, 1);
        case SHARED -> cell.direct(67, 64);
        case DATA -> cell.empirical(41, 3);
      };
    }
  }

  private static ConvCell cell(Source source, int... size) {
    int k = size[0];
    double[] filter =
        IntStream.range(0, size[1]).mapToDouble(c -> c % 2 == 0 ? -1 : 1 + 0.1 * c).toArray();
    double[] output = IntStream.range(0, k).mapToDouble(j -> 1.0 / k).toArray();
    ConvCell cell =
        ConvCell.average(k, size[1])
            .teacher(Teacher.of(filter, output))
            .start(new StartLaw(Filter.CUBE, Output.ZERO, 0, false))
            .stride(size[2])
            .slope(k % 2 == 0 ? 0.2 : 0)
            .stepSize(0.2)
            .maxSteps(3000);
    return source.of(cell);
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfTheObjective(Source source) {
    for (int[] size : SIZES) {
      for (Precision precision : Precision.values()) {
        ConvExperiment experiment = cell(source, size).precision(precision).build();
        for (long restart : new long[] {0, 4, 131}) {
          double[] w = TrainingObjective.start(experiment, restart);
          double[] expected =
              source == Source.POPULATION
                  ? Overlap.of(experiment).gradient(w)
                  : new TrainingObjective(experiment, restart, 0).gradient(w);
          // 1e-9: what differences are off by.
          double tolerance = 1e-9 + Rounding.gradient(experiment);
          for (Backend backend : List.of(REFERENCE, CPU)) {
            double[] gradient = backend.probe().gradient(experiment, restart);
            assertArrayEquals(expected, gradient, tolerance, source + " " + experiment.patches());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fiftyStepsAreTheReferences(Source source) {
    for (int[] size : SIZES) {
      for (Precision precision : Precision.values()) {
        ConvExperiment experiment = cell(source, size).stepSize(0.05).precision(precision).build();
        double[][] expected = REFERENCE.probe().trajectory(experiment, 70, 50);
        double[][] found = CPU.probe().trajectory(experiment, 70, 50);
        for (int t = 0; t <= 50; t++) {
          assertArrayEquals(expected[t], found[t], Rounding.state(experiment, t), "step " + t);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void columnsAreTheReferencesWithinTheirTolerances(Source source) {
    for (Precision precision : Precision.values()) {
      for (int[] size : new int[][] {{2, 2, 1}, {3, 5, 2}}) {
        int budget = source == Source.POPULATION ? 3000 : 100;
        // In single precision a gradient of 10⁻⁶ of the first is rounding, whose end is chance.
        ConvCell cell =
            cell(source, size)
                .maxSteps(budget)
                .rule(new OutcomeRule(Stop.ACCURACY, 0.05, 0.1, 0.05, 1e-4, 1e-3))
                .recordAll()
                .precision(precision);
        ReferenceAgreement.assertColumns(CPU, cell.build(), 67);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsDoNotDependOnHowWorkIsCut(Source source) {
    for (Precision precision : Precision.values()) {
      ConvExperiment experiment =
          cell(source, 3, 5, 2)
              .maxSteps(source == Source.POPULATION ? 200 : 12)
              .recordAll()
              .precision(precision)
              .build();
      Outcomes whole = Collector.train(CPU, experiment, 130);
      List<RestartRange> asked = List.of(new RestartRange(0, 0, 130));
      IntUnaryOperator length = i -> 1 + i * 37 % 50;
      List<RestartRange> cut = new ArrayList<>();
      for (int first = 0; first < 130; ) {
        int count = Math.min(length.applyAsInt(first), 130 - first);
        cut.addFirst(new RestartRange(0, first, count));
        first += count;
      }
      for (WorkSizing sizing : List.of(new WorkSizing(1, 7, 0), new WorkSizing(3, 17, 0))) {
        Backend other = new CpuBackend(sizing);
        BackendContract.assertSameBytes(
            whole, Collector.train(other, List.of(experiment), asked, cut).getFirst());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsAreWhereTheRulesSay(Source source) {
    int budget = source == Source.POPULATION ? 3000 : 30;
    ConvExperiment experiment = cell(source, 3, 2, 1).maxSteps(budget).recordAll().build();
    Overlap overlap = new Overlap(experiment.teacher(), 1);
    for (Backend backend : List.of(REFERENCE, CPU)) {
      Outcomes rows = Collector.train(backend, experiment, 100);
      ConvStart start = new ConvStart(experiment);
      int spurious = 0;
      for (int row = 0; row < rows.rows(); row++) {
        assertEquals(start.state(row).angle(), rows.reals("start_angle")[row], 1e-12);
        Outcome outcome = Outcome.of(rows.bytes("outcome")[row]);
        spurious += outcome == Outcome.SPURIOUS ? 1 : 0;
        if (source != Source.POPULATION) {
          continue;
        }
        assertEquals(-1, rows.ints(Column.MINIMUM.name())[row]);
        double[] w = {
          rows.reals(Column.POSITION)[2 * row], rows.reals(Column.POSITION)[2 * row + 1]
        };
        assertEquals(overlap.loss(w), rows.reals("loss")[row], 1e-15);
        if (outcome == Outcome.SPURIOUS) {
          assertTrue(overlap.isBadMinimum(w));
          for (double slope : overlap.gradient(w)) {
            assertEquals(0, slope, 2 * overlap.stationaryGradient(0));
          }
        } else {
          assertEquals(Outcome.GLOBAL, outcome, "row " + row);
        }
      }
      if (source == Source.POPULATION) {
        // 41 % of starts by the paper's figure for (−1, 1); this teacher is close to it.
        assertTrue(spurious > 15 && spurious < 70, spurious + " spurious");
      } else if (source != Source.DATA) {
        assertEquals(0, spurious);
      }
    }
  }

  /** No start is near the teacher at distance 0, and none is kept from diverging. */
  @ParameterizedTest
  @EnumSource
  void hugeStepsDiverge(Source source) {
    for (Precision precision : Precision.values()) {
      ConvExperiment experiment =
          cell(source, 3, 5, 2).endless().stepSize(1e3).precision(precision).record().build();
      for (Backend backend : List.of(REFERENCE, CPU)) {
        Outcomes rows = Collector.train(backend, experiment, 20);
        for (byte outcome : rows.bytes("outcome")) {
          assertEquals(Outcome.DIVERGED.code(), outcome);
        }
      }
    }
  }

  /** A budget that is no limit: only a stop request ends this. */
  @ParameterizedTest
  @EnumSource(names = "POPULATION")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStopRequestIsHonoured(Source source) {
    ConvExperiment endless =
        cell(source, 3, 5, 2).endless().stepSize(1e-12).maxSteps(Integer.MAX_VALUE - 1).build();
    long begin = System.nanoTime();
    Sink impatient =
        new Sink() {
          @Override
          public void accept(Outcomes outcomes) {
            throw new AssertionError("no restart ends here");
          }

          @Override
          public boolean stopped() {
            return System.nanoTime() - begin > 100_000_000;
          }
        };
    try (Trainer trainer = CPU.prepare(List.of(endless))) {
      trainer.train(List.of(new RestartRange(0, 0, 2000)), impatient);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "POPULATION")
  void phasesAndTrajectoriesChangeNoOutcome(Source source) {
    ConvCell cell = cell(source, 3, 2, 1);
    Outcomes plain = Collector.train(CPU, cell.record().build(), 80);
    Outcomes noted =
        Collector.train(CPU, cell.record(Recorded.PHASES, Recorded.TRAJECTORY).build(), 80);
    assertArrayEquals(plain.bytes("outcome"), noted.bytes("outcome"));
    assertArrayEquals(plain.ints("steps"), noted.ints("steps"));
    assertArrayEquals(plain.reals(Column.POSITION), noted.reals(Column.POSITION));
  }
}
