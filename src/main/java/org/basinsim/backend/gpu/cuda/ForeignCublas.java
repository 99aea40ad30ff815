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
import jcuda.CudaException;
import jcuda.jcublas.cublasStatus;
import org.basinsim.backend.gpu.ElfFile;

/** Any version of the library by {@code java.lang.foreign}. */
final class ForeignCublas implements Cublas {
  private static final FunctionDescriptor HANDLE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final FunctionDescriptor PRODUCT =
      FunctionDescriptor.of(
          JAVA_INT,
          layouts(
              ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG,
              JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT,
              JAVA_LONG, JAVA_INT));

  /** Functions of the library; each returns 0 or what went wrong. */
  private enum Function {
    CREATE("cublasCreate_v2", HANDLE),
    DESTROY("cublasDestroy_v2", HANDLE),
    PROPERTY("cublasGetProperty", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)),
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

  private final Map<Function, MethodHandle> functions;
  private final String version;
  private final String missing;

  /**
   * Loads and binds a library, which then stays loaded.
   *
   * @param library a file, or a name for the loader
   * @throws UnusableCompiler where it does not load or lacks something
   */
  ForeignCublas(Path library) throws UnusableCompiler {
    SymbolLookup symbols = load(library);
    this.functions = new EnumMap<>(Function.class);
    for (Function function : Function.values()) {
      functions.put(function, bind(symbols, function));
    }
    this.missing = "";
    try {
      // Numbers of libraryPropertyType: major, minor, patch.
      this.version = property(0) + "." + property(1) + "." + property(2);
    } catch (CudaException e) {
      throw new UnusableCompiler("does not tell its version: " + e.getMessage());
    }
  }

  private ForeignCublas(ForeignCublas other, String missing) {
    this.functions = other.functions;
    this.version = other.version;
    this.missing = missing;
  }

  /** The same, saying that another binding would have served but does not load. */
  ForeignCublas insteadOf(String binding) {
    return new ForeignCublas(this, binding);
  }

  private static MemoryLayout[] layouts(MemoryLayout... layouts) {
    return layouts;
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(Path library) throws UnusableCompiler {
    try {
      if (!library.isAbsolute()) {
        if (ElfFile.half(library.toString()).isPresent()) {
          throw new UnusableCompiler("is not a whole library");
        }
        return SymbolLookup.libraryLookup(library.toString(), Arena.global());
      }
      if (library.getFileName().toString().contains(".so") && !ElfFile.isWhole(library)) {
        throw new UnusableCompiler("is not a whole library");
      }
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      // A name that the loader does not find is no news.
      throw new UnusableCompiler(library.isAbsolute() ? "the loader refuses it" : "");
    } catch (IOException e) {
      throw new UnusableCompiler("cannot be read");
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

  private int property(int type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      call(Function.PROPERTY, type, value);
      return value.get(JAVA_INT, 0);
    }
  }

  /** The version: 12.6.1. */
  String version() {
    return version;
  }

  /** The number before the first point. */
  int major() {
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }

  @Override
  public String words() {
    return missing.isEmpty() ? version : version + " without " + missing + ", which does not load";
  }

  @Override
  public Handle create(CudaStream stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      call(Function.CREATE, place);
      MemorySegment handle = place.get(ADDRESS, 0);
      call(Function.SET_STREAM, handle, stream.address());
      call(Function.SET_MATH_MODE, handle, PEDANTIC_MATH);
      return new Products(handle);
    }
  }

  private final class Products implements Handle {
    private final MemorySegment handle;

    Products(MemorySegment handle) {
      this.handle = handle;
    }

    @Override
    public void multiply(
        boolean doubles,
        int rows,
        int columns,
        int inner,
        Matrices a,
        Matrices b,
        boolean accumulates,
        Matrices c,
        int count) {
      try (Arena arena = Arena.ofConfined()) {
        call(
            doubles ? Function.DOUBLES : Function.SINGLES,
            handle,
            a.transposed() ? 1 : 0,
            b.transposed() ? 1 : 0,
            rows,
            columns,
            inner,
            number(arena, doubles, 1),
            a.address(),
            a.leading(),
            a.stride(),
            b.address(),
            b.leading(),
            b.stride(),
            number(arena, doubles, accumulates ? 1 : 0),
            c.address(),
            c.leading(),
            c.stride(),
            count);
      }
    }

    @Override
    public void destroy() {
      call(Function.DESTROY, handle);
    }
  }

  private static MemorySegment number(Arena arena, boolean doubles, int value) {
    return doubles ? arena.allocateFrom(JAVA_DOUBLE, value) : arena.allocateFrom(JAVA_FLOAT, value);
  }

  private void call(Function function, Object... arguments) {
    int answer;
    try {
      answer = (int) functions.get(function).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(function.symbol, e);
    }
    if (answer != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(cublasStatus.stringFor(answer));
    }
  }
}
