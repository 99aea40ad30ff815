package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.StartLaw;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Optimizers, leaky ReLU and the shortcut in the kernels, on whatever OpenCL device comes first.
 */
class OpenClOptionsTest {
  private static final int STEPS = 50;
  private static final OutcomeRule RULE =
      new OutcomeRule(OutcomeRule.Stop.ACCURACY, 0.4, 0.4, 0.4, 0.03, 0.1);
  private static final Optimizer MOMENTUM = new Optimizer.Momentum(0.9);
  private static final Optimizer ADAGRAD = new Optimizer.AdaGrad(1e-8);
  private static final Optimizer ADAM = new Optimizer.Adam(0.9, 0.999, 1e-8);
  private static final Backend REFERENCE = new ReferenceBackend();
  private static GpuDevice device;
  private static Backend opencl;

  @BeforeAll
  static void open() {
    device = OpenClPlatform.open(0);
    opencl = backend(WorkSizing.automatic());
  }

  @AfterAll
  static void close() {
    device.close();
  }

  private static Backend backend(WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }

  /**
   * Each optimizer, the slope alone and the shortcut; inputs that are drawn by each restart, drawn
   * for many, and read; odd sizes.
   */
  static Stream<ConvExperiment> experiments() {
    return Stream.of(
            single(ConvCell.learned(2, 3, 0.4).direct(7, 1).slope(0.3).optimizer(MOMENTUM)),
            single(ConvCell.average(13, 3).direct(7, 67).slope(0.3).optimizer(ADAGRAD)),
            single(shortcut(ConvCell.learned(5, 3, 1)).empirical(41, 2).optimizer(ADAM)),
            ConvCell.average(13, 3).direct(7, 1).slope(0.3),
            ConvCell.learned(5, 17, 1).direct(5, 70).slope(0.3).optimizer(ADAM),
            ConvCell.average(3, 5).empirical(29, 2).slope(0.3).optimizer(MOMENTUM))
        .map(cell -> cell.rule(RULE).stepSize(0.1).maxSteps(STEPS).recordAll().build());
  }

  static Stream<ConvExperiment> reduced() {
    return Stream.of(
            single(shortcut(ConvCell.learned(5, 3, 1))).maxSteps(500),
            shortcut(ConvCell.learned(5, 3, 1)).projected(7).maxSteps(60))
        .map(cell -> cell.rule(RULE).stepSize(0.2).recordAll().build());
  }

  private static ConvCell single(ConvCell cell) {
    return cell.precision(Precision.SINGLE);
  }

  private static ConvCell shortcut(ConvCell cell) {
    return cell.start(new StartLaw(StartLaw.Filter.SHORTCUT, StartLaw.Output.BALL, 0.5, false));
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void gradientsAndStepsAreTheReferences(ConvExperiment experiment) {
    for (long restart : new long[] {0, 67}) {
      // Sums of up to B·k·p = 425 products of size below 10, each rounded once.
      assertArrayEquals(
          REFERENCE.probe().gradient(experiment, restart),
          opencl.probe().gradient(experiment, restart),
          425 * 10 * experiment.precision().unitRoundoff());
      double[][] expected = REFERENCE.probe().trajectory(experiment, restart, STEPS);
      double[][] found = opencl.probe().trajectory(experiment, restart, STEPS);
      for (int t = 0; t <= STEPS; t++) {
        // A step changes weights of order one by sums that are off by a few roundoffs of theirs.
        double tolerance = 16 * (t + 1) * experiment.precision().unitRoundoff();
        assertArrayEquals(expected[t], found[t], tolerance, "step " + t);
      }
    }
  }

  /** Of many restarts the late ones are in lanes that others have left at other steps. */
  @ParameterizedTest
  @MethodSource("experiments")
  void outcomesAreTheCpusAndTheSameHoweverWorkIsCut(ConvExperiment experiment) {
    int count = 500;
    Outcomes whole = Collector.train(opencl, experiment, count);
    Outcomes cpu = Collector.train(new CpuBackend(new WorkSizing(1, 0, 0)), experiment, count);
    int differing = 0;
    for (int row = 0; row < count; row++) {
      boolean same =
          whole.bytes("outcome")[row] == cpu.bytes("outcome")[row]
              && whole.ints("steps")[row] == cpu.ints("steps")[row];
      differing += same ? 0 : 1;
    }
    int distinct = (int) Arrays.stream(whole.ints("steps")).distinct().count();
    assertTrue(distinct > 5, distinct + " numbers of steps");
    // In single precision a threshold within rounding of a state is passed a step sooner or later.
    int allowed = experiment.precision() == Precision.SINGLE ? 2 : 0;
    assertTrue(differing <= allowed, differing + " differ");
    RestartRange all = new RestartRange(0, 0, count);
    Outcomes cut =
        Collector.train(
                backend(new WorkSizing(1, 37, 3)),
                List.of(experiment),
                List.of(all),
                List.of(new RestartRange(0, 131, count - 131), new RestartRange(0, 0, 131)))
            .getFirst();
    BackendContract.assertSameBytes(whole, cut);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void columnsAreTheReferences(ConvExperiment experiment) {
    ReferenceAgreement.assertColumns(opencl, experiment, 60);
  }

  @ParameterizedTest
  @MethodSource("reduced")
  void theShortcutOfReducedCoordinatesIsTheReferences(ConvExperiment experiment) {
    ReferenceAgreement.assertColumns(opencl, experiment, 60);
    double[] start = opencl.probe().trajectory(experiment, 3, 0)[0];
    // The teacher's filter lies along the first axis of three: cos = 1/√3.
    assertEquals(1 / Math.sqrt(3), start[0], 8 * experiment.precision().unitRoundoff());
  }
}
