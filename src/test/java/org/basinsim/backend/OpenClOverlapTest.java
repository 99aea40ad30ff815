package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel of patches that overlap, on whatever OpenCL device comes first. */
class OpenClOverlapTest {
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

  private static ConvCell cell(int k, int p, int stride) {
    double[] filter =
        IntStream.range(0, p).mapToDouble(c -> c % 2 == 0 ? -1 : 1 + 0.1 * c).toArray();
    double[] output = IntStream.range(0, k).mapToDouble(j -> 1.0 / k).toArray();
    return ConvCell.average(k, p)
        .teacher(Teacher.of(filter, output))
        .start(new StartLaw(StartLaw.Filter.CUBE, StartLaw.Output.ZERO, 0, false))
        .stride(stride)
        .stepSize(0.05)
        .maxSteps(3000);
  }

  @ParameterizedTest
  @EnumSource
  void gradientAndStepsAreTheReferences(Precision precision) {
    for (int[] size : new int[][] {{2, 5, 1, 0}, {13, 17, 5, 3}}) {
      ConvExperiment experiment =
          cell(size[0], size[1], size[2]).slope(size[3] / 10.0).precision(precision).build();
      double[] filter = new ConvStart(experiment).filter(70);
      assertArrayEquals(
          Overlap.of(experiment).gradient(filter),
          opencl.probe().gradient(experiment, 70),
          Rounding.gradient(experiment));
      double[][] expected = REFERENCE.probe().trajectory(experiment, 70, 50);
      double[][] found = opencl.probe().trajectory(experiment, 70, 50);
      for (int t = 0; t <= 50; t++) {
        assertArrayEquals(expected[t], found[t], Rounding.state(experiment, t), "step " + t);
      }
    }
  }

  /** k = 2, p = 2, stride 1: some restarts end at the bad minimum, with a slope, too. */
  @ParameterizedTest
  @EnumSource
  void columnsAreTheReferencesWithinTheirTolerances(Precision precision) {
    double slope = precision == Precision.DOUBLE ? 0.1 : 0;
    ReferenceAgreement.assertColumns(
        opencl,
        cell(2, 2, 1).slope(slope).stepSize(0.2).recordAll().precision(precision).build(),
        150);
  }

  @Test
  void rowsDoNotDependOnHowWorkIsCut() {
    ConvExperiment experiment = cell(3, 5, 2).maxSteps(200).recordAll().build();
    Outcomes whole = Collector.train(opencl, experiment, 300);
    Outcomes small =
        Collector.train(
                backend(new WorkSizing(1, 37, 3)),
                List.of(experiment),
                List.of(new RestartRange(0, 0, 300)),
                List.of(new RestartRange(0, 131, 169), new RestartRange(0, 0, 131)))
            .getFirst();
    whole
        .columns()
        .forEach(column ->
            assertTrue(
                Objects.deepEquals(whole.array(column.name()), small.array(column.name())),
                column.name()));
  }
}
