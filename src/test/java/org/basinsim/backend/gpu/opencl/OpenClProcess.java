package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a process of its own, with its own view of what OpenCL there is. */
public final class OpenClProcess {
  private static final Path OCLGRIND = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

  private final Process process;
  private final Path out;
  private final Path err;

  private OpenClProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a program.
   *
   * @param folder of the process and of the files that catch its output
   * @param environment beside what this process has, without a folder for PoCL
   * @param options of the JVM
   */
  public static OpenClProcess start(
      Path folder,
      Map<String, String> environment,
      List<String> options,
      Class<?> program,
      String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    words.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("POCL_CACHE_DIR");
    builder.environment().putAll(environment);
    return new OpenClProcess(builder.start(), out, err);
  }

  /**
   * The environment in which the only device is oclgrind's simulator of a GPU, which reports data
   * races to standard error. Skips the test where there is none.
   */
  public static Map<String, String> oclgrind() {
    PresentOpenCl.require();
    assumeTrue(Files.exists(OCLGRIND), () -> OCLGRIND + " is not there: install oclgrind");
    return Map.of("OCL_ICD_VENDORS", OCLGRIND.toString(), "OCLGRIND_DATA_RACES", "1");
  }

  /** Its standard output in lines, once it has ended as it should. */
  public List<String> output() throws IOException, InterruptedException {
    if (!process.waitFor(100, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still there after 100 s; said " + errors());
    }
    assertEquals(0, process.exitValue(), errors());
    return Files.readAllLines(out);
  }

  /** Its standard error so far. */
  public String errors() throws IOException {
    return Files.readString(err);
  }
}
