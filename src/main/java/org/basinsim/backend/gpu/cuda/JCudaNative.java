package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.CudaException;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.ElfFile;

/**
 * JCuda's native library for this system.
 *
 * <p>By itself JCuda unpacks it under a fixed name in {@code java.io.tmpdir}, not atomically, and
 * trusts a file that is there. Half a file, which another process is still writing or died over,
 * would end the JVM. So it is unpacked here, into a new folder, and JCuda finds it there.
 */
final class JCudaNative {
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String NAME =
      LibUtils.createLibraryFileName(
          LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get()));

  private JCudaNative() {}

  /**
   * Whether JCuda ships one.
   *
   * @throws BackendUnavailable where it does not
   */
  static void require() {
    if (JCudaNative.class.getResource("/lib/" + NAME) == null) {
      throw new BackendUnavailable(
          "JCuda has no native library for %s %s; it has one for Linux and Windows on x86-64"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
  }

  /**
   * Loads it, and starts JCuda, whose functions throw from then on where they fail. Once a process;
   * meanwhile {@code java.io.tmpdir} is another, for the whole process.
   *
   * @throws BackendUnavailable where it cannot be written or does not load
   */
  static void load() {
    String shared = System.getProperty(TEMPORARY);
    try {
      Path folder = Files.createTempDirectory("basin-");
      Path library = folder.resolve(NAME);
      try {
        unpack(library);
        System.setProperty(TEMPORARY, folder.toString());
        JCudaDriver.setExceptionsEnabled(true);
        JCudaDriver.cuInit(0);
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

  private static void unpack(Path library) throws IOException {
    try (InputStream content = JCudaNative.class.getResourceAsStream("/lib/" + NAME)) {
      Files.copy(content, library);
    }
    if (NAME.endsWith(".so") && !ElfFile.isWhole(library)) {
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
