package org.basinsim.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Oracle;

/** Every mode against the reference, so that wrong answers are not timed. */
final class Check {
  private static final int RESTARTS = 40;
  private static final int STEPS = 150;

  private Check() {}

  /** Exit code 1 where an answer is wrong. */
  public static void main(String[] arguments) {
    List<String> complaints = complaints();
    complaints.forEach(complaint -> System.out.println("throughput: not timed: " + complaint));
    if (!complaints.isEmpty()) {
      System.exit(1);
    }
    System.out.println("every mode agrees with the reference");
  }

  /** What is wrong, one line a mode; empty where all is well. */
  private static List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    List<Oracle> oracles =
        List.of(
            Work.population(),
            Work.projected(32),
            Work.direct(16, 1),
            Work.direct(16, 16),
            Work.empirical(50, 3));
    for (Oracle oracle : oracles) {
      for (ConvOutput output : ConvOutput.values()) {
        for (Precision precision : Precision.values()) {
          int differing = differing(Work.cell(output, 6, 5, oracle, precision, STEPS, 0.3));
          // In single precision rounding may carry a restart across a threshold.
          if (differing > (precision == Precision.SINGLE ? RESTARTS / 20 : 0)) {
            complaints.add(
                "%s, %s output, %s: %d of %d restarts differ from the reference"
                    .formatted(oracle, output.word(), precision.word(), differing, RESTARTS));
          }
        }
      }
    }
    return complaints;
  }

  private static int differing(ConvExperiment experiment) {
    double[][] expected = rows(Work.train(new ReferenceBackend(), experiment, RESTARTS));
    double[][] actual = rows(Work.train(Work.cpu(2), experiment, RESTARTS));
    int differing = 0;
    for (int row = 0; row < RESTARTS; row++) {
      int at = 0;
      boolean agrees = true;
      for (Column column : experiment.columns()) {
        agrees &= column.tolerance().accepts(actual[row][at], expected[row][at]);
        at++;
      }
      differing += agrees ? 0 : 1;
    }
    return differing;
  }

  /** Restart by column. Columns of one number only. */
  private static double[][] rows(List<Outcomes> pieces) {
    pieces.sort(Comparator.comparingLong(piece -> piece.range().first()));
    List<double[]> rows = new ArrayList<>();
    for (Outcomes piece : pieces) {
      for (int row = 0; row < piece.rows(); row++) {
        int at = row;
        rows.add(
            piece.columns().stream()
                .mapToDouble(column ->
                    ((Number) java.lang.reflect.Array.get(piece.array(column.name()), at))
                        .doubleValue())
                .toArray());
      }
    }
    if (rows.size() != RESTARTS) {
      throw new IllegalStateException(rows.size() + " rows of " + RESTARTS);
    }
    return rows.toArray(double[][]::new);
  }

  /** The middle of an odd number of values. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
