package org.basinsim.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.basinsim.Main;

/** The program in a process of its own, which can be sent signals; its output goes to files. */
public final class BasinProcess implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  private BasinProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the program.
   *
   * @param folder of the process and of the files that catch its output
   */
  public static BasinProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, Main.class, arguments);
  }

  /** Starts a program of the tests in place of the program. */
  static BasinProcess start(Path folder, Class<?> program, String... arguments) throws IOException {
    // A shell that starts tests in the background makes them ignore INT, and what they start too.
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.addAll(java(List.of(), program));
    words.addAll(List.of(arguments));
    return start(folder, words);
  }

  /** Starts a line of bash in which {@code basin} is the program. */
  public static BasinProcess bash(Path folder, List<String> jvmOptions, String line)
      throws IOException {
    String basin =
        "basin() { %s \"$@\"; }; export -f basin; "
            .formatted(
                String.join(
                    " ",
                    java(jvmOptions, Main.class).stream().map(word -> "'" + word + "'").toList()));
    return start(folder, List.of("bash", "-c", basin + line));
  }

  private static List<String> java(List<String> jvmOptions, Class<?> program) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(jvmOptions);
    words.add("--add-modules=jdk.incubator.vector");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    return words;
  }

  private static BasinProcess start(Path folder, List<String> words) throws IOException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new BasinProcess(process, out, err);
  }

  /** Sends a signal, such as {@code INT}. */
  public void send(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /**
   * The exit code.
   *
   * @throws IllegalStateException where the process has not ended after so many seconds
   */
  public int end(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still there after " + seconds + " s; said " + err());
    }
    return process.exitValue();
  }

  /** Returns when standard error has these words, or the process has ended. */
  public void awaitMessage(String words) throws InterruptedException {
    while (process.isAlive() && !err().contains(words)) {
      Thread.sleep(20);
    }
  }

  /** Standard output so far. */
  public String out() {
    return text(out);
  }

  /** Standard error so far, without what the JVM says of its incubator module. */
  public String err() {
    return text(err).replaceFirst("WARNING: Using incubator modules: .*\\R", "");
  }

  /** A terminal's output may be cut within a character. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
