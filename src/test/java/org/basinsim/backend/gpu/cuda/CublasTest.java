package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.GpuMatrices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which library multiplies matrices, and what it is told to, on the emulated driver. */
class CublasTest {
  private static final String EXPECTED = "BASIN_TEST_GEMM";
  private static final String NATIVE = "libJCublas2-12.6.0-linux-x86_64.so";

  @TempDir Path root;

  private final Map<String, String> variables = new HashMap<>();

  /** The files; what the loader knows by name is this machine's own business. */
  private SequencedSet<Path> files() {
    variables.put("CUDA_PATH", root.toString());
    return CudaLibraries.cublas(new Environment(variables, root, root, false)).candidates().stream()
        .filter(Path::isAbsolute)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Optional<String> chosen(String choice, int driver) throws UnusableCompiler {
    return CublasSearch.choose(choice, files(), driver).map(Cublas::words);
  }

  private String refusal(String choice, int driver) {
    return assertThrows(UnusableCompiler.class, () -> CublasSearch.choose(choice, files(), driver))
        .getMessage();
  }

  private Path library() {
    return HostCompiler.library(
        "libcublas.cpp", root.resolve("lib64/libcublas.so.13"), "-std=c++17", "-DMAJOR=13");
  }

  @Test
  void isChosenWhereItIsThereUnlessTheOwnIsAskedFor() throws UnusableCompiler {
    assertEquals(Optional.empty(), chosen(null, 13));
    assertEquals(
        "BASIN_GEMM = cublas, and there is no libcublas.so.12 or .13; install libcublas of CUDA 13",
        refusal("cublas", 13));
    library();
    assertEquals(Optional.of("13.1.2"), chosen(null, 13));
    assertEquals(Optional.of("13.1.2"), chosen("cublas", 13));
    assertEquals(Optional.empty(), chosen("own", 13));
    assertEquals(
        "BASIN_GEMM = 'mkl': products of matrices are own or cublas; without it, cublas where"
            + " there is one",
        refusal("mkl", 13));
  }

  @Test
  void isPassedOverWhereTheDriverIsOlder() throws UnusableCompiler {
    Path library = library();
    assertEquals(Optional.empty(), chosen(null, 12));
    assertEquals(
        "BASIN_GEMM = cublas, and there is no libcublas.so.12 or .13 of use ("
            + library
            + ": cuBLAS 13.1.2 is newer than the driver, which serves CUDA 12); install libcublas"
            + " of CUDA 12",
        refusal("cublas", 12));
  }

  /** The loader would end the process over half a file. */
  @Test
  void isPassedOverWhereItIsBroken() throws IOException, UnusableCompiler {
    Path library = library();
    byte[] whole = Files.readAllBytes(library);
    Files.write(library, Arrays.copyOf(whole, whole.length / 2));
    assertEquals(Optional.empty(), chosen(null, 13));
    String refusal = refusal("cublas", 13);
    assertTrue(refusal.contains(library + ": is not a whole library"), refusal);
    HostCompiler.library("empty.c", library);
    refusal = refusal("cublas", 13);
    assertTrue(refusal.contains(library + ": lacks cublas"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"12 | cublas 12.1.2 through JCublas2, bit", "13 | cublas 13.1.2, bit"})
  void productsAreRight(int major, String words) throws IOException, InterruptedException {
    assertRight(EmulatedCuda.withCublas(major), List.of(), words);
  }

  /** What is wrong with the native costs nothing: the library is bound without it. */
  @Test
  void version12ServesWithoutJCublas2() throws IOException, InterruptedException {
    Path lib = Files.createDirectories(root.resolve("classes/lib"));
    Files.writeString(lib.resolve(NATIVE), "no library");
    String classPath = System.getProperty("java.class.path");
    assertRight(
        EmulatedCuda.withCublas(12),
        List.of("-cp", lib.getParent() + File.pathSeparator + classPath),
        "cublas 12.1.2 without JCublas2, which does not load, bit");
  }

  private void assertRight(Map<String, String> machine, List<String> jvmOptions, String words)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(machine);
    settings.put(EXPECTED, words);
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(
            root, settings, jvmOptions, JUnitProcess.class.getName(), OnADevice.class.getName());
    assertEquals("0 failed, 0 skipped, 11 passed\n", ended.out(), ended::toString);
    assertEquals("", ended.err());
  }

  /** In a process of its own. */
  static class OnADevice {
    private static final int RESTARTS = 3;
    private static final int NUMBERS = 200;
    private static GpuDevice device;

    @BeforeAll
    static void open() {
      device = CudaPlatform.open(0);
    }

    @AfterAll
    static void close() {
      device.close();
    }

    private static GpuMatrices matrices() {
      return device.matrices().orElseThrow();
    }

    @Test
    void isTheOneExpected() {
      String words = matrices().words();
      assertTrue(words.startsWith(System.getenv(EXPECTED)), words);
      assertEquals(Optional.of(words), CudaPlatform.gemm());
    }

    /** Of either precision: with A or B transposed or neither, in a new C or added to it. */
    static Stream<Arguments> products() {
      return Stream.of(false, true)
          .flatMap(doubles ->
              Stream.of(
                      new Product(3, 5, 7, false, false, false),
                      new Product(3, 5, 7, true, false, true),
                      new Product(5, 3, 2, false, true, false),
                      new Product(5, 3, 2, false, true, true))
                  .map(product -> Arguments.of(doubles, product)));
    }

    @ParameterizedTest
    @MethodSource("products")
    void isRight(boolean doubles, Product product) {
      double[] a = numbers(1);
      double[] b = numbers(2);
      double[] c = numbers(3);
      double[] expected = c.clone();
      // All have the same A; between the others lies what is nobody's.
      int strideB = product.inner() * product.columns() + 2;
      int strideC = product.rows() * product.columns() + 1;
      for (int r = 0; r < RESTARTS; r++) {
        multiply(product, a, 4, b, 6 + r * strideB, expected, 8 + r * strideC);
      }
      try (GpuBuffer onA = upload(doubles, a);
          GpuBuffer onB = upload(doubles, b);
          GpuBuffer onC = upload(doubles, c)) {
        matrices()
            .multiply(
                doubles,
                product,
                RESTARTS,
                new Operand(onA, 4, 0),
                new Operand(onB, 6, strideB),
                new Operand(onC, 8, strideC));
        assertEquals(Arrays.toString(expected), Arrays.toString(download(doubles, onC)));
      }
    }

    private static void multiply(
        Product product, double[] a, int firstA, double[] b, int firstB, double[] c, int firstC) {
      for (int i = 0; i < product.rows(); i++) {
        for (int j = 0; j < product.columns(); j++) {
          int place = firstC + i * product.columns() + j;
          double sum = product.accumulates() ? c[place] : 0;
          for (int l = 0; l < product.inner(); l++) {
            int ofA = product.transposesA() ? l * product.rows() + i : i * product.inner() + l;
            int ofB = product.transposesB() ? j * product.inner() + l : l * product.columns() + j;
            sum += a[firstA + ofA] * b[firstB + ofB];
          }
          c[place] = sum;
        }
      }
    }

    /** A product without rows: the library's own word, and the device's name before it. */
    @Test
    void aRefusalIsOneLine() {
      GpuDevice other = CudaPlatform.open(1);
      try (GpuBuffer buffer = other.allocate(8)) {
        Operand operand = new Operand(buffer, 0, 0);
        GpuFailure failure =
            assertThrows(
                GpuFailure.class,
                () ->
                    other
                        .matrices()
                        .orElseThrow()
                        .multiply(
                            true,
                            new Product(0, 1, 1, false, false, false),
                            1,
                            operand,
                            operand,
                            operand));
        assertEquals(
            "cuda:1: cublasDgemmStridedBatched: CUBLAS_STATUS_INVALID_VALUE", failure.getMessage());
      } finally {
        other.close();
      }
    }

    /** A device that multiplies nothing is spared the library's start. */
    @Test
    void aDeviceClosesWithoutAProduct() {
      CudaPlatform.open(1).close();
    }

    /** Small integers: sums are exact in any order. */
    private static double[] numbers(long seed) {
      return new SplittableRandom(seed).ints(NUMBERS, -9, 10).asDoubleStream().toArray();
    }

    private static int bytes(boolean doubles) {
      return NUMBERS * (doubles ? Double.BYTES : Float.BYTES);
    }

    private static GpuBuffer upload(boolean doubles, double[] numbers) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(bytes(doubles));
        for (int i = 0; i < NUMBERS; i++) {
          if (doubles) {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, numbers[i]);
          } else {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) numbers[i]);
          }
        }
        GpuBuffer buffer = device.allocate(bytes(doubles));
        device.upload(buffer, segment);
        return buffer;
      }
    }

    private static double[] download(boolean doubles, GpuBuffer buffer) {
      double[] numbers = new double[NUMBERS];
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(bytes(doubles));
        device.download(buffer, segment);
        for (int i = 0; i < NUMBERS; i++) {
          numbers[i] =
              doubles
                  ? segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                  : segment.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
      }
      return numbers;
    }
  }
}
