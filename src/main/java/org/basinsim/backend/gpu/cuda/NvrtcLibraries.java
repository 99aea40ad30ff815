package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * Where NVRTC may be: the toolkit that CUDA_PATH or CUDA_HOME names, the usual folders, the
 * loader's own path, Conda's and pip's packages; in each the newest first.
 */
final class NvrtcLibraries {
  /** Not the slower twin {@code libnvrtc.alt.so}. */
  private static final String UNIX = "libnvrtc\\.so[.0-9]*";

  private static final String WINDOWS = "nvrtc64_[0-9]+_0\\.dll";

  /** Sonames: one a major version since 12, one for all of 11.2 and later. */
  private static final List<String> UNIX_NAMES =
      List.of("libnvrtc.so.14", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2");

  private static final List<String> WINDOWS_NAMES =
      List.of("nvrtc64_140_0.dll", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll");

  private final Environment environment;

  NvrtcLibraries(Environment environment) {
    this.environment = environment;
  }

  /** Files that exist, and, relative, names that only the loader can tell about. */
  SequencedSet<Path> candidates() {
    SequencedSet<Path> candidates = new LinkedHashSet<>();
    environment.namedToolkits().forEach(toolkit -> addToolkit(toolkit, candidates));
    environment.usualToolkits().forEach(toolkit -> addToolkit(toolkit, candidates));
    if (environment.windows()) {
      environment.paths("PATH").forEach(folder -> addFolder(folder, candidates));
      WINDOWS_NAMES.forEach(name -> candidates.add(Path.of(name)));
    } else {
      for (String folder : List.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib")) {
        addFolder(environment.root().resolve(folder), candidates);
      }
      // By itself the loader would also find these, but it would take half a file.
      environment.paths("LD_LIBRARY_PATH").forEach(folder -> addFolder(folder, candidates));
      UNIX_NAMES.forEach(name -> candidates.add(Path.of(name)));
    }
    environment.folder("CONDA_PREFIX").ifPresent(prefix -> addToolkit(prefix, candidates));
    for (Path packages : pythonPackages()) {
      for (Path each : Environment.matching(packages.resolve("nvidia"), "cuda_nvrtc|cu[0-9]+")) {
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
    for (Path file : Environment.matching(folder, environment.windows() ? WINDOWS : UNIX)) {
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
