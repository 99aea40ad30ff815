package org.basinsim.backend.gpu.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What Java does not offer of the C library. Where the system lacks a function, nothing happens.
 */
final class CLibrary {
  private static final Optional<MethodHandle> SETENV =
      function(
          "setenv",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final Optional<MethodHandle> SIGACTION =
      function(
          "sigaction",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));

  private CLibrary() {}

  /**
   * Sets a variable of this process's environment, for native code; Java does not see it.
   *
   * @return whether it is set
   */
  static boolean setEnvironment(String variable, String value) {
    try (Arena arena = Arena.ofConfined()) {
      return call(SETENV, arena.allocateFrom(variable), arena.allocateFrom(value), 1);
    }
  }

  /**
   * Reads or sets what a signal does.
   *
   * @param act C's {@code struct sigaction}, or {@code NULL}
   * @param old takes the one before, or {@code NULL}
   * @return whether it was read or set
   */
  static boolean signalAction(int signal, MemorySegment act, MemorySegment old) {
    return call(SIGACTION, signal, act, old);
  }

  // Finding a C function by its name and type is what the method is for.
  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup lookup = linker.defaultLookup();
    return lookup.find(name).map(address -> linker.downcallHandle(address, signature));
  }

  private static boolean call(Optional<MethodHandle> function, Object... arguments) {
    if (function.isEmpty()) {
      return false;
    }
    try {
      return (int) function.get().invokeWithArguments(arguments) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a C function throws nothing", e);
    }
  }
}
