package org.basinsim.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.cuda.CudaPlatform;
import org.basinsim.backend.gpu.cuda.EmulatedCuda;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.verification.Comparison;
import org.basinsim.verification.Mode;
import org.basinsim.verification.OtherSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels as CUDA C++, and the host path that drives them, where no GPU is: on an emulated
 * driver that runs them on the processor. Shows that text and calls are right, not what a GPU makes
 * of them.
 */
class EmulatedCudaContractTest {
  /** Of all tests, which so share compiled kernels. */
  @TempDir static Path folder;

  private static void assertPasses(Class<?> tests, long seconds)
      throws IOException, InterruptedException {
    String told = EmulatedCuda.test(folder, tests, seconds);
    assertTrue(told.matches("0 failed, 0 skipped, [1-9][0-9]* passed\n"), told);
  }

  @Test
  void eachFormOfKernelAgreesWithTheReference() throws IOException, InterruptedException {
    assertPasses(WithReference.class, 600);
  }

  /** Threads, teams and shared memory against vectors of restarts without a barrier. */
  @Test
  void columnsAreThoseOfOpenClBitForBit() throws IOException, InterruptedException {
    PresentOpenCl.require();
    assertPasses(WithOpenCl.class, 600);
  }

  /** cuBLAS in the place of the own products, whichever way it is bound. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | cublas 12.1.2 through JCublas2, bit",
        "13 | cublas 13.1.2, bit",
      })
  void deepNetworksTakeALibrarysProducts(int major, String words)
      throws IOException, InterruptedException {
    PresentOpenCl.require();
    Map<String, String> settings = new HashMap<>(EmulatedCuda.withCublas(major));
    settings.put(WithCublas.EXPECTED, words);
    String told = EmulatedCuda.test(folder, settings, WithCublas.class, 300);
    assertTrue(told.matches("0 failed, 0 skipped, 1 passed\n"), told);
  }

  /** Takes minutes: some 190 kernels are compiled. */
  @Test
  @Tag("exhaustive")
  void theWholeContractHolds() throws IOException, InterruptedException {
    assertPasses(CudaContractTest.class, 3600);
  }

  /** A mode of each form of kernel, in either precision, at a size that no vector divides. */
  abstract static class EachForm {
    static final int[][] SIZE = {{3, 5}};
    static final int RESTARTS = 71;
    static Backend cuda;

    @BeforeAll
    static void openCuda() {
      cuda = backend(CudaPlatform.open(0));
    }

    @AfterAll
    static void closeCuda() {
      cuda.close();
    }

    static Backend backend(GpuDevice device) {
      return new GpuBackend(List.of(device), WorkSizing.automatic());
    }

    static Stream<Arguments> forms() {
      return Stream.of(
              Mode.POPULATION_LEARNED,
              Mode.POPULATION_LEARNED_NOISE,
              Mode.PROJECTED_LEARNED,
              Mode.DIRECT_LEARNED,
              Mode.DIRECT_LEARNED_SHARE_64,
              Mode.EMPIRICAL_LEARNED)
          .flatMap(mode ->
              Arrays.stream(Precision.values()).map(precision -> Arguments.of(mode, precision)));
    }

    static ConvExperiment experiment(Mode mode, Precision precision) {
      return mode.cell(SIZE[0][0], SIZE[0][1]).recordAll().precision(precision).build();
    }
  }

  /** Gradients, states and every column. */
  static class WithReference extends EachForm {
    private final Comparison comparison = new Comparison(cuda, ReferenceAgreement.REFERENCE);

    @ParameterizedTest
    @MethodSource("forms")
    void agrees(Mode mode, Precision precision) {
      if (!mode.reduced()) {
        ReferenceAgreement.assertHolds(comparison.gradients(mode, precision, SIZE));
      }
      ReferenceAgreement.assertHolds(comparison.trajectories(mode, precision, SIZE));
      ReferenceAgreement.assertColumns(cuda, experiment(mode, precision), RESTARTS);
    }
  }

