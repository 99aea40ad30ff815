package org.basinsim.backend.cpu;

import static org.basinsim.backend.cpu.DirectDescentTest.cpu;
import static org.basinsim.backend.cpu.DirectDescentTest.row;
import static org.basinsim.backend.cpu.DirectDescentTest.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.Oracle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers in lanes, against the reference and against themselves. */
class OptimizersTest {
  private static final int STEPS = 50;

  private static Stream<Optimizer> optimizers() {
    return Stream.of(
        new Optimizer.Momentum(0.9),
        new Optimizer.AdaGrad(1e-8),
        new Optimizer.Adam(0.9, 0.999, 1e-8));
  }

  /** Odd sizes, lanes that share inputs and lanes that draw their own, data sets. */
  static Stream<ConvExperiment> experiments() {
    return Stream.of(Precision.values())
        .flatMap(precision ->
            optimizers()
                .flatMap(optimizer ->
                    Stream.of(
                        experiment(precision, ConvOutput.LEARNED, 3, 2, 9, 1, optimizer),
                        experiment(precision, ConvOutput.LEARNED, 17, 5, 7, 70, optimizer),
                        experiment(precision, ConvOutput.AVERAGE, 3, 13, 7, 3, optimizer),
                        experiment(precision, ConvOutput.LEARNED, 3, 13, 41, 0, optimizer),
                        experiment(precision, ConvOutput.AVERAGE, 2, 13, 29, 0, optimizer))));
  }

  static Stream<ConvExperiment> online() {
    return experiments().filter(experiment -> experiment.oracle() instanceof Oracle.Online);
  }

  static Stream<ConvExperiment> empirical() {
    return experiments().filter(experiment -> experiment.oracle() instanceof Oracle.Empirical);
  }

  /**
   * @param share restarts a stream, or 0 for one data set
   */
  private static ConvExperiment experiment(
      Precision precision,
      ConvOutput output,
      int p,
      int k,
      int inputs,
      int share,
      Optimizer optimizer) {
    Oracle oracle =
        share == 0 ? new Oracle.Empirical(inputs, 1) : new Oracle.Online(false, inputs, share);
    return DirectDescentTest.experiment(precision, output, p, k, oracle, optimizer);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void trajectoryIsTheReferences(ConvExperiment experiment) {
    double[][] expected = new ReferenceBackend().probe().trajectory(experiment, 5, STEPS);
    double[][] actual = cpu(1, 0).probe().trajectory(experiment, 5, STEPS);
    for (int step = 0; step <= STEPS; step++) {
      // A step changes weights of order one by sums that are off by a few roundoffs of themselves.
      double tolerance = 16 * (step + 1) * experiment.precision().unitRoundoff();
      assertArrayEquals(expected[step], actual[step], tolerance, "step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("online")
  void ownInputsAndSharedOnesGiveTheSameBits(ConvExperiment experiment) {
    boolean single = experiment.precision() == Precision.SINGLE;
    DirectGroup own = single ? new FloatOwnDescent(experiment) : new DoubleOwnDescent(experiment);
    DirectGroup shared =
        single ? new FloatGroupDescent(experiment, 1) : new DoubleGroupDescent(experiment, 1);
    double[][] expected = shared.trajectory(3, STEPS);
    double[][] actual = own.trajectory(3, STEPS);
    for (int step = 0; step <= STEPS; step++) {
      assertArrayEquals(expected[step], actual[step], "step " + step);
    }
  }

  /** Lanes are taken up again at other steps than their neighbours', with nothing remembered. */
  @ParameterizedTest
  @MethodSource("experiments")
  void rowsDoNotDependOnHowWorkIsCut(ConvExperiment experiment) {
    boolean online = experiment.oracle() instanceof Oracle.Online;
    int restarts = (online ? 1 : 4) * FloatTile.LANES + 37;
    RestartRange range = new RestartRange(0, 0, restarts);
    List<Outcomes> whole = train(cpu(1, restarts), experiment, List.of(range));
    List<Outcomes> cut = train(cpu(2, 89), experiment, List.of(range));
    Set<Object> steps = new HashSet<>();
    for (long restart = 0; restart < restarts; restart++) {
      assertEquals(row(whole, restart), row(cut, restart), "restart " + restart);
      steps.add(row(whole, restart).get(1));
    }
    assertTrue(steps.size() > 10, "restarts end at different steps: " + steps);
  }

  /** Of many restarts on one data set the late ones are in lanes that others have left. */
  @ParameterizedTest
  @MethodSource("empirical")
  void lanesTakenUpAgainGiveTheReferencesRows(ConvExperiment experiment) {
    int restarts = 4 * FloatTile.LANES + 37;
    RestartRange all = new RestartRange(0, 0, restarts);
    RestartRange last = new RestartRange(0, restarts - 20, 20);
    List<Outcomes> expected = train(new ReferenceBackend(), experiment, List.of(last));
    List<Outcomes> actual = train(cpu(1, restarts), experiment, List.of(all));
    int different = 0;
    for (long restart = last.first(); restart < last.end(); restart++) {
      different +=
          DirectDescentTest.agree(experiment, row(expected, restart), row(actual, restart)) ? 0 : 1;
    }
    // In single precision a threshold within rounding of a state is passed a step sooner or later.
    assertTrue(different <= (experiment.precision() == Precision.SINGLE ? 2 : 0), "" + different);
  }
}
