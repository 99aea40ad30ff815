package org.basinsim.backend.gpu.opencl;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of this process alone, which goes when the process ends in order. */
final class PrivateFolder {

  private PrivateFolder() {}

  /**
   * Makes one in the system's folder for temporary files.
   *
   * @param prefix of its name
   */
  static Path create(String prefix) throws IOException {
    Path folder = Files.createTempDirectory(prefix);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> content = Files.walk(folder)) {
      List<Path> deepestFirst = content.sorted(Comparator.reverseOrder()).toList();
      // Not Files.delete: one file that somebody still writes must not keep the others.
      deepestFirst.stream().map(Path::toFile).forEach(File::delete);
    } catch (IOException | RuntimeException e) {
      // What is left is in the folder for temporary files, and the process is over.
    }
  }
}
