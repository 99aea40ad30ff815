package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.CudaException;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.ElfFile;

/**
 * A native library of JCuda's for this system.
 *
 * <p>By itself JCuda unpacks it under a fixed name in {@code java.io.tmpdir}, not atomically, and
 * trusts a file that is there. Half a file, which another process is still writing or died over,
 * would end the JVM. So it is unpacked here, into a new folder, and JCuda finds it there.
 *
 * @param file its name
 */
record JCudaNative(String file) {
  private static final String TEMPORARY = "java.io.tmpdir";

  /** The driver's. */
  static final JCudaNative DRIVER = of("JCudaDriver");

  /** That of products of matrices. */
  static final JCudaNative CUBLAS = of("JCublas2");

  private static JCudaNative of(String name) {
    return new JCudaNative(
        LibUtils.createLibraryFileName(
            LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get())));
  }

  /**
   * Whether JCuda ships one.
   *
   * @throws BackendUnavailable where it does not
   */
  void require() {
    if (JCudaNative.class.getResource("/lib/" + file) == null) {
      throw new BackendUnavailable(
          "JCuda has no native library for %s %s; it has one for Linux and Windows on x86-64"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
  }

  /**
   * Loads it. Once a process; meanwhile {@code java.io.tmpdir} is another, for the whole process.
   *
   * @param start what makes JCuda load it
   * @throws BackendUnavailable where it cannot be written or does not load
   */
  void load(Runnable start) {
    String shared = System.getProperty(TEMPORARY);
    try {
      Path folder = Files.createTempDirectory("basin-");
      Path library = folder.resolve(file);
      try {
        unpack(library);
        System.setProperty(TEMPORARY, folder.toString());
        start.run();
      } finally {
        System.setProperty(TEMPORARY, shared);
        remove(library);
      }
    } catch (IOException | LinkageError | CudaException e) {
      throw new BackendUnavailable(
          "JCuda's native library does not load ("
              + cause(e)
              + "); JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER names a folder that has room for it"
              + " and allows programs");
    }
  }

  private void unpack(Path library) throws IOException {
    try (InputStream content = JCudaNative.class.getResourceAsStream("/lib/" + file)) {
      Files.copy(content, library);
    }
    if (file.endsWith(".so") && !ElfFile.isWhole(library)) {
      throw new BackendUnavailable("JCuda's native library is damaged; install Basin again");
    }
  }

  /** Unix lets go of the name of a library that is loaded; Windows does not, and it stays. */
  private static void remove(Path library) {
    try {
      Files.deleteIfExists(library);
      Files.delete(library.getParent());
    } catch (IOException e) {
      // It is in the folder for temporary files, and harms nobody.
    }
  }

  /** JCuda's message is a page; the line after this one says why. */
  private static String cause(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    Optional<String> told =
        message
            .lines()
            .dropWhile(line -> !line.contains("load the library as a resource"))
            .skip(1)
            .findFirst();
    return told.orElseGet(() -> failure.getClass().getSimpleName() + ": " + message).strip();
  }
}
