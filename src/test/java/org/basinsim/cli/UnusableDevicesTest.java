package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.backend.gpu.cuda.EmulatedCuda;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines that lack something, as their users see them: what {@code devices} says of CUDA and
 * OpenCL, what who names a device is told, and what {@code auto} comes to and why.
 */
@EnabledOnOs(OS.LINUX)
class UnusableDevicesTest {
  private static final Path POCL = Path.of("/etc/OpenCL/vendors/pocl.icd");
  private static final String NO_DRIVER = "libcuda.so.1 is missing or does not load";
  private static final String NO_PLATFORM = "no OpenCL device: there is no platform";
  private static final String GET_DRIVER = "; install an NVIDIA driver";
  private static final String GET_PLATFORM =
      "; install the GPU's driver, or for the processor, on Debian and Ubuntu: sudo apt-get install"
          + " pocl-opencl-icd";

  @TempDir static Path folder;
  private static Path empty;
  private static Path noLibrary;
  private static Path half;

  private final Map<String, String> settings = new HashMap<>();
  private final List<String> options = new ArrayList<>();

  @BeforeAll
  static void makeWhatIsBroken() throws IOException {
    empty = Files.createDirectory(folder.resolve("empty"));
    noLibrary = Files.createDirectory(folder.resolve("text"));
    // Such a file ends the loader's search, whatever driver this machine has.
    Files.writeString(noLibrary.resolve("libcuda.so.1"), "no library\n".repeat(99));
    half = Files.createDirectory(folder.resolve("half"));
    byte[] whole = Files.readAllBytes(EmulatedCuda.libraries().resolve("libcuda.so.1"));
    Files.write(half.resolve("libcuda.so.1"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(half.resolve("vendor.icd"), half.resolve("libcuda.so.1") + "\n");
    for (String name : List.of("JCudaDriver-12.6.0", "JOCL_2_0_5")) {
      String file = "lib" + name + "-linux-x86_64.so";
      try (InputStream content = UnusableDevicesTest.class.getResourceAsStream("/lib/" + file)) {
        byte[] bytes = content.readAllBytes();
        Files.write(half.resolve(file), Arrays.copyOf(bytes, bytes.length / 2));
      }
    }
  }

  private void lackDriver() {
    settings.put("LD_LIBRARY_PATH", noLibrary.toString());
  }

  private void lackPlatform() {
    PresentOpenCl.require();
    settings.put("OCL_ICD_VENDORS", empty + "/");
  }

  /**
   * Asks for devices, then runs on {@code cuda:0}, on {@code opencl:0} and on what is chosen.
   *
   * @param lines how each ends, and what it says of devices
   */
  private void assertSays(String... lines) throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, "files");
    String run = "run " + Studies.population(own) + " --restarts 5 -o " + own;
    options.addAll(List.of("--add-modules=jdk.incubator.vector", "-XX:TieredStopAtLevel=1"));
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(
            folder,
            settings,
            options,
            CommandsProcess.class.getName(),
            "devices",
            run + "/cuda.h5 --device cuda:0",
            run + "/opencl.h5 --device opencl:0",
            run + "/auto.h5");
    List<String> said =
        ended
            .out()
            .lines()
            .filter(line -> line.matches("exit .*|\\w+ is not usable: .*|basin: (error|device).*"))
            .map(UnusableDevicesTest::withoutThisMachinesOwn)
            .toList();
    assertEquals(String.join("\n", lines), String.join("\n", said), ended::toString);
  }

  private static String withoutThisMachinesOwn(String line) {
    return line.replaceFirst("device (cpu|cuda:0): [^;]*", "device $1")
        .replaceFirst("packages \\(/.*\\); install", "packages (some); install")
        .replaceAll("\\([\\w.]+Exception: [^;]*\\)(?=;|$)", "(why)");
  }

  @Test
  void neitherDriverNorPlatform() throws Exception {
    lackDriver();
    lackPlatform();
    assertSays(
        "exit 0",
        "cuda is not usable: " + NO_DRIVER + GET_DRIVER,
        "opencl is not usable: " + NO_PLATFORM + GET_PLATFORM,
        "exit 3",
        "basin: error: device 'cuda:0': " + NO_DRIVER + GET_DRIVER,
        "exit 3",
        "basin: error: device 'opencl:0': " + NO_PLATFORM + GET_PLATFORM,
        "exit 0",
        "basin: device cpu; not cuda: " + NO_DRIVER + "; not opencl: " + NO_PLATFORM);
  }

  @Test
  void noOpenClLibrary() throws Exception {
    lackDriver();
    options.add("-Dbasin.opencl.library=libNoOpenCL.so.1");
    String missing = "no OpenCL: libNoOpenCL.so.1 was not found";
    String remedy =
        "; it comes with a GPU's driver, or on Debian and Ubuntu with: sudo apt-get install"
            + " ocl-icd-libopencl1 pocl-opencl-icd";
    assertSays(
        "exit 0",
        "cuda is not usable: " + NO_DRIVER + GET_DRIVER,
        "opencl is not usable: " + missing + remedy,
        "exit 3",
        "basin: error: device 'cuda:0': " + NO_DRIVER + GET_DRIVER,
        "exit 3",
        "basin: error: device 'opencl:0': " + missing + remedy,
        "exit 0",
        "basin: device cpu; not cuda: " + NO_DRIVER + "; not opencl: " + missing);
  }

