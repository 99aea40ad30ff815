package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.random.Philox;
import org.basinsim.verification.Check;
import org.basinsim.verification.Comparison;
import org.basinsim.verification.Mode;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and agreement with the reference: for every backend but the reference itself. */
abstract class ReferenceAgreement extends BackendContract {
  static final ReferenceBackend REFERENCE = new ReferenceBackend();

  private final Comparison comparison = new Comparison(backend(), REFERENCE);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(DIRECT|EMPIRICAL)_.*")
  void gradientsAreTheReferences(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertHolds(comparison.gradients(mode, precision, sizes(precision)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fiftyStepsAreTheReferences(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertHolds(comparison.trajectories(mode, precision, sizes(precision)));
    }
  }

  /** Restarts, and the streams and quotients they are divided into, need up to 48 bits. */
  @ParameterizedTest
  @EnumSource
  void restartsBeyondThirtyTwoBitsAreTheReferences(Mode mode) {
    ConvExperiment experiment = mode.cell(2, 3).stepSize(0.02).build();
    for (long restart : new long[] {(1L << 33) + 5, (1L << 40) - 3, Philox.LAST_STREAM}) {
      assertSameSteps(experiment, restart);
    }
  }

  /** One input a step, one patch, the shortest filter: nothing fills a block of four normals. */
  @ParameterizedTest
  @MethodSource("smallest")
  void theSmallestStepsAreTheReferences(Oracle oracle) {
    ConvCell cell = ConvCell.learned(1, 2, 1).oracle(oracle).stepSize(0.02);
    ConvExperiment experiment = cell.precision(Precision.SINGLE).build();
    for (long restart : new long[] {0, 67}) {
      assertSameSteps(experiment, restart);
    }
  }

  static Stream<Oracle> smallest() {
    return Stream.of(
        new Oracle.Online(true, 1, 1),
        new Oracle.Online(false, 1, 1),
        new Oracle.Online(false, 1, 64),
        new Oracle.Empirical(1, 1));
  }

  private void assertSameSteps(ConvExperiment experiment, long restart) {
    int steps = 10;
    double[][] expected = REFERENCE.probe().trajectory(experiment, restart, steps);
    double[][] found = backend().probe().trajectory(experiment, restart, steps);
    for (int t = 0; t <= steps; t++) {
      double tolerance = Rounding.state(experiment, t);
      assertArrayEquals(expected[t], found[t], tolerance, "step " + t + " of " + restart);
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcomesAreTheReferences(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertHolds(comparison.outcomes(mode, precision, 1001));
    }
  }

  static void assertHolds(Check check) {
    assertTrue(check.holds(), check::toString);
  }

  @ParameterizedTest
  @EnumSource
  void columnsAreTheReferencesWithinTheirTolerances(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertColumns(backend(), mode.cell(2, 3).recordAll().precision(precision).build(), 60);
    }
  }

  /** What replay promises: each column within the tolerance it states. */
  static void assertColumns(Backend backend, ConvExperiment experiment, int count) {
    Outcomes expected = Collector.train(REFERENCE, experiment, count);
    Outcomes rows = Collector.train(backend, experiment, count);
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
    assertTrue(differing.isEmpty(), experiment.precision() + ": " + differing);
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
