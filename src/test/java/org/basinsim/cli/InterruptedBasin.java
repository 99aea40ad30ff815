package org.basinsim.cli;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.basinsim.backend.gpu.FaultyDevice;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import sun.misc.Signal;

/** The program, sent INT on {@code opencl:0} when so many restarts have ended. */
final class InterruptedBasin {
  /** Of the five integers of a record. */
  private static final int RECORD_BYTES = 20;

  private InterruptedBasin() {}

  /** Takes a number of restarts, then a command. */
  public static void main(String[] arguments) {
    AtomicLong left = new AtomicLong(Long.parseLong(arguments[0]));
    FaultyDevice device =
        new FaultyDevice(OpenClPlatform.open(0))
            .units(2)
            .from(
                Call.RECORD_INTS,
                1,
                occasion -> {
                  occasion.proceed();
                  long records = occasion.bytes() / RECORD_BYTES;
                  if (left.getAndAdd(-records) > 0 && left.get() <= 0) {
                    Signal.raise(new Signal("INT"));
                    awaitRequest();
                  }
                });
    Program program = OpenedFamily.program("opencl", device);
    String[] command = Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(new CommandLineInterface(program).execute(command));
  }

  /** Returns when the program has heard the signal: then it starts a thread that watches it. */
  private static void awaitRequest() {
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("interruption"))) {
      Thread.onSpinWait();
    }
  }
}
