package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.KernelSource;

/**
 * The compiler of a CUDA toolkit, a program of its own, which needs no GPU. It serves where there
 * is no NVRTC, and reports what each kernel takes.
 */
public final class Nvcc implements CudaCompiler {
  private static final Pattern RELEASE = Pattern.compile("release (\\d+)\\.\\d+, V(\\S+)");
  private static final Pattern CAPABILITY = Pattern.compile("sm_(\\d+)");

  /** A kernel takes seconds; a program that waits for ever must not hold up a study. */
  private static final long PATIENCE_SECONDS = 300;

  private final Path program;
  private final String version;
  private final int major;
  private final List<Integer> capabilities;

  /**
   * What came out of a compilation.
   *
   * @param image a cubin, or PTX that ends with a zero byte
   * @param reports one an entry function; none for PTX, which has no registers yet
   */
  public record Compiled(byte[] image, List<ResourceReport> reports) {}

  /** Starts a program to ask for its version. */
  Nvcc(Path program) throws UnusableCompiler {
    this.program = program;
    try (TemporaryFolder temporary = new TemporaryFolder()) {
      Path folder = temporary.path();
      Matcher release = RELEASE.matcher(run(folder, List.of("--version")));
      if (!release.find()) {
        throw new UnusableCompiler("does not tell its version");
      }
      major = Integer.parseInt(release.group(1));
      version = release.group(2);
      capabilities =
          CAPABILITY
              .matcher(run(folder, List.of("--list-gpu-code")))
              .results()
              .map(code -> Integer.valueOf(code.group(1)))
              .toList();
    } catch (IOException | Failed e) {
      throw new UnusableCompiler(e.getMessage().lines().findFirst().orElse("does not run"));
    }
  }

  /**
   * The first that works on PATH or in a toolkit.
   *
   * @throws GpuFailure in one line where there is none
   */
  public static Nvcc find() {
    List<String> reasons = new ArrayList<>();
    return CompilerSearch.first(programs(Environment.ofProcess()), Nvcc::new, reasons)
        .orElseThrow(() -> new GpuFailure("no nvcc on PATH or in a CUDA toolkit " + reasons));
  }

  /** Programs of that name: in the toolkit a variable names, on PATH, in the usual toolkits. */
  static SequencedSet<Path> programs(Environment environment) {
    return Stream.of(
            environment.namedToolkits().stream().map(toolkit -> toolkit.resolve("bin")),
            environment.paths("PATH").stream(),
            environment.usualToolkits().stream().map(toolkit -> toolkit.resolve("bin")))
        .flatMap(folders -> folders)
        .map(folder -> folder.resolve(environment.windows() ? "nvcc.exe" : "nvcc"))
        .filter(Files::isExecutable)
        .collect(LinkedHashSet::new, SequencedSet::add, SequencedSet::addAll);
  }

  @Override
  public String version() {
    return "nvcc " + version;
  }

  @Override
  public int major() {
    return major;
  }

  @Override
  public String identity() {
    return version() + " " + program;
  }

  @Override
  public List<Integer> capabilities() {
    return capabilities;
  }

  @Override
  public byte[] compile(KernelSource source, Target target) {
    return compileWithReports(source, target).image();
  }

  /**
   * Compiles a text and says what its kernels take.
   *
   * @throws CompileFailure with nvcc's log and the text
   * @throws GpuFailure where the folder for temporary files cannot be written
   */
  public Compiled compileWithReports(KernelSource source, Target target) {
    try (TemporaryFolder folder = new TemporaryFolder()) {
      return compile(source, target, folder.path());
    } catch (IOException e) {
      throw new GpuFailure(version() + ": " + e.getMessage(), e);
    }
  }

  private Compiled compile(KernelSource source, Target target, Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve(source.entry() + ".cu"), source.text());
    List<String> words = new ArrayList<>(CudaCompiler.options(target));
    words.addAll(List.of(target.machineCode() ? "--cubin" : "--ptx", "-Xptxas", "-v"));
    words.addAll(List.of("-x", "cu", "-o", "image", text.getFileName().toString()));
    String log;
    try {
      log = run(folder, words);
    } catch (Failed e) {
      throw failure(source, e.answer, e.getMessage());
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("image"));
    if (target.machineCode()) {
      return new Compiled(bytes, ResourceReport.parse(log));
    }
    return new Compiled(Arrays.copyOf(bytes, bytes.length + 1), List.of());
  }

  /** What the program prints, errors included. */
  private String run(Path folder, List<String> words) throws IOException, Failed {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(words);
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Failed("given up", "no answer for " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("interrupted", "");
    } finally {
      process.destroyForcibly();
    }
    String log = new String(Files.readAllBytes(printed), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new Failed("exit code " + process.exitValue(), log);
    }
    return log;
  }

  /** Goes with what is in it. */
  private record TemporaryFolder(Path path) implements AutoCloseable {
    TemporaryFolder() throws IOException {
      this(Files.createTempDirectory("basin-nvcc-"));
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(path);
    }
  }

  /** Its message is what the program printed. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    private final String answer;

    Failed(String answer, String printed) {
      super(printed);
      this.answer = answer;
    }
  }
}
