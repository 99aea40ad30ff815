package org.basinsim.backend.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.ElfFile;
import org.basinsim.backend.gpu.GpuFailure;

/**
 * NVIDIA's library for products of matrices, of version 12 or 13: whichever is found is bound as it
 * is. <a href="https://docs.nvidia.com/cuda/cublas/">Its documentation</a> gives the signatures.
 */
final class Cublas {
  private static final FunctionDescriptor HANDLE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final FunctionDescriptor HANDLE_AND_ADDRESS =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
  private static final FunctionDescriptor PRODUCT =
      FunctionDescriptor.of(
          JAVA_INT,
          layouts(
              ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG,
              JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT,
              JAVA_LONG, JAVA_INT));

  /** No TF32 and no emulation, whatever the environment asks for: CUBLAS_PEDANTIC_MATH. */
  private static final int PEDANTIC_MATH = 2;

  /** Functions of the library; each returns 0 or what went wrong. */
  private enum Function {
    CREATE("cublasCreate_v2", HANDLE),
    DESTROY("cublasDestroy_v2", HANDLE),
    VERSION("cublasGetVersion_v2", HANDLE_AND_ADDRESS),
    SET_STREAM("cublasSetStream_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG)),
    SET_MATH_MODE("cublasSetMathMode", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
    SINGLES("cublasSgemmStridedBatched", PRODUCT),
    DOUBLES("cublasDgemmStridedBatched", PRODUCT);

    private final String symbol;
    private final FunctionDescriptor signature;

    Function(String symbol, FunctionDescriptor signature) {
      this.symbol = symbol;
      this.signature = signature;
    }
  }

  private final Map<Function, MethodHandle> functions = new EnumMap<>(Function.class);

  /**
   * Binds a library, which then stays loaded.
   *
   * @param library a file, or a name for the loader
   * @throws UnusableCompiler where it does not load or lacks something
   */
  Cublas(Path library) throws UnusableCompiler {
    SymbolLookup symbols = load(library);
    for (Function function : Function.values()) {
      functions.put(function, bind(symbols, function));
    }
  }

  private static MemoryLayout[] layouts(MemoryLayout... layouts) {
    return layouts;
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(Path library) throws UnusableCompiler {
    try {
      if (!library.isAbsolute()) {
        return SymbolLookup.libraryLookup(library.toString(), Arena.global());
      }
      if (library.getFileName().toString().contains(".so") && !ElfFile.isWhole(library)) {
        throw new UnusableCompiler(library.getFileName() + " is not a whole library");
      }
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new UnusableCompiler("the loader refuses " + library.getFileName());
    } catch (IOException e) {
      throw new UnusableCompiler(library.getFileName() + " cannot be read");
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(SymbolLookup symbols, Function function)
      throws UnusableCompiler {
    MemorySegment address =
        symbols
            .find(function.symbol)
            .orElseThrow(() -> new UnusableCompiler("lacks " + function.symbol));
    return Linker.nativeLinker().downcallHandle(address, function.signature);
  }

  /** A handle for the current context, whose products go into a stream. */
  MemorySegment create(long stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      check(Function.CREATE, place);
      MemorySegment handle = place.get(ADDRESS, 0);
      check(Function.SET_STREAM, handle, stream);
      check(Function.SET_MATH_MODE, handle, PEDANTIC_MATH);
      return handle;
    }
  }

  void destroy(MemorySegment handle) {
    check(Function.DESTROY, handle);
  }

  /** The version: 12.6.1. */
  String version(MemorySegment handle) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_INT);
      check(Function.VERSION, handle, version);
      // 120601; before 12 it was 11803.
      int number = version.get(JAVA_INT, 0);
      return "%d.%d.%d".formatted(number / 10_000, number / 100 % 100, number % 100);
    }
  }

  /**
   * Queues products. The library reads columns where the program has rows: it gets Cᵀ = op(B)ᵀ
   * op(A)ᵀ.
   *
   * @param a address of the first A; strides are in numbers
   */
  void multiply(
      MemorySegment handle,
      boolean doubles,
      Product product,
      int count,
      long a,
      long strideA,
      long b,
      long strideB,
      long c,
      long strideC) {
    try (Arena arena = Arena.ofConfined()) {
      check(
          doubles ? Function.DOUBLES : Function.SINGLES,
          handle,
          product.transposesB() ? 1 : 0,
          product.transposesA() ? 1 : 0,
          product.columns(),
          product.rows(),
          product.inner(),
          number(arena, doubles, 1),
          b,
          product.transposesB() ? product.inner() : product.columns(),
          strideB,
          a,
          product.transposesA() ? product.rows() : product.inner(),
          strideA,
          number(arena, doubles, product.accumulates() ? 1 : 0),
          c,
          product.columns(),
          strideC,
          count);
    }
  }

  private static MemorySegment number(Arena arena, boolean doubles, int value) {
    return doubles ? arena.allocateFrom(JAVA_DOUBLE, value) : arena.allocateFrom(JAVA_FLOAT, value);
  }

  private void check(Function function, Object... arguments) {
    int answer;
    try {
      answer = (int) functions.get(function).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(function.symbol, e);
    }
    if (answer != 0) {
      throw new GpuFailure(function.symbol + ": status " + answer);
    }
  }
}
