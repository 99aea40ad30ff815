package org.basinsim.backend.gpu.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.Supplier;

/**
 * The JVM's signal handlers, put back after native code that replaces them.
 *
 * <p>The JVM stops its threads, finds null pointers and divisions by zero by signals. PoCL and the
 * compiler within it, which oclgrind has too, install handlers of their own: without this a Java
 * division by zero gives a number, a null pointer found by two threads at once ends the process,
 * and {@code USR1} is lost. What is given up is theirs alone: a kernel that divides integers by
 * zero ends the process.
 */
final class SignalHandlers {
  /** The signals of every Unix. */
  private static final int SIGNALS = 31;

  /** Bytes, no fewer than C's {@code struct sigaction} has anywhere, and a multiple of 16. */
  private static final long ROOM = 512;

  private SignalHandlers() {}

  /** Carries out what may replace handlers, and puts them back. */
  static <T> T kept(Supplier<T> call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handlers = arena.allocate(SIGNALS * ROOM, 16);
      BitSet read = new BitSet();
      for (int signal = 1; signal <= SIGNALS; signal++) {
        read.set(
            signal, CLibrary.signalAction(signal, MemorySegment.NULL, handler(handlers, signal)));
      }
      try {
        return call.get();
      } finally {
        read.stream()
            .forEach(signal ->
                CLibrary.signalAction(signal, handler(handlers, signal), MemorySegment.NULL));
      }
    }
  }

  private static MemorySegment handler(MemorySegment handlers, int signal) {
    return handlers.asSlice((signal - 1) * ROOM, ROOM);
  }
}
