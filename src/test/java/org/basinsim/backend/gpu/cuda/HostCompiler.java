package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Makes small libraries of C and C++ that lie beside the tests, for them to find. */
final class HostCompiler {
  static final Path SOURCES = Path.of("src/test/resources/org/basinsim/backend/gpu/cuda");

  private HostCompiler() {}

  /**
   * Compiles a library; without gcc and g++ the test is skipped.
   *
   * @param source in {@link #SOURCES}
   */
  static Path library(String source, Path library, String... options) {
    try {
      Path folder = Files.createDirectories(library.toAbsolutePath().getParent());
      // Another process of tests may be loading the one that is there.
      Path made = Files.createTempFile(folder, "", ".tmp");
      try {
        compile(source, made, options);
        Files.move(
            made, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(made);
      }
      return library;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void compile(String source, Path library, String... options)
      throws IOException, InterruptedException {
    // No soname: by it the loader would find the library again when another of the name is meant.
    List<String> words = new ArrayList<>(List.of(source.endsWith(".c") ? "gcc" : "g++"));
    words.addAll(List.of("-shared", "-fPIC", "-O1", "-Wall", "-Werror"));
    words.addAll(List.of("-o", library.toString()));
    words.addAll(List.of(options));
    words.add(SOURCES.resolve(source).toString());
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, words.getFirst() + " is missing; on Debian: apt-get install g++");
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  /** The second library that NVRTC opens; an empty one here, whose name no real NVRTC asks for. */
  static void builtins(Path folder) {
    library("empty.c", folder.resolve("libnvrtc-builtins.so.0.1"));
  }
}
