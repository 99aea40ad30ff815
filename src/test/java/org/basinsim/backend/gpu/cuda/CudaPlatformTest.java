package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine has and lacks, each in a process of its own: the driver is asked once. */
class CudaPlatformTest {
  private static final String NATIVE = "libJCudaDriver-12.6.0-linux-x86_64.so";
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  private String says(Map<String, String> settings, List<String> jvmOptions, int ordinal)
      throws IOException, InterruptedException {
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(
            folder,
            settings,
            jvmOptions,
            CudaPlatformProcess.class.getName(),
            Integer.toString(ordinal));
    assertEquals("", ended.err());
    assertEquals(0, ended.code());
    return ended.out();
  }

  private void assertMissing(String why, Map<String, String> settings, String... jvmOptions)
      throws IOException, InterruptedException {
    assertEquals(
        "missing: %s%nunavailable: device 'cuda:0': %s%n".formatted(why, why),
        says(settings, List.of(jvmOptions), 0));
  }

  /** On any machine, in this process: nothing is thrown, and one line tells what is missing. */
  @Test
  void asksThisMachine() {
    boolean none = CudaPlatform.devices().isEmpty();
    assertTrue(!none || CudaPlatform.missing().isPresent());
    CudaPlatform.missing().ifPresent(why -> assertEquals(1, why.lines().count(), why));
  }

  @Test
  void describesDevices() throws IOException, InterruptedException {
    String device = "Emulated GPU, compute 9.0, 2 multiprocessors, 1.0 GiB";
    assertEquals(
        """
        cuda:0: %s
        cuda:1: %s
        opened: GpuDescription[info=DeviceInfo[backend=cuda, name=cuda:1, description=%s], \
        dialect=cuda, kind=GPU, driver=CUDA driver 12.4, compiler=NVRTC 12.0, units=2, \
        vectorWidth=1, doubles=true, memory=1073741824, sharedMemory=49152, largestGroup=1024]
        """
            .formatted(device, device, device),
        says(Map.of("CUDA_EMULATED_VERSION", "12040", "CUDA_EMULATED_NVRTC", "12"), List.of(), 1));
  }

