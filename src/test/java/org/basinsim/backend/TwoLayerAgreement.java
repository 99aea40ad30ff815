package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract, and agreement with the reference: for every backend but the reference itself. */
abstract class TwoLayerAgreement extends TwoLayerContract {
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();

  /**
   * A step adds 10⁻¹⁶ (n + k) to a coordinate; the curvature is not below −1, so that 50 steps of
   * 0.02 let this grow by e at most, and a gradient is up to 2πL < 100 times as far off: 50 · 30 ·
   * 10⁻¹⁶ · e · 100 < 10⁻¹⁰.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "7, 7", "3, 1", "13, 17"})
  void fiftyStepsAreTheReferences(int k, int n) {
    TwoLayerExperiment experiment = cell(k, n, 0.02, 50, 1e-12, 1e-12);
    for (long restart : new long[] {0, 67}) {
      double[][] expected = REFERENCE.probe().trajectory(experiment, restart, 50);
      double[][] found = backend().probe().trajectory(experiment, restart, 50);
      assertEquals(51, found.length);
      for (int t = 0; t <= 50; t++) {
        assertArrayEquals(expected[t], found[t], 1e-10, "step " + t);
      }
    }
  }

  /** Fewer students than teachers leave a loss behind, as many find the teachers. */
  @ParameterizedTest
  @CsvSource({"1, 1, 21", "2, 2, 37", "3, 2, 37", "2, 5, 37", "5, 5, 19"})
  void rowsAreTheReferences(int k, int n, int count) {
    TwoLayerExperiment experiment = cell(k, n, 0.1, 2000, 1e-3, 1e-3);
    Outcomes expected = Collector.train(REFERENCE, experiment, count);
    Outcomes found = Collector.train(backend(), experiment, count);
    for (int row = 0; row < count; row++) {
      assertEquals(expected.bytes("outcome")[row], found.bytes("outcome")[row], "row " + row);
      assertEquals(expected.ints("steps")[row], found.ints("steps")[row], "row " + row);
      for (String name : List.of("loss", "gradient")) {
        Column column = experiment.columns().get(name.equals("loss") ? 2 : 3);
        double value = found.reals(name)[row];
        double exact = expected.reals(name)[row];
        assertTrue(column.tolerance().accepts(value, exact), name + " " + value + " " + exact);
      }
    }
  }
}
