package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract, and agreement with the reference: for every backend but the reference itself. */
abstract class ReferenceAgreement extends BackendContract {
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(DIRECT|EMPIRICAL)_.*")
  void gradientsAreTheReferences(Mode mode) {
    for (int[] size : SIZES) {
      for (Precision precision : Precision.values()) {
        ConvExperiment experiment = mode.cell(size[0], size[1]).precision(precision).build();
        for (long restart : new long[] {1, 18}) {
          double[] gradient = backend().probe().gradient(experiment, restart);
          double[] expected = REFERENCE.probe().gradient(experiment, restart);
          assertArrayEquals(expected, gradient, Mode.gradientTolerance(experiment));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fiftyStepsAreTheReferences(Mode mode) {
    int steps = 50;
    for (int[] size : SIZES) {
      for (Precision precision : Precision.values()) {
        ConvExperiment experiment =
            mode.cell(size[0], size[1]).stepSize(0.02).precision(precision).build();
        for (long restart : new long[] {0, 19}) {
          double[][] expected = REFERENCE.probe().trajectory(experiment, restart, steps);
          double[][] states = backend().probe().trajectory(experiment, restart, steps);
          for (int t = 0; t <= steps; t++) {
            assertArrayEquals(
                expected[t], states[t], Mode.stateTolerance(experiment, t), mode + " step " + t);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcomesAreTheReferences(Mode mode) {
    int count = 1001;
    byte[] expected = Collector.train(REFERENCE, mode.cell(3, 5).build(), count).bytes("outcome");
    for (Outcome outcome : List.of(Outcome.GLOBAL, Outcome.UNDECIDED)) {
      assertTrue(count(expected, outcome) > 0, "the comparison wants some " + outcome.word());
    }
    for (Precision precision : Precision.values()) {
      ConvExperiment experiment = mode.cell(3, 5).precision(precision).build();
      byte[] outcomes = Collector.train(backend(), experiment, count).bytes("outcome");
      int differing = 0;
      for (int i = 0; i < count; i++) {
        differing += outcomes[i] == expected[i] ? 0 : 1;
      }
      // A restart changes sides where a state lies within its error of a separatrix or of the edge
      // of a box: in double never here, in single, with 10⁴·2⁻²⁴ = 6·10⁻⁴ of a unit range, for one
      // of a thousand.
      assertTrue(differing <= (precision == Precision.SINGLE ? 1 : 0), differing + " differ");
    }
  }

  private static int count(byte[] outcomes, Outcome outcome) {
    int count = 0;
    for (byte code : outcomes) {
      count += code == outcome.code() ? 1 : 0;
    }
    return count;
  }

  /** What replay promises: each column within the tolerance it states. */
  @ParameterizedTest
  @EnumSource
  void columnsAreTheReferencesWithinTheirTolerances(Mode mode) {
    int count = 60;
    for (Precision precision : Precision.values()) {
      ConvExperiment experiment = mode.cell(3, 5).recordAll().precision(precision).build();
      Outcomes expected = Collector.train(REFERENCE, experiment, count);
      Outcomes rows = Collector.train(backend(), experiment, count);
      List<String> differing = new ArrayList<>();
      for (Column column : experiment.columns()) {
        for (int i = 0; i < count * column.size(); i++) {
          double recorded = number(rows.array(column.name()), i);
          double recomputed = number(expected.array(column.name()), i);
          if (!column.tolerance().accepts(recorded, recomputed)) {
            differing.add(column.name() + "[" + i + "]: " + recorded + ", not " + recomputed);
          }
        }
      }
      assertTrue(differing.isEmpty(), precision + ": " + differing);
    }
  }

  private static double number(Object array, int i) {
    return switch (array) {
      case byte[] bytes -> bytes[i];
      case int[] ints -> ints[i];
      case double[] reals -> reals[i];
      default -> throw new AssertionError("no column holds a " + array.getClass());
    };
  }
}
