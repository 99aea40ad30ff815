package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Direct descent, online and empirical, against the reference and against itself. */
class DirectDescentTest {
  private static final int STEPS = 12;

  /** p, k and B that fill no block and no chunk evenly; shares below, at and above a tile. */
  static Stream<ConvExperiment> experiments() {
    return Stream.of(Precision.values())
        .flatMap(precision ->
            Stream.of(
                online(precision, ConvOutput.LEARNED, 2, 1, 1, 1),
                online(precision, ConvOutput.LEARNED, 3, 2, 37, 5),
                online(precision, ConvOutput.LEARNED, 17, 13, 11, 70),
                online(precision, ConvOutput.LEARNED, 8, 8, 16, 8),
                online(precision, ConvOutput.LEARNED, 4, 67, 3, 64),
                online(precision, ConvOutput.AVERAGE, 3, 13, 7, 3),
                online(precision, ConvOutput.AVERAGE, 5, 2, 66, 130),
                empirical(precision, ConvOutput.LEARNED, 3, 13, 41, 1),
                empirical(precision, ConvOutput.LEARNED, 17, 2, 35, 3),
                empirical(precision, ConvOutput.AVERAGE, 2, 13, 29, 7)));
  }

  static Stream<ConvExperiment> onlineExperiments() {
    return experiments().filter(experiment -> experiment.oracle() instanceof Oracle.Online);
  }

  private static ConvExperiment online(
      Precision precision, ConvOutput output, int p, int k, int batch, int share) {
    return experiment(precision, output, p, k, new Oracle.Online(false, batch, share));
  }

  private static ConvExperiment empirical(
      Precision precision, ConvOutput output, int p, int k, int samples, int dataSets) {
    Oracle oracle = new Oracle.Empirical(samples, dataSets);
    return experiment(precision, output, p, k, oracle);
  }

  private static ConvExperiment experiment(
      Precision precision, ConvOutput output, int p, int k, Oracle oracle) {
    return experiment(precision, output, p, k, oracle, new Optimizer.Gd());
  }

