package org.basinsim.backend.gpu.cuda;

import java.util.List;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.KernelSource;

/** Compiles CUDA C++ for a device. Get one from {@link CompilerSearch}. */
interface CudaCompiler {

  /** Name and version in words: {@code NVRTC 13.0}. */
  String version();

  /** The number before the point: a driver of an older one does not load what it compiles. */
  int major();

  /** Version and file: another identity may compile the same text to something else. */
  String identity();

  /** Compute capabilities it compiles for, each without its point. */
  List<Integer> capabilities();

  /**
   * Compiles a text.
   *
   * @return a cubin, or PTX that ends with a zero byte
   * @throws CompileFailure with the compiler's log and the text
   */
  byte[] compile(KernelSource source, Target target);

  /**
   * What both compilers are told. Multiplications and additions are not contracted: the text says
   * {@code fma} where it means it. Division and square root are correctly rounded by default.
   */
  static List<String> options(Target target) {
    return List.of("--gpu-architecture=" + target.architecture(), "--fmad=false", "--std=c++17");
  }

  /** A failure in one line: who, what, the first error of the log. */
  default CompileFailure failure(KernelSource source, String answer, String log) {
    String first =
        log.lines()
            .map(String::strip)
            .filter(line -> line.contains("error") || line.contains("fatal"))
            .findFirst()
            .orElseGet(() -> log.strip().lines().findFirst().orElse("it does not say why"));
    return new CompileFailure(
        "%s does not compile %s (%s): %s".formatted(version(), source.entry(), answer, first),
        log,
        source.text());
  }
}