  /** Every column: the emulated library sums in the order of the own products. */
  static class WithCublas {
    static final String EXPECTED = "BASIN_TEST_GEMM";

    @Test
    void isEqual() {
      DeepExperiment experiment =
          DeepExperiments.experiment(
              DeepExperiments.network(Architecture.CONV_RESNET, Activation.SOFTPLUS, 67),
              5,
              3,
              Precision.DOUBLE);
      try (Backend opencl = EachForm.backend(OpenClPlatform.open(0));
          Backend cuda = EachForm.backend(CudaPlatform.open(0))) {
        String gemm = cuda.versions().get("gemm");
        assertTrue(gemm.startsWith(System.getenv(EXPECTED)), gemm);
        BackendContract.assertSameBytes(
            Collector.train(opencl, experiment, 17), Collector.train(cuda, experiment, 17));
      }
    }
  }

  /** Every column. */
  static class WithOpenCl extends EachForm {
    private static Backend opencl;

    @BeforeAll
    static void openOpenCl() {
      opencl = backend(OpenClPlatform.open(0));
    }

    @AfterAll
    static void closeOpenCl() {
      opencl.close();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isEqual(Mode mode, Precision precision) {
      assertEqual(experiment(mode, precision));
    }

    @Test
    void isEqualWithLeakyReLU() {
      for (Mode mode : new Mode[] {Mode.POPULATION_LEARNED_VERDICT, Mode.PROJECTED_LEARNED}) {
        assertEqual(mode.cell(3, 5).slope(0.3).recordAll().precision(Precision.SINGLE).build());
      }
    }

    /** Output weights in shared memory, inputs read again, arrays in local memory. */
    @ParameterizedTest
    @CsvSource({
      "PROJECTED_LEARNED, SINGLE, 65, 3",
      "DIRECT_LEARNED, SINGLE, 7, 58",
      "DIRECT_LEARNED_SHARE_64, SINGLE, 7, 58",
      "DIRECT_LEARNED_SHARE_17, DOUBLE, 3, 67"
    })
    void isEqualWhereRegistersDoNotSuffice(Mode mode, Precision precision, int k, int p) {
      assertEqual(mode.cell(k, p).recordAll().maxSteps(9).precision(precision).build());
    }

    /**
     * What an optimizer remembers is read with a stride on one side, and in vectors on the other.
     */
    @Test
    void isEqualWithOptions() {
      assertEqual(
          Mode.DIRECT_LEARNED_SHARE_64
              .cell(3, 5)
              .slope(0.3)
              .optimizer(new Optimizer.Adam(0.9, 0.999, 1e-8))
              .start(new StartLaw(StartLaw.Filter.SHORTCUT, StartLaw.Output.BALL, 1, false))
              .recordAll()
              .precision(Precision.SINGLE)
              .build());
    }

    /** A patch at a time and correlated; whole inputs of overlapping patches, shared. */
    @Test
    void isEqualOnInputsOfOtherLaws() {
      OtherSystem.INPUTS.small(Precision.SINGLE).forEach(WithOpenCl::assertEqual);
    }

    private static void assertEqual(Experiment experiment) {
      BackendContract.assertSameBytes(
          Collector.train(opencl, experiment, RESTARTS),
          Collector.train(cuda, experiment, RESTARTS));
    }

    /** Whole steps by a group, and launches one after another with tiles of either size. */
    @ParameterizedTest
    @CsvSource({"RESNET, 7", "CONV_RESNET, 67"})
    void deepNetworksAreEqual(Architecture architecture, int width) {
      DeepExperiment experiment =
          DeepExperiments.experiment(
              DeepExperiments.network(architecture, Activation.SOFTPLUS, width),
              5,
              9,
              Precision.DOUBLE);
      BackendContract.assertSameBytes(
          Collector.train(opencl, experiment, 3), Collector.train(cuda, experiment, 3));
    }
  }
}