  static ConvExperiment experiment(
      Precision precision, ConvOutput output, int p, int k, Oracle oracle, Optimizer optimizer) {
    boolean learned = output == ConvOutput.LEARNED;
    return new ConvExperiment(
        new Network(output, p),
        learned ? Teacher.ofRatio(k, p, 1.5, 1, 1) : Teacher.average(k, p, 1.5),
        new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 1, false),
        new Inputs.Gaussian(),
        oracle,
        new Descent(0.1, 200, optimizer, Optional.empty()),
        // Wide enough that a few hundred steps reach it from some starts and not from others.
        new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.4, 0.3, 0.3, 0.05, 0.02),
        EnumSet.allOf(Recorded.class),
        7,
        Streams.INDEPENDENT,
        precision);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void gradientIsTheReferences(ConvExperiment experiment) {
    for (long restart : new long[] {0, 1, 130}) {
      double[] expected = new ReferenceBackend().probe().gradient(experiment, restart);
      double[] actual = cpu(1, 0).probe().gradient(experiment, restart);
      // Sums of up to B·k·p = 2500 products of size below 10, each rounded once.
      double tolerance = 2500 * 10 * experiment.precision().unitRoundoff();
      assertArrayEquals(expected, actual, tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void trajectoryIsTheReferences(ConvExperiment experiment) {
    double[][] expected = new ReferenceBackend().probe().trajectory(experiment, 5, STEPS);
    double[][] actual = cpu(1, 0).probe().trajectory(experiment, 5, STEPS);
    for (int step = 0; step <= STEPS; step++) {
      // η times the gradient's error a step, 2500·10·0.1 roundings, doubled by feedback.
      double tolerance = 5000 * (step + 1) * experiment.precision().unitRoundoff();
      assertArrayEquals(expected[step], actual[step], tolerance, "step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void rowsAreTheReferences(ConvExperiment experiment) {
    RestartRange range = new RestartRange(0, 3, 40);
    List<Outcomes> expected = train(new ReferenceBackend(), experiment, List.of(range));
    List<Outcomes> actual = train(cpu(1, 0), experiment, List.of(range));
    int different = 0;
    for (long restart = range.first(); restart < range.end(); restart++) {
      if (!agree(experiment, row(expected, restart), row(actual, restart))) {
        different++;
      }
    }
    // In single precision a threshold within rounding of a state is passed a step sooner or later.
    assertTrue(different <= (experiment.precision() == Precision.SINGLE ? 2 : 0), "" + different);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void rowsDoNotDependOnHowWorkIsCut(ConvExperiment experiment) {
    List<Outcomes> whole = train(cpu(1, 0), experiment, List.of(new RestartRange(0, 0, 150)));
    List<RestartRange> pieces =
        List.of(new RestartRange(0, 97, 53), new RestartRange(0, 0, 1), new RestartRange(0, 1, 96));
    List<Outcomes> cut = train(cpu(2, 19), experiment, pieces);
    for (long restart = 0; restart < 150; restart++) {
      assertEquals(row(whole, restart), row(cut, restart), "restart " + restart);
    }
  }

  /** A launch of more restarts than a data set has lanes takes lanes up again. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void lanesTakenUpAgainGiveTheSameBits(Precision precision) {
    ConvExperiment experiment = empirical(precision, ConvOutput.LEARNED, 3, 13, 41, 1);
    int restarts = 4 * FloatTile.LANES * 2 + 37;
    RestartRange range = new RestartRange(0, 0, restarts);
    List<Outcomes> whole = train(cpu(1, restarts), experiment, List.of(range));
    List<Outcomes> cut = train(cpu(2, 61), experiment, List.of(range));
    Set<Object> steps = new HashSet<>();
    for (long restart = 0; restart < restarts; restart++) {
      assertEquals(row(whole, restart), row(cut, restart), "restart " + restart);
      steps.add(row(whole, restart).get(1));
    }
    assertTrue(steps.size() > 10, "restarts end at different steps: " + steps);
  }

  @Test
  void endsAreReached() {
    ConvExperiment experiment = online(Precision.DOUBLE, ConvOutput.LEARNED, 8, 8, 16, 8);
    List<Outcomes> outcomes = train(cpu(2, 0), experiment, List.of(new RestartRange(0, 0, 150)));
    long ended =
        Stream.iterate(0L, i -> i < 150, i -> i + 1)
            .filter(i -> ((Number) row(outcomes, i).getFirst()).intValue() == 1)
            .count();
    assertTrue(ended > 0 && ended < 150, ended + " of 150 reached the teacher");
  }

  /** Lanes that draw for themselves, tiles that share: the same sums in the same order. */
  @ParameterizedTest
  @MethodSource("onlineExperiments")
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

  static Backend cpu(int threads, int launch) {
    return new CpuBackend(new WorkSizing(threads, launch, 0));
  }

  static List<Outcomes> train(
      Backend backend, ConvExperiment experiment, List<RestartRange> ranges) {
    List<Outcomes> all = new ArrayList<>();
    try (Trainer trainer = backend.prepare(List.of(experiment))) {
      trainer.train(
          ranges,
          new Sink() {
            @Override
            public void accept(Outcomes outcomes) {
              all.add(outcomes);
            }

            @Override
            public boolean stopped() {
              return false;
            }
          });
    }
    return all;
  }

  /** All numbers of a restart, column by column. */
  static List<Object> row(List<Outcomes> all, long restart) {
    for (Outcomes outcomes : all) {
      RestartRange range = outcomes.range();
      if (range.first() <= restart && restart < range.end()) {
        int row = (int) (restart - range.first());
        List<Object> numbers = new ArrayList<>();
        for (Column column : outcomes.columns()) {
          for (int i = 0; i < column.size(); i++) {
            numbers.add(
                java.lang.reflect.Array.get(
                    outcomes.array(column.name()), row * column.size() + i));
          }
        }
        return numbers;
      }
    }
    throw new AssertionError("restart " + restart + " was not delivered");
  }

  static boolean agree(ConvExperiment experiment, List<Object> expected, List<Object> actual) {
    int at = 0;
    for (Column column : experiment.columns()) {
      for (int i = 0; i < column.size(); i++, at++) {
        double recorded = ((Number) actual.get(at)).doubleValue();
        double recomputed = ((Number) expected.get(at)).doubleValue();
        if (!column.tolerance().accepts(recorded, recomputed)) {
          return false;
        }
      }
    }
    return true;
  }
}
