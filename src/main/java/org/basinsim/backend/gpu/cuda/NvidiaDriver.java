package org.basinsim.backend.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.ElfFile;

/**
 * The NVIDIA driver of this machine, asked by {@code java.lang.foreign} whether it works before
 * anything of JCuda is loaded.
 *
 * @param version of CUDA that it serves: 13000 for 13.0
 */
record NvidiaDriver(int version) {
  /** JCuda 12.6 is made for drivers from here on. */
  private static final int OLDEST = 12000;

  private static final String NEEDED = "install an NVIDIA driver for CUDA 12.0 or later";

  /**
   * Starts the driver and JCuda.
   *
   * @throws BackendUnavailable what is missing and the remedy, in one line
   */
  static NvidiaDriver start() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    JCudaNative.DRIVER.require();
    NvidiaDriver driver = new NvidiaDriver(probe(windows ? "nvcuda.dll" : "libcuda.so.1"));
    if (driver.version < OLDEST) {
      throw new BackendUnavailable(
          "the NVIDIA driver serves CUDA " + driver.dotted() + "; " + NEEDED);
    }
    JCudaNative.DRIVER.load(() -> {
      JCudaDriver.setExceptionsEnabled(true);
      JCudaDriver.cuInit(0);
    });
    return driver;
  }

  /** The number before the point. */
  int major() {
    return version / 1000;
  }

  /** The version in words: 13.0. */
  String dotted() {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Starts the driver and returns the version of CUDA it serves. */
  private static int probe(String library) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup symbols = load(library);
      int answer =
          (int) bind(symbols, "cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(0);
      if (answer != CUresult.CUDA_SUCCESS) {
        throw new BackendUnavailable(explanation(answer));
      }
      MemorySegment version = arena.allocate(JAVA_INT);
      answer =
          (int)
              bind(symbols, "cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invokeExact(version);
      return answer == CUresult.CUDA_SUCCESS ? version.get(JAVA_INT, 0) : 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calls of " + library + " declare no exception", e);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(String library) {
    ElfFile.half(library)
        .ifPresent(file -> {
          throw new BackendUnavailable(file + " is cut short; install the NVIDIA driver again");
        });
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new BackendUnavailable(
          library + " is missing or does not load; install an NVIDIA driver");
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      SymbolLookup symbols, String function, FunctionDescriptor signature) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(() ->
                new BackendUnavailable("the NVIDIA driver lacks " + function + "; " + NEEDED));
    return Linker.nativeLinker().downcallHandle(address, signature);
  }

  /** Why the driver does not start; codes of cuda.h. */
  private static String explanation(int code) {
    String reason =
        switch (code) {
          case CUresult.CUDA_ERROR_NO_DEVICE ->
              "the NVIDIA driver sees no GPU; check nvidia-smi and CUDA_VISIBLE_DEVICES";
          case CUresult.CUDA_ERROR_STUB_LIBRARY ->
              "libcuda is the CUDA toolkit's stub; take its folder out of LD_LIBRARY_PATH";
          // CUDA_ERROR_INSUFFICIENT_DRIVER, which JCuda does not name.
          case 35 -> "the NVIDIA driver is too old; " + NEEDED;
          case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
              "the NVIDIA driver was updated while it was loaded; restart the machine";
          default ->
              "the NVIDIA driver does not work; check nvidia-smi, restart the machine or install"
                  + " the driver again";
        };
    return reason + " (cuInit: " + name(code) + ")";
  }

  private static String name(int code) {
    String name = CUresult.stringFor(code);
    return name.startsWith("CUDA_") ? name + ", " + code : "error " + code;
  }
}