  /** A file that is no library ends the loader's search, whatever driver this machine has. */
  @Test
  void noDriver() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("libcuda.so.1"), "no library\n".repeat(99));
    assertMissing(
        "libcuda.so.1 is missing or does not load; install an NVIDIA driver",
        Map.of("LD_LIBRARY_PATH", folder.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 | the NVIDIA driver sees no GPU; check nvidia-smi and CUDA_VISIBLE_DEVICES"
            + " (cuInit: CUDA_ERROR_NO_DEVICE, 100)",
        "35 | the NVIDIA driver is too old; install an NVIDIA driver for CUDA 12.0 or later"
            + " (cuInit: error 35)",
        "34 | libcuda is the CUDA toolkit's stub; take its folder out of LD_LIBRARY_PATH"
            + " (cuInit: CUDA_ERROR_STUB_LIBRARY, 34)",
        "803 | the NVIDIA driver was updated while it was loaded; restart the machine"
            + " (cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, 803)",
        "999 | the NVIDIA driver does not work; check nvidia-smi, restart the machine or install"
            + " the driver again (cuInit: CUDA_ERROR_UNKNOWN, 999)",
        "12345 | the NVIDIA driver does not work; check nvidia-smi, restart the machine or"
            + " install the driver again (cuInit: error 12345)"
      })
  void driverThatDoesNotStart(String code, String why) throws IOException, InterruptedException {
    assertMissing(why, Map.of("CUDA_EMULATED_INIT", code));
  }

  @Test
  void driverThatIsTooOld() throws IOException, InterruptedException {
    assertMissing(
        "the NVIDIA driver serves CUDA 11.4; install an NVIDIA driver for CUDA 12.0 or later",
        Map.of("CUDA_EMULATED_VERSION", "11040"));
  }

  /** What is asked for and not there is never replaced. */
  @Test
  void libraryThatIsNone() throws IOException, InterruptedException {
    String why =
        "BASIN_GEMM = 'mkl': products of matrices are own or cublas; without it, cublas where there"
            + " is one";
    String said = says(Map.of("BASIN_GEMM", "mkl"), List.of(), 0);
    assertTrue(
        said.endsWith("missing: %s%nunavailable: device 'cuda:0': %s%n".formatted(why, why)), said);
  }

  @Test
  void driverThatBreaksDown() throws IOException, InterruptedException {
    assertMissing(
        "cuda: cuDeviceGetCount: CUDA_ERROR_UNKNOWN",
        Map.of("CUDA_EMULATED_FAULT", "cuDeviceGetCount:1:999"));
  }

  @Test
  void deviceThatIsNotThere() throws IOException, InterruptedException {
    for (int ordinal : new int[] {2, -1}) {
      assertTrue(
          says(Map.of(), List.of(), ordinal)
              .endsWith(
                  "unavailable: device 'cuda:%d': not there; there are cuda:0, cuda:1%n"
                      .formatted(ordinal)));
    }
  }

  @Test
  void deviceThatRefuses() throws IOException, InterruptedException {
    assertTrue(
        says(Map.of("CUDA_EMULATED_FAULT", "cuDevicePrimaryCtxRetain:1:101"), List.of(), 0)
            .endsWith(
                "unavailable: cuda:0: cuDevicePrimaryCtxRetain: CUDA_ERROR_INVALID_DEVICE; check"
                    + " nvidia-smi\n"));
  }

  @Test
  void deviceThatIsTooOld() throws IOException, InterruptedException {
    assertTrue(
        says(Map.of("CUDA_EMULATED_CAPABILITY", "61"), List.of(), 0)
            .endsWith(
                "unavailable: device 'cuda:0': NVRTC 13.0 no longer compiles for compute 6.1;"
                    + " install an older one\n"));
  }

  /** JCuda would trust a file of the right name, and half of one ends the JVM. */
  @Test
  void aHalfWrittenNativeOfAnotherProcessDoesNotMatter() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    byte[] half = Arrays.copyOf(bytesOfNative(), 300_000);
    Files.write(temporary.resolve(NATIVE), half);
    String out = says(Map.of(), List.of("-Djava.io.tmpdir=" + temporary), 0);
    assertTrue(out.contains("opened: "), out);
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(temporary.resolve(NATIVE)), left.toList());
    }
  }

  /** The premise of the test above: without the folder of its own the process dies. */
  @Test
  void jCudaByItselfWouldDie() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Files.write(temporary.resolve(NATIVE), Arrays.copyOf(bytesOfNative(), 300_000));
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(
            folder,
            Map.of(),
            List.of("-Djava.io.tmpdir=" + temporary),
            JCudaByItself.class.getName());
    assertTrue(ended.out().contains("A fatal error has been detected"), ended::toString);
  }

  /** Starts JCuda as its documentation says. */
  static final class JCudaByItself {
    private JCudaByItself() {}

    public static void main(String[] arguments) {
      jcuda.driver.JCudaDriver.cuInit(0);
    }
  }

  @Test
  void aNativeThatIsDamagedInTheInstallation() throws IOException, InterruptedException {
    Path classes = folder.resolve("classes");
    Files.createDirectories(classes.resolve("lib"));
    Files.write(classes.resolve("lib").resolve(NATIVE), Arrays.copyOf(bytesOfNative(), 300_000));
    assertMissing(
        "JCuda's native library is damaged; install Basin again",
        Map.of(),
        "-cp",
        classes + File.pathSeparator + CLASS_PATH);
  }

  @Test
  void aNativeThatIsMissingInTheInstallation() throws IOException, InterruptedException {
    String without =
        Stream.of(CLASS_PATH.split(File.pathSeparator))
            .filter(entry -> !entry.contains("jcuda-natives"))
            .collect(Collectors.joining(File.pathSeparator));
    assertMissing(
        "JCuda has no native library for Linux amd64; it has one for Linux and Windows on x86-64",
        Map.of(),
        "-cp",
        without);
  }

  @Test
  void noFolderForTheNative() throws IOException, InterruptedException {
    Path nowhere = folder.resolve("nowhere");
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(
            folder,
            Map.of(),
            List.of("-Djava.io.tmpdir=" + nowhere),
            CudaPlatformProcess.class.getName(),
            "0");
    String first = ended.out().lines().findFirst().orElse("");
    String begin = "missing: JCuda's native library does not load (NoSuchFileException: " + nowhere;
    String end =
        "); JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER names a folder that has room for it and"
            + " allows programs";
    assertTrue(first.startsWith(begin) && first.endsWith(end), ended::toString);
    assertEquals(2, ended.out().lines().count());
    assertEquals(0, ended.code());
  }

  private static byte[] bytesOfNative() throws IOException {
    try (InputStream stream = CudaPlatformTest.class.getResourceAsStream("/lib/" + NATIVE)) {
      return stream.readAllBytes();
    }
  }
}
