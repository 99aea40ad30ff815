package org.basinsim.backend.gpu.cuda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.basinsim.backend.BackendUnavailable;

/**
 * The one place that chooses what multiplies matrices: cuBLAS where it is found, else the program
 * itself; where BASIN_GEMM is {@code cublas} or {@code own}, that.
 */
final class CublasSearch {
  private static final String CHOICE = "BASIN_GEMM";

  /** The version of cuBLAS that JCublas2 is made for. */
  private static final int JCUBLAS = 12;

  private CublasSearch() {}

  /**
   * The library, where products are not the program's own. Once a process.
   *
   * @param driver CUDA version of the driver, the number before the point
   * @throws UnusableCompiler where the environment asks for what there is not, in one line
   */
  static Optional<Cublas> choose(Environment environment, int driver) throws UnusableCompiler {
    return choose(
        environment.variables().get(CHOICE),
        CudaLibraries.cublas(environment).candidates(),
        driver);
  }

  /**
   * The same of these files.
   *
   * @param choice null where nothing is asked for
   */
  static Optional<Cublas> choose(String choice, SequencedSet<Path> libraries, int driver)
      throws UnusableCompiler {
    if (choice != null && !choice.equals("own") && !choice.equals("cublas")) {
      throw new UnusableCompiler(
          "%s = '%s': products of matrices are own or cublas; without it, cublas where there is one"
              .formatted(CHOICE, choice));
    }
    if ("own".equals(choice)) {
      return Optional.empty();
    }
    List<String> passedOver = new ArrayList<>();
    Optional<ForeignCublas> found =
        CompilerSearch.first(libraries, file -> notNewer(file, driver), passedOver);
    if (found.isEmpty() && choice != null) {
      throw new UnusableCompiler(
          "%s = cublas, and there is no libcublas.so.12 or .13%s; install libcublas of CUDA %d"
              .formatted(
                  CHOICE,
                  passedOver.isEmpty() ? "" : " of use (" + String.join("; ", passedOver) + ")",
                  driver));
    }
    return found.map(CublasSearch::bound);
  }

  private static ForeignCublas notNewer(Path file, int driver) throws UnusableCompiler {
    ForeignCublas library = new ForeignCublas(file);
    if (library.major() > driver) {
      throw new UnusableCompiler(
          "cuBLAS " + library.version() + " is newer than the driver, which serves CUDA " + driver);
    }
    return library;
  }

  /** Other bindings make the same calls: where JCublas2 does not load, nothing is lost. */
  private static Cublas bound(ForeignCublas library) {
    if (library.major() != JCUBLAS) {
      return library;
    }
    try {
      return JCublas.load(library.version());
    } catch (BackendUnavailable e) {
      return library.insteadOf("JCublas2");
    }
  }
}
