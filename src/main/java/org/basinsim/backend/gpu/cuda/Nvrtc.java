package org.basinsim.backend.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.basinsim.backend.gpu.ElfFile;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.KernelSource;

/**
 * NVIDIA's run-time compiler, of any version since CUDA 11.2: whichever library is found is bound
 * as it is. <a href="https://docs.nvidia.com/cuda/nvrtc/">Its documentation</a> gives the
 * signatures.
 */
final class Nvrtc implements CudaCompiler {
  private static final FunctionDescriptor PROGRAM_AND_ADDRESS =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

  /** Functions of the library; each but the last returns 0 or what went wrong. */
  private enum Function {
    VERSION("nvrtcVersion", PROGRAM_AND_ADDRESS),
    ARCHITECTURE_COUNT("nvrtcGetNumSupportedArchs", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    ARCHITECTURES("nvrtcGetSupportedArchs", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    CREATE(
        "nvrtcCreateProgram",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS)),
    COMPILE("nvrtcCompileProgram", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS)),
    LOG_SIZE("nvrtcGetProgramLogSize", PROGRAM_AND_ADDRESS),
    LOG("nvrtcGetProgramLog", PROGRAM_AND_ADDRESS),
    CUBIN_SIZE("nvrtcGetCUBINSize", PROGRAM_AND_ADDRESS),
    CUBIN("nvrtcGetCUBIN", PROGRAM_AND_ADDRESS),
    PTX_SIZE("nvrtcGetPTXSize", PROGRAM_AND_ADDRESS),
    PTX("nvrtcGetPTX", PROGRAM_AND_ADDRESS),
    DESTROY("nvrtcDestroyProgram", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    ERROR_STRING("nvrtcGetErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private final String symbol;
    private final FunctionDescriptor signature;

    Function(String symbol, FunctionDescriptor signature) {
      this.symbol = symbol;
      this.signature = signature;
    }
  }

  private static final long STACK_BYTES = 64 << 20;

  private static final String BUILTINS =
      "libnvrtc-builtins\\.so[.0-9]*|nvrtc-builtins64_[0-9]+\\.dll";

  private final Map<Function, MethodHandle> functions = new EnumMap<>(Function.class);
  private final int major;
  private final int minor;
  private final String identity;
  private final List<Integer> capabilities;

  /**
   * Binds a library, which then stays loaded.
   *
   * @param library a file, or a name for the loader
   * @throws UnusableCompiler where it does not load or lacks something
   */
  Nvrtc(Path library) throws UnusableCompiler {
    SymbolLookup symbols = load(library);
    for (Function function : Function.values()) {
      functions.put(function, bind(symbols, function));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_INT, 2);
      MemorySegment count = arena.allocate(JAVA_INT);
      check(Function.VERSION, version, version.asSlice(JAVA_INT.byteSize()));
      check(Function.ARCHITECTURE_COUNT, count);
      MemorySegment known = arena.allocate(JAVA_INT, Math.max(1, count.get(JAVA_INT, 0)));
      check(Function.ARCHITECTURES, known);
      major = version.getAtIndex(JAVA_INT, 0);
      minor = version.getAtIndex(JAVA_INT, 1);
      capabilities =
          IntStream.range(0, count.get(JAVA_INT, 0))
              .mapToObj(index -> known.getAtIndex(JAVA_INT, index))
              .toList();
    } catch (GpuFailure e) {
      throw new UnusableCompiler(e.getMessage());
    }
    identity = version() + " " + library + " " + length(library);
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(Path library) throws UnusableCompiler {
    if (library.isAbsolute()) {
      loadBuiltins(library.getParent());
      return loadFile(library);
    }
    try {
      return SymbolLookup.libraryLookup(library.toString(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new UnusableCompiler("");
    }
  }

  /**
   * NVRTC opens a second library by its bare name when it first compiles. The loader finds it if it
   * is on its path, which pip's folders are not, or if it is loaded already.
   */
  private static void loadBuiltins(Path folder) throws UnusableCompiler {
    List<Path> builtins = Environment.matching(folder, BUILTINS);
    if (builtins.isEmpty()) {
      throw new UnusableCompiler("libnvrtc-builtins is not beside it");
    }
    for (Path library : builtins) {
      loadFile(library);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup loadFile(Path library) throws UnusableCompiler {
    try {
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

  private static long length(Path library) {
    try {
      return library.isAbsolute() ? Files.size(library) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public String version() {
    return "NVRTC " + major + "." + minor;
  }

  @Override
  public int major() {
    return major;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public List<Integer> capabilities() {
    return capabilities;
  }

  /** On a thread of its own: a compiler recurses deeper than Java's stacks allow. */
  @Override
  public byte[] compile(KernelSource source, Target target) {
    FutureTask<byte[]> task = new FutureTask<>(() -> compileHere(source, target));
    new Thread(null, task, "NVRTC", STACK_BYTES).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GpuFailure(version() + ": interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GpuFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private byte[] compileHere(KernelSource source, Target target) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(ADDRESS);
      check(
          Function.CREATE,
          handle,
          arena.allocateFrom(source.text()),
          arena.allocateFrom(source.entry() + ".cu"),
          0,
          MemorySegment.NULL,
          MemorySegment.NULL);
      MemorySegment program = handle.get(ADDRESS, 0);
      try {
        int answer = compile(program, CudaCompiler.options(target), arena);
        if (answer != 0) {
          String log = text(read(Function.LOG_SIZE, Function.LOG, program, arena));
          throw failure(source, name(answer), log);
        }
        return target.machineCode()
            ? read(Function.CUBIN_SIZE, Function.CUBIN, program, arena)
            : read(Function.PTX_SIZE, Function.PTX, program, arena);
      } finally {
        check(Function.DESTROY, handle);
      }
    }
  }

  private int compile(MemorySegment program, List<String> options, Arena arena) {
    MemorySegment array = arena.allocate(ADDRESS, options.size());
    for (int i = 0; i < options.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
    }
    return (int) call(Function.COMPILE, program, options.size(), array);
  }

  /** What one function tells the size of and the other writes. */
  private byte[] read(Function size, Function content, MemorySegment program, Arena arena) {
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    check(size, program, bytes);
    MemorySegment buffer = arena.allocate(Math.max(1, bytes.get(JAVA_LONG, 0)));
    check(content, program, buffer);
    return buffer.asSlice(0, bytes.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
  }

  /** Less the zero byte that ends it in C. */
  private static String text(byte[] bytes) {
    int end = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("restricted")
  private String name(int answer) {
    MemorySegment name = (MemorySegment) call(Function.ERROR_STRING, answer);
    return name.address() == 0 ? "error " + answer : name.reinterpret(256).getString(0);
  }

  private void check(Function function, Object... arguments) {
    int answer = (int) call(function, arguments);
    if (answer != 0) {
      throw new GpuFailure(function.symbol + ": " + name(answer));
    }
  }

  private Object call(Function function, Object... arguments) {
    try {
      return functions.get(function).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(function.symbol, e);
    }
  }
}
