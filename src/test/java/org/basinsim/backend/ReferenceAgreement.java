package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.verification.Check;
import org.basinsim.verification.Comparison;
import org.basinsim.verification.Mode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract, and agreement with the reference: for every backend but the reference itself. */
abstract class ReferenceAgreement extends BackendContract {
  static final ReferenceBackend REFERENCE = new ReferenceBackend();

  private final Comparison comparison = new Comparison(backend(), REFERENCE);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(DIRECT|EMPIRICAL)_.*")
  void gradientsAreTheReferences(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertHolds(comparison.gradients(mode, precision, SIZES));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fiftyStepsAreTheReferences(Mode mode) {
    for (Precision precision : Precision.values()) {
      assertHolds(comparison.trajectories(mode, precision, SIZES));
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