  /** A loader that maps half a file ends the process. */
  @Test
  void halfADriver() throws Exception {
    PresentOpenCl.require();
    settings.put("LD_LIBRARY_PATH", half.toString());
    settings.put("OCL_ICD_VENDORS", half + "/");
    String file = half.resolve("libcuda.so.1") + " is cut short";
    assertSays(
        "exit 0",
        "cuda is not usable: " + file + "; install the NVIDIA driver again",
        "opencl is not usable: no OpenCL: " + file + "; install it again",
        "exit 3",
        "basin: error: device 'cuda:0': " + file + "; install the NVIDIA driver again",
        "exit 3",
        "basin: error: device 'opencl:0': no OpenCL: " + file + "; install it again",
        "exit 0",
        "basin: device cpu; not cuda: " + file + "; not opencl: no OpenCL: " + file);
  }

  /** What another process has left in the folder for temporary files harms nobody. */
  @Test
  void halfWrittenNatives() throws Exception {
    PresentOpenCl.require();
    options.add("-Djava.io.tmpdir=" + half);
    assertSays("exit 0", "exit 0", "exit 0", "exit 0", "basin: device cuda:0");
  }

  @Test
  void noFolderForNatives() throws Exception {
    PresentOpenCl.require();
    Path file = noLibrary.resolve("libcuda.so.1");
    options.add("-Djava.io.tmpdir=" + file);
    String cuda = "JCuda's native library does not load (why)";
    String forCuda =
        "; JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER names a folder that has room for it and allows"
            + " programs";
    String opencl = "JOCL's native library could not be loaded on Linux amd64 (why)";
    String forOpenCl =
        "; it is unpacked into "
            + file
            + ": that folder must have room and allow executables;"
            + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER names another";
    assertSays(
        "exit 0",
        "cuda is not usable: " + cuda + forCuda,
        "opencl is not usable: " + opencl + forOpenCl,
        "exit 3",
        "basin: error: device 'cuda:0': " + cuda + forCuda,
        "exit 3",
        "basin: error: device 'opencl:0': " + opencl + forOpenCl,
        "exit 0",
        "basin: device cpu; not cuda: " + cuda + "; not opencl: " + opencl);
  }

  @Test
  void platformWithoutDevice() throws Exception {
    PresentOpenCl.require();
    assumeTrue(Files.exists(POCL), "PoCL is not installed");
    lackDriver();
    settings.put("OCL_ICD_VENDORS", POCL.toString());
    settings.put("POCL_DEVICES", "none");
    String none = "no OpenCL device: platform 'Portable Computing Language' has none";
    assertSays(
        "exit 0",
        "cuda is not usable: " + NO_DRIVER + GET_DRIVER,
        "opencl is not usable: " + none + GET_PLATFORM,
        "exit 3",
        "basin: error: device 'cuda:0': " + NO_DRIVER + GET_DRIVER,
        "exit 3",
        "basin: error: device 'opencl:0': " + none + GET_PLATFORM,
        "exit 0",
        "basin: device cpu; not cuda: " + NO_DRIVER + "; not opencl: " + none);
  }

  @Test
  void driverThatSeesNoGpu() throws Exception {
    lackPlatform();
    settings.put("CUDA_EMULATED_INIT", "100");
    String none = "the NVIDIA driver sees no GPU";
    String remedy =
        "; check nvidia-smi and CUDA_VISIBLE_DEVICES (cuInit: CUDA_ERROR_NO_DEVICE, 100)";
    assertSays(
        "exit 0",
        "cuda is not usable: " + none + remedy,
        "opencl is not usable: " + NO_PLATFORM + GET_PLATFORM,
        "exit 3",
        "basin: error: device 'cuda:0': " + none + remedy,
        "exit 3",
        "basin: error: device 'opencl:0': " + NO_PLATFORM + GET_PLATFORM,
        "exit 0",
        "basin: device cpu; not cuda: " + none + "; not opencl: " + NO_PLATFORM);
  }

  /** The compiler that is there serves later drivers only. */
  @Test
  void noCompiler() throws Exception {
    lackPlatform();
    EmulatedCuda.requireNoCompiler(12);
    settings.put("CUDA_EMULATED_VERSION", "12040");
    String none = "no CUDA compiler";
    String remedy =
        "; not in CUDA_PATH, the usual folders, the loader's path, Python's packages (some);"
            + " install libnvrtc of CUDA 12 (CUDA toolkit, or pip install nvidia-cuda-nvrtc) or put"
            + " nvcc on PATH";
    assertSays(
        "exit 0",
        "cuda is not usable: " + none + remedy,
        "opencl is not usable: " + NO_PLATFORM + GET_PLATFORM,
        "exit 3",
        "basin: error: device 'cuda:0': " + none + remedy,
        "exit 3",
        "basin: error: device 'opencl:0': " + NO_PLATFORM + GET_PLATFORM,
        "exit 0",
        "basin: device cpu; not cuda: " + none + "; not opencl: " + NO_PLATFORM);
  }

  /** It answers every question; only to take hold of it fails. */
  @Test
  void deviceThatRefuses() throws Exception {
    lackPlatform();
    settings.put("CUDA_EMULATED_FAULT", "cuDevicePrimaryCtxRetain:1:999");
    String refusal = "cuda:0: cuDevicePrimaryCtxRetain: CUDA_ERROR_UNKNOWN";
    assertSays(
        "exit 0",
        "opencl is not usable: " + NO_PLATFORM + GET_PLATFORM,
        "exit 3",
        "basin: error: " + refusal + "; check nvidia-smi",
        "exit 3",
        "basin: error: device 'opencl:0': " + NO_PLATFORM + GET_PLATFORM,
        "exit 0",
        "basin: device cpu; not cuda: " + refusal + "; not opencl: " + NO_PLATFORM);
  }
}
