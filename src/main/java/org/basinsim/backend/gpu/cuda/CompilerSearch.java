package org.basinsim.backend.gpu.cuda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/** The one place that chooses a compiler: NVRTC, else nvcc. */
final class CompilerSearch {
  private CompilerSearch() {}

  /** How a compiler is made of a file. */
  @FunctionalInterface
  interface Opener<T> {
    T open(Path file) throws UnusableCompiler;
  }

  /**
   * The first compiler that works and is not newer than the driver.
   *
   * @param driver CUDA version of the driver, the number before the point
   * @throws UnusableCompiler where there is none; the message is one line and ends with the remedy
   */
  static CudaCompiler find(Environment environment, int driver) throws UnusableCompiler {
    return find(CudaLibraries.nvrtc(environment).candidates(), Nvcc.programs(environment), driver);
  }

  /**
   * The first that works of these.
   *
   * @param libraries that may be NVRTC
   * @param programs that may be nvcc
   */
  static CudaCompiler find(SequencedSet<Path> libraries, SequencedSet<Path> programs, int driver)
      throws UnusableCompiler {
    List<String> passedOver = new ArrayList<>();
    Optional<? extends CudaCompiler> nvrtc =
        first(libraries, file -> notNewer(new Nvrtc(file), driver), passedOver);
    if (nvrtc.isPresent()) {
      return nvrtc.get();
    }
    Optional<? extends CudaCompiler> nvcc =
        first(programs, file -> notNewer(new Nvcc(file), driver), passedOver);
    if (nvcc.isPresent()) {
      return nvcc.get();
    }
    throw new UnusableCompiler(
        "no CUDA compiler; not in CUDA_PATH, the usual folders, the loader's path, Python's packages"
            + (passedOver.isEmpty() ? "" : " (" + String.join("; ", passedOver) + ")")
            + "; install libnvrtc of CUDA "
            + driver
            + " (CUDA toolkit, or pip install nvidia-cuda-nvrtc) or put nvcc on PATH");
  }

  private static <T extends CudaCompiler> T notNewer(T compiler, int driver)
      throws UnusableCompiler {
    if (compiler.major() > driver) {
      throw new UnusableCompiler(
          compiler.version() + " is newer than the driver, which serves CUDA " + driver);
    }
    return compiler;
  }

  /**
   * The first that opens.
   *
   * @param passedOver takes why the files before it do not serve
   */
  static <T> Optional<T> first(
      SequencedSet<Path> files, Opener<T> opener, List<String> passedOver) {
    for (Path file : files) {
      try {
        return Optional.of(opener.open(file));
      } catch (UnusableCompiler e) {
        if (!e.getMessage().isEmpty()) {
          passedOver.add(file + ": " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }
}
