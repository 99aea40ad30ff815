package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.OutcomeRule.Stop;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.StartLaw.Filter;
import org.basinsim.model.conv.StartLaw.Output;
import org.basinsim.model.conv.Teacher;
import org.basinsim.verification.Rounding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Descent on inputs of every law, of patches that overlap and that do not: lanes and kernels
 * against the reference, the reference against the training objective.
 */
class SampledInputsTest {
  private static final Backend REFERENCE = new ReferenceBackend();
  private static final Backend CPU = new CpuBackend(new WorkSizing(2, 0, 0));
  private static GpuDevice device;

  /** Each way to get inputs with a law and a stride; k and p odd, prime and a multiple of four. */
  enum Case {
    OWN_CORRELATED(Precision.SINGLE, learned(3, 5).inputs(new Inputs.Correlated(0.7)).direct(7, 1)),
    OWN_SIGNS(Precision.DOUBLE, learned(2, 4).inputs(new Inputs.Rademacher()).direct(5, 3)),
    OWN_OVERLAP(Precision.DOUBLE, overlap(3, 5, 2).direct(7, 1)),
    OWN_OVERLAP_CORRELATED(
        Precision.SINGLE, overlap(2, 6, 2).inputs(new Inputs.Correlated(-0.4)).direct(5, 1)),
    SHARED_CORRELATED(
        Precision.DOUBLE, learned(3, 3).inputs(new Inputs.Correlated(-0.4)).direct(17, 64)),
    SHARED_UNIFORM(Precision.SINGLE, learned(13, 3).inputs(new Inputs.Uniform()).direct(9, 64)),
    SHARED_SIGNS(Precision.DOUBLE, learned(3, 2).inputs(new Inputs.Rademacher()).direct(7, 64)),
    SHARED_OVERLAP_CORRELATED(
        Precision.SINGLE, overlap(7, 5, 2).inputs(new Inputs.Correlated(0.5)).direct(17, 64)),
    DATA_UNIFORM(Precision.SINGLE, learned(3, 5).inputs(new Inputs.Uniform()).empirical(41, 3)),
    DATA_OVERLAP(Precision.DOUBLE, overlap(3, 5, 2).empirical(41, 3)),
    DATA_OVERLAP_SIGNS(
        Precision.SINGLE, overlap(13, 3, 1).inputs(new Inputs.Rademacher()).empirical(37, 1)),
    DATA_SPLITTING(
        Precision.DOUBLE,
        ConvCell.average(2, 6)
            .teacher(Teacher.planted(2, 3))
            .inputs(new Inputs.SetSplitting(3, 8))
            .empirical(11, 5));

    private final Precision precision;
    private final ConvCell cell;

    Case(Precision precision, ConvCell cell) {
      this.precision = precision;
      this.cell = cell;
    }

    /** Wide rules, so that some restarts end at every step. */
    ConvExperiment experiment() {
      return cell.stepSize(0.05)
          .maxSteps(40)
          .rule(new OutcomeRule(Stop.ACCURACY, 0.6, 0.6, 0.6, 0.1, 0.1))
          .recordAll()
          .precision(precision)
          .build();
    }

    private static ConvCell learned(int k, int p) {
      return ConvCell.learned(k, p, 1);
    }

    private static ConvCell overlap(int k, int p, int stride) {
      double[] filter =
          IntStream.range(0, p).mapToDouble(c -> c % 2 == 0 ? -1 : 1 + 0.1 * c).toArray();
      double[] output = IntStream.range(0, k).mapToDouble(j -> 1.0 / k).toArray();
      return ConvCell.average(k, p)
          .teacher(Teacher.of(filter, output))
          .start(new StartLaw(Filter.CUBE, Output.ZERO, 0, false))
          .stride(stride);
    }
  }

  @BeforeAll
  static void open() {
    device = OpenClPlatform.open(0);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  private static Backend opencl(WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfTheTrainingObjective(Case of) {
    ConvExperiment experiment = of.experiment();
    for (long restart : new long[] {0, 4, 131}) {
      double[] theta = TrainingObjective.start(experiment, restart);
      double[] expected = new TrainingObjective(experiment, restart, 0).gradient(theta);
      // 1e-9: what the differences themselves are off by.
      assertArrayEquals(expected, REFERENCE.probe().gradient(experiment, restart), 1e-9);
      double tolerance = 1e-9 + Rounding.gradient(experiment);
      assertArrayEquals(expected, CPU.probe().gradient(experiment, restart), tolerance);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lanesFollowTheReference(Case of) {
    assertFollows(CPU, of.experiment());
    ReferenceAgreement.assertColumns(CPU, of.experiment(), 100);
  }

  private static void assertFollows(Backend backend, ConvExperiment experiment) {
    double[][] expected = REFERENCE.probe().trajectory(experiment, 70, 30);
    double[][] found = backend.probe().trajectory(experiment, 70, 30);
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], found[t], Rounding.state(experiment, t), "step " + t);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsDoNotDependOnHowWorkIsCut(Case of) {
    assertCutsAlike(CPU, new CpuBackend(new WorkSizing(1, 37, 0)), of.experiment());
  }

  private static void assertCutsAlike(Backend one, Backend other, ConvExperiment experiment) {
    List<ConvExperiment> cells = List.of(experiment);
    List<RestartRange> asked = List.of(new RestartRange(0, 3, 140));
    List<RestartRange> cut = List.of(new RestartRange(0, 70, 73), new RestartRange(0, 3, 67));
    BackendContract.assertSameBytes(
        Collector.train(one, cells, asked, asked).getFirst(),
        Collector.train(other, cells, asked, cut).getFirst());
  }

  /** Each law and each source once: a kernel is compiled for each of them twice. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "OWN_CORRELATED",
        "OWN_SIGNS",
        "OWN_OVERLAP",
        "SHARED_CORRELATED",
        "SHARED_UNIFORM",
        "SHARED_OVERLAP_CORRELATED",
        "DATA_OVERLAP",
        "DATA_SPLITTING"
      })
  void kernelsFollowTheReference(Case of) {
    Backend opencl = opencl(WorkSizing.automatic());
    assertFollows(opencl, of.experiment());
    ReferenceAgreement.assertColumns(opencl, of.experiment(), 100);
  }

  @ParameterizedTest
  @EnumSource(names = {"OWN_OVERLAP", "SHARED_CORRELATED"})
  void rowsOfKernelsDoNotDependOnHowWorkIsCut(Case of) {
    assertCutsAlike(
        opencl(WorkSizing.automatic()), opencl(new WorkSizing(1, 37, 3)), of.experiment());
  }

  /** Losses and spurious minima in closed form are those of Gaussian inputs. */
  @ParameterizedTest
  @EnumSource
  void columnsSayNothingOfAPopulationThatIsNotGaussian(Case of) {
    ConvExperiment experiment = of.experiment();
    boolean gaussian = experiment.gaussian();
    boolean data = of.name().startsWith("DATA");
    Outcomes rows = Collector.train(REFERENCE, experiment, 60);
    assertEquals(data && gaussian, rows.has("population_loss"));
    assertEquals(data || gaussian, rows.has("loss"));
    assertEquals(data || gaussian, rows.has("trajectory_loss"));
    assertTrue(rows.has("trajectory_angle"));
    assertFalse(rows.has("basin"));
    int global = 0;
    for (byte outcome : rows.bytes("outcome")) {
      assertTrue(data || gaussian || outcome != Outcome.SPURIOUS.code());
      global += outcome == Outcome.GLOBAL.code() ? 1 : 0;
    }
    assertTrue(data || global > 0, "so near some come");
  }
}
