package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * Where a library of NVIDIA's may be: the toolkit that CUDA_PATH or CUDA_HOME names, the usual
 * folders, the loader's own path, Conda's and pip's packages; in each the newest first.
 */
final class CudaLibraries {

  /**
   * What a library is called.
   *
   * @param unix files on Unix
   * @param windows files on Windows
   * @param unixNames what only the loader may find
   * @param windowsNames the same on Windows
   * @param packages pip's folders
   */
  private record Names(
      String unix,
      String windows,
      List<String> unixNames,
      List<String> windowsNames,
      String packages) {}

  /**
   * Not the slower twin {@code libnvrtc.alt.so}. Sonames: one a major version since 12, one for all
   * of 11.2 and later.
   */
  private static final Names NVRTC =
      new Names(
          "libnvrtc\\.so[.0-9]*",
          "nvrtc64_[0-9]+_0\\.dll",
          List.of("libnvrtc.so.14", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"),
          List.of(
              "nvrtc64_140_0.dll", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"),
          "cuda_nvrtc|cu[0-9]+");

  private static final Names CUBLAS =
      new Names(
          "libcublas\\.so\\.1[23][.0-9]*",
          "cublas64_1[23]\\.dll",
          List.of("libcublas.so.13", "libcublas.so.12"),
          List.of("cublas64_13.dll", "cublas64_12.dll"),
          "cublas|cu[0-9]+");

  private final Names names;
  private final Environment environment;

  private CudaLibraries(Names names, Environment environment) {
    this.names = names;
    this.environment = environment;
  }

  /** The compiler. */
  static CudaLibraries nvrtc(Environment environment) {
    return new CudaLibraries(NVRTC, environment);
  }

  /** Products of matrices. */
  static CudaLibraries cublas(Environment environment) {
    return new CudaLibraries(CUBLAS, environment);
  }

  /** Files that exist, and, relative, names that only the loader can tell about. */
  SequencedSet<Path> candidates() {
    SequencedSet<Path> candidates = new LinkedHashSet<>();
    environment.namedToolkits().forEach(toolkit -> addToolkit(toolkit, candidates));
    environment.usualToolkits().forEach(toolkit -> addToolkit(toolkit, candidates));
    if (environment.windows()) {
      environment.paths("PATH").forEach(folder -> addFolder(folder, candidates));
      names.windowsNames().forEach(name -> candidates.add(Path.of(name)));
    } else {
      for (String folder : List.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib")) {
        addFolder(environment.root().resolve(folder), candidates);
      }
      // By itself the loader would also find these, but it would take half a file.
      environment.paths("LD_LIBRARY_PATH").forEach(folder -> addFolder(folder, candidates));
      names.unixNames().forEach(name -> candidates.add(Path.of(name)));
    }
    environment.folder("CONDA_PREFIX").ifPresent(prefix -> addToolkit(prefix, candidates));
    for (Path packages : pythonPackages()) {
      for (Path each : Environment.matching(packages.resolve("nvidia"), names.packages())) {
        addToolkit(each, candidates);
      }
    }
    return candidates;
  }

  private void addToolkit(Path toolkit, SequencedSet<Path> candidates) {
    List<String> folders =
        environment.windows()
            ? List.of("bin", "bin/x64", "bin/x86_64", "Library/bin")
            : List.of("lib64", "lib", "targets/x86_64-linux/lib");
    folders.forEach(folder -> addFolder(toolkit.resolve(folder), candidates));
  }

  private void addFolder(Path folder, SequencedSet<Path> candidates) {
    for (Path file :
        Environment.matching(folder, environment.windows() ? names.windows() : names.unix())) {
      try {
        // One library has several names; the real one tells its version.
        candidates.add(file.toRealPath());
      } catch (IOException e) {
        // A link to nothing.
      }
    }
  }

  /** Folders of Python packages: of the active environment, of each Python on PATH, the usual. */
  private List<Path> pythonPackages() {
    List<Path> packages = new ArrayList<>(environment.paths("PYTHONPATH"));
    List<Path> prefixes = new ArrayList<>();
    environment.folder("VIRTUAL_ENV").ifPresent(prefixes::add);
    environment.folder("CONDA_PREFIX").ifPresent(prefixes::add);
    for (Path folder : environment.paths("PATH")) {
      if (environment.windows()) {
        prefixes.add(folder);
      } else if (folder.getParent() != null) {
        prefixes.add(folder.getParent());
      }
    }
    prefixes.add(environment.home().resolve(".local"));
    prefixes.add(environment.root().resolve("usr/local"));
    prefixes.add(environment.root().resolve("usr"));
    for (Path prefix : prefixes) {
      Stream<Path> libraries =
          environment.windows()
              ? Stream.of(prefix.resolve("Lib"))
              : Environment.matching(prefix.resolve("lib"), "python3[.0-9]*").stream();
      libraries.forEach(library -> {
        packages.add(library.resolve("site-packages"));
        packages.add(library.resolve("dist-packages"));
      });
    }
    return packages;
  }
}
