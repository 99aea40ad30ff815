package org.basinsim.backend.gpu.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.ElfFile;
import org.jocl.CL;
import org.jocl.LibInitializer;
import org.jocl.LibUtils;

/** Loads the system's OpenCL library and JOCL's native one, or says why it cannot. */
final class OpenClLibrary {

  /** Names the library to load instead of the usual one. */
  static final String LIBRARY_PROPERTY = "basin.opencl.library";

  private static final String POCL_CACHE = "POCL_CACHE_DIR";
  private static final Optional<String> MISSING = load();

  private OpenClLibrary() {}

  /** One line where OpenCL cannot be called; empty where it can. Loads it at the first call. */
  static Optional<String> missing() {
    return MISSING;
  }

  private static Optional<String> load() {
    List<String> names = names(System.getProperty("os.name", ""));
    try {
      Optional<Path> half =
          Stream.concat(names.stream(), IcdFiles.libraries().stream())
              .flatMap(name -> ElfFile.half(name).stream())
              .findFirst();
      if (half.isPresent()) {
        return Optional.of("no OpenCL: " + half.get() + " is cut short; install it again");
      }
      // Asked before JOCL, which prints to standard output where it finds none.
      Optional<String> found = names.stream().filter(OpenClLibrary::opens).findFirst();
      if (found.isEmpty()) {
        return Optional.of(noLibrary(names.getFirst()));
      }
      if (OpenClLibrary.class.getResource(joclInJar()) == null) {
        return Optional.of(
            "JOCL has no native library for "
                + system()
                + "; it serves Linux and macOS on x86-64 and arm64, and Windows on x86-64");
      }
      keepPoclCachePrivate();
      // JOCL unpacks its native library into the folder for temporary files, by default under one
      // name for all: a copy that another process has half written would kill this one.
      System.setProperty("uniqueLibraryNames", "true");
      LibInitializer.open(found.get());
      CL.setLogLevel(CL.LogLevel.LOG_QUIET);
      CL.setExceptionsEnabled(true);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(
          ("JOCL's native library could not be loaded on %s (%s); it is unpacked into %s: that"
                  + " folder must have room and allow executables;"
                  + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER names another")
              .formatted(system(), reason(e), System.getProperty("java.io.tmpdir")));
    }
  }

  private static List<String> names(String system) {
    String chosen = System.getProperty(LIBRARY_PROPERTY);
    if (chosen != null) {
      return List.of(chosen);
    }
    if (system.startsWith("Windows")) {
      return List.of("OpenCL.dll");
    }
    if (system.startsWith("Mac")) {
      return List.of("/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL");
    }
    return List.of("libOpenCL.so.1", "libOpenCL.so");
  }

  // Opening a library by its name is what the method is for.
  @SuppressWarnings("restricted")
  private static boolean opens(String name) {
    try {
      SymbolLookup.libraryLookup(name, Arena.global());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String noLibrary(String name) {
    return "no OpenCL: "
        + name
        + " was not found; it comes with a GPU's driver, or on Debian and Ubuntu with:"
        + " sudo apt-get install ocl-icd-libopencl1 pocl-opencl-icd";
  }

  /** JOCL's native library for this system, in its jar. */
  private static String joclInJar() {
    return "/lib/"
        + LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JOCL_2_0_5"));
  }

  private static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }

  /** The line of JOCL's report that tells: it strings together the traces of two attempts. */
  private static String reason(Throwable failure) {
    List<String> lines =
        String.valueOf(failure.getMessage())
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    int second = lines.indexOf("Stack trace from the attempt to load the library as a resource:");
    if (second >= 0 && second + 1 < lines.size()) {
      return lines.get(second + 1);
    }
    return lines.isEmpty() ? failure.getClass().getSimpleName() : lines.getFirst();
  }

  /**
   * PoCL keeps compiled kernels in a folder whose content it does not guard against processes that
   * end while they write. It reads the variable when it is first called.
   */
  private static void keepPoclCachePrivate() {
    if (System.getenv(POCL_CACHE) != null) {
      return;
    }
    try {
      CLibrary.setEnvironment(POCL_CACHE, PrivateFolder.create("basin-pocl-").toString());
    } catch (IOException e) {
      // Nowhere to put it: PoCL's own folder serves.
    }
  }
}
