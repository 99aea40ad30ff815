package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Leaky ReLU on the population and projected: reduced coordinates against the reference's full
 * dimension, and in law against the inputs themselves.
 */
class LeakyReductionsTest {
  private static final int STEPS = 50;
  private static final OutcomeRule VERDICT =
      new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.4, 0.4, 0.4, 1e-6, 1e-6);

  private static ConvCell near(ConvCell cell) {
    return cell.near(0.4, 0.4);
  }

  /** Odd and prime sizes; the mean of the first overshoots its targets. */
  static Stream<ConvExperiment> experiments() {
    return Stream.of(Precision.values())
        .flatMap(precision ->
            Stream.of(
                    ConvCell.learned(13, 6, 2).slope(0.1).stepSize(0.7).rule(VERDICT),
                    ConvCell.learned(1, 2, 1).slope(0.9).stepSize(0.2).rule(VERDICT),
                    near(ConvCell.learned(5, 17, 1).slope(0.3).stepSize(0.2)),
                    near(ConvCell.average(13, 3).slope(0.3).stepSize(0.5)),
                    near(ConvCell.learned(5, 3, 1).slope(0.3).stepSize(0.2).projected(7)),
                    near(ConvCell.average(13, 2).slope(0.3).stepSize(0.5).projected(7)))
                .map(cell -> cell.maxSteps(60).recordAll().precision(precision).build()));
  }

  private static Backend cpu(WorkSizing sizing) {
    return new CpuBackend(sizing);
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void trajectoriesAreTheReferences(ConvExperiment experiment) {
    double[][] expected = new ReferenceBackend().probe().trajectory(experiment, 5, STEPS);
    double[][] found = cpu(WorkSizing.automatic()).probe().trajectory(experiment, 5, STEPS);
    for (int step = 0; step <= STEPS; step++) {
      double tolerance = Rounding.state(experiment, step);
      for (int i = 0; i < expected[step].length; i++) {
        assertEquals(expected[step][i], found[step][i], tolerance, "step " + step);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void columnsAreTheReferencesWithinTheirTolerances(ConvExperiment experiment) {
    ReferenceAgreement.assertColumns(cpu(WorkSizing.automatic()), experiment, 60);
  }

  /** The same on whatever OpenCL device comes first: each kernel, learned and averaged, once. */
  @Test
  void columnsOfKernelsAreTheReferences() {
    List<ConvExperiment> all = experiments().toList();
    try (GpuDevice device = OpenClPlatform.open(0)) {
      Backend opencl = new GpuBackend(List.of(device), WorkSizing.automatic());
      for (int i : new int[] {0, 3, 4, 6, 11}) {
        ReferenceAgreement.assertColumns(opencl, all.get(i), 60);
      }
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

  /** Both ends, with one patch too, which has a spurious minimum with a slope alone. */
  @Test
  void restartsEndAtBothMinima() {
    for (ConvExperiment experiment :
        List.of(
            ConvCell.learned(1, 2, 1).slope(0.3).build(),
            ConvCell.learned(13, 6, 2).slope(0.01).build())) {
      byte[] outcomes =
          Collector.train(cpu(WorkSizing.automatic()), experiment, 400).bytes("outcome");
      int[] counts = new int[Outcome.values().length];
      for (byte outcome : outcomes) {
        counts[outcome]++;
      }
      int global = counts[Outcome.GLOBAL.code()];
      int spurious = counts[Outcome.SPURIOUS.code()];
      assertTrue(global > 50 && spurious > 50, global + " and " + spurious);
      assertEquals(400, global + spurious);
    }
  }

  private static double[] losses(ConvCell cell) {
    // Steps so large that the noise of one is as large as the step, which the loss tells.
    ConvExperiment experiment =
        cell.endless().maxSteps(2).precision(Precision.SINGLE).record(Recorded.LOSS).build();
    Outcomes rows = Collector.train(cpu(WorkSizing.automatic()), experiment, 20_000);
    return rows.reals("loss");
  }

  /** Restarts of equal index have equal starts, so that what starts vary by drops out. */
  private static double paired(double[] one, double[] other) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = one[i] - other[i];
      sum += difference;
      squares += difference * difference;
    }
    double mean = sum / one.length;
    return mean / Math.sqrt((squares / one.length - mean * mean) / one.length);
  }

  /** Two tests at 6 sigmas: 4·10⁻⁹ together. The many are in the validation of the law. */
  @ParameterizedTest
  @EnumSource
  void projectedIsDirectInLaw(ConvOutput output) {
    boolean learned = output == ConvOutput.LEARNED;
    double[] direct = losses(cell(learned, 0.3).direct(5, 1));
    double[] projected = losses(cell(learned, 0.3).projected(5));
    assertTrue(Math.abs(paired(direct, projected)) < 6, "z " + paired(direct, projected));
    double[] relu = losses(cell(learned, 0).projected(5));
    assertTrue(Math.abs(paired(direct, relu)) > 6, "another slope: z " + paired(direct, relu));
  }

  private static ConvCell cell(boolean learned, double slope) {
    ConvCell cell =
        learned ? ConvCell.learned(3, 5, 1).stepSize(1) : ConvCell.average(3, 5).stepSize(2);
    return cell.slope(slope).streams(Streams.COMMON);
  }
}
