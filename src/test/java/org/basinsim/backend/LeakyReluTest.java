package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sampled descent with leaky ReLU: the reference against differences, lanes against the reference.
 */
class LeakyReluTest {
  private static final int STEPS = 50;

  /** Lanes that draw for themselves, tiles that share, data sets; odd and prime sizes. */
  static Stream<ConvExperiment> experiments() {
    return Stream.of(Precision.values())
        .flatMap(precision ->
            Stream.of(
                    ConvCell.learned(2, 3, 0.4).direct(7, 1),
                    ConvCell.learned(5, 17, 1).direct(5, 70),
                    ConvCell.average(13, 3).direct(7, 3),
                    ConvCell.average(5, 2).direct(3, 64),
                    ConvCell.learned(5, 3, 1).empirical(41, 2),
                    ConvCell.average(13, 2).empirical(29, 1))
                .map(cell ->
                    cell.slope(0.3)
                        .near(0.4, 0.4)
                        .stepSize(0.2)
                        .maxSteps(30)
                        .recordAll()
                        .precision(precision)
                        .build()));
  }

  private static Backend cpu(WorkSizing sizing) {
    return new CpuBackend(sizing);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void gradientsAreThoseOfTheTrainingObjective(ConvExperiment experiment) {
    for (long restart : new long[] {0, 4, 52}) {
      double[] theta = TrainingObjective.start(experiment, restart);
      double[] expected = new TrainingObjective(experiment, restart, 0).gradient(theta);
      // 1e-9: what the differences themselves are off by.
      assertArrayEquals(
          expected, new ReferenceBackend().probe().gradient(experiment, restart), 1e-9);
      // Sums of up to B·k·p = 425 products of size below 10, each rounded once.
      double rounding = 425 * 10 * experiment.precision().unitRoundoff();
      double[] actual = cpu(new WorkSizing(1, 0, 0)).probe().gradient(experiment, restart);
      assertArrayEquals(expected, actual, 1e-9 + rounding);
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void trajectoriesAreTheReferences(ConvExperiment experiment) {
    double[][] expected = new ReferenceBackend().probe().trajectory(experiment, 5, STEPS);
    double[][] actual = cpu(new WorkSizing(1, 0, 0)).probe().trajectory(experiment, 5, STEPS);
    for (int step = 0; step <= STEPS; step++) {
      // A step changes weights of order one by sums that are off by a few roundoffs of themselves.
      double tolerance = 16 * (step + 1) * experiment.precision().unitRoundoff();
      assertArrayEquals(expected[step], actual[step], tolerance, "step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void rowsDoNotDependOnHowWorkIsCut(ConvExperiment experiment) {
    List<ConvExperiment> cells = List.of(experiment);
    List<RestartRange> asked = List.of(new RestartRange(0, 3, 80));
    List<RestartRange> cut = List.of(new RestartRange(0, 70, 13), new RestartRange(0, 3, 67));
    BackendContract.assertSameBytes(
        Collector.train(cpu(new WorkSizing(1, 0, 0)), cells, asked, asked).getFirst(),
        Collector.train(cpu(new WorkSizing(2, 37, 0)), cells, asked, cut).getFirst());
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void columnsTellOfLeakyReLU(ConvExperiment experiment) {
    Outcomes rows = Collector.train(new ReferenceBackend(), experiment, 30);
    boolean empirical = rows.has("population_loss");
    for (int row = 0; row < rows.rows(); row++) {
      double loss = rows.reals(empirical ? "population_loss" : "loss")[row];
      assertTrue(loss >= 0, "loss " + loss);
      if (!empirical && experiment.learned() && spurious(rows, row)) {
        LearnedReduction population = LearnedReduction.of(experiment);
        assertTrue(population.spuriousIsMinimum() && rows.reals("angle")[row] > 2);
      }
    }
  }

  private static boolean spurious(Outcomes rows, int row) {
    return rows.bytes("outcome")[row] == Outcome.SPURIOUS.code();
  }
}
