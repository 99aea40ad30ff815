package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A machine with two GPUs, for a process of its own: a driver and an NVRTC that carry out kernels
 * on the host, one work-item after another. Their sources, {@code libcuda.cpp} and {@code
 * libnvrtc.cpp}, say what can be set by environment variables.
 */
public final class EmulatedCuda {
  private static final long PATIENCE_SECONDS = 120;

  private EmulatedCuda() {}

  private static final Path LIBRARIES = Path.of("target/emulated-cuda").toAbsolutePath();

  private static boolean made;
  private static final Set<Integer> CUBLAS_MADE = new HashSet<>();

  /**
   * The folder of the libraries, {@code libcuda.so.1} and what else CUDA_PATH may name, made once a
   * JVM; without gcc and g++ the test is skipped.
   */
  public static synchronized Path libraries() {
    if (!made) {
      HostCompiler.library(
          "libcuda.cpp", LIBRARIES.resolve("libcuda.so.1"), "-std=c++17", "-pthread");
      HostCompiler.library(
          "libnvrtc.cpp",
          LIBRARIES.resolve("lib64/libnvrtc.so.13"),
          "-std=c++17",
          "-O0",
          "-DDEVICE_HEADER=\"" + HostCompiler.SOURCES.toAbsolutePath().resolve("device.h") + "\"");
      HostCompiler.builtins(LIBRARIES.resolve("lib64"));
      made = true;
    }
    return LIBRARIES;
  }

  /**
   * Settings of a machine that also has a cuBLAS. It is named as NVIDIA names it, with the versions
   * of its symbols: JCublas2 asks for both.
   *
   * @param major 12 or 13
   */
  public static synchronized Map<String, String> withCublas(int major) {
    Path toolkit = LIBRARIES.resolve("cublas-" + major);
    String name = "libcublas.so." + major;
    if (CUBLAS_MADE.add(major)) {
      HostCompiler.library(
          "libcublas.cpp",
          toolkit.resolve("lib64").resolve(name),
          "-std=c++17",
          "-DMAJOR=" + major,
          "-Wl,-soname," + name,
          "-Wl,--default-symver");
    }
    return Map.of("BASIN_GEMM", "", "CUDA_HOME", toolkit.toString());
  }

  /**
   * How a process ended.
   *
   * @param code exit code
   * @param out what it printed
   * @param err what it complained of
   * @param calls of the driver, one a line, as {@code libcuda.cpp} writes them
   */
  public record Ended(int code, String out, String err, List<String> calls) {

    /** How often a function of the driver was called. */
    public long calls(String function) {
      return calls.stream().filter(call -> call.startsWith(function + " ")).count();
    }
  }

  /** Skips the test where this machine has a compiler of its own for drivers of a CUDA version. */
  public static void requireNoCompiler(int driver) {
    try {
      CudaCompiler own = CompilerSearch.find(Environment.ofProcess(), driver);
      assumeTrue(false, () -> own.version() + " is here");
    } catch (UnusableCompiler e) {
      // As it should be.
    }
  }

  /**
   * Runs the tests of a class on such a machine; the class is not named {@code …Test}, so that it
   * does not run elsewhere, too.
   *
   * @param folder for its files
   * @param seconds it may take
   * @return a line a failure, and one of how many failed, were skipped and passed; then, where one
   *     failed, traces
   */
  public static String test(Path folder, Class<?> tests, long seconds)
      throws IOException, InterruptedException {
    return test(folder, Map.of(), tests, seconds);
  }

  /**
   * The same with environment variables of its own.
   *
   * @param settings over those that make the machine
   */
  public static String test(Path folder, Map<String, String> settings, Class<?> tests, long seconds)
      throws IOException, InterruptedException {
    Ended ended =
        run(
            folder,
            settings,
            List.of("--add-modules=jdk.incubator.vector", "-Xmx1g"),
            seconds,
            JUnitProcess.class.getName(),
            tests.getName());
    return ended.code() == 0 ? ended.out() : ended.out() + ended.err();
  }

  /**
   * Runs a program on such a machine. Its compiled kernels stay in the folder.
   *
   * @param folder for its files
   * @param settings environment variables, over those that make the machine; an empty one is unset
   * @param jvmOptions before the class
   * @param main its class, then its arguments
   */
  public static Ended run(
      Path folder, Map<String, String> settings, List<String> jvmOptions, String... main)
      throws IOException, InterruptedException {
    return run(folder, settings, jvmOptions, PATIENCE_SECONDS, main);
  }

  private static Ended run(
      Path folder,
      Map<String, String> settings,
      List<String> jvmOptions,
      long seconds,
      String... main)
      throws IOException, InterruptedException {
    Path libraries = libraries();
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:ErrorFile=" + folder.resolve("crash"), "-XX:-CreateCoredumpOnCrash"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(jvmOptions);
    words.addAll(List.of(main));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Path calls = Files.createTempFile(folder, "calls", "");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", libraries.toString());
    environment.put("CUDA_PATH", libraries.toString());
    environment.put("XDG_CACHE_HOME", folder.toString());
    environment.put("CUDA_EMULATED_LOG", calls.toString());
    // Not what this machine may have.
    environment.put("BASIN_GEMM", "own");
    environment.remove("CUDA_HOME");
    // The JVM would say that it has read it.
    environment.remove("JAVA_TOOL_OPTIONS");
    settings.forEach((name, value) -> {
      if (value.isEmpty()) {
        environment.remove(name);
      } else {
        environment.put(name, value);
      }
    });
    Process process = builder.start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still there; said " + Files.readString(err));
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out),
        Files.readString(err),
        Files.readAllLines(calls));
  }
}
