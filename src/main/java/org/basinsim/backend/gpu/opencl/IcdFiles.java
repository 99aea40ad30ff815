package org.basinsim.backend.gpu.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files by which OpenCL's own loader finds the libraries of vendors, on Linux. */
final class IcdFiles {
  private static final String VARIABLE = "OCL_ICD_VENDORS";
  private static final String USUAL = "/etc/OpenCL/vendors";

  private IcdFiles() {}

  /** The libraries they name, by file or for the system's loader; none where none can be read. */
  static List<String> libraries() {
    String chosen = System.getenv(VARIABLE);
    Path place = Path.of(chosen == null || chosen.isEmpty() ? USUAL : chosen);
    List<String> libraries = new ArrayList<>();
    try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith(".icd")) {
          libraries.add(file.toString());
        } else if (Files.isReadable(file)) {
          libraries.add(Files.readString(file).strip());
        }
      }
    } catch (IOException e) {
      // Then OpenCL's loader finds none either.
    }
    return libraries;
  }
}
