package org.basinsim.backend.gpu.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.KernelSource;
import sun.misc.Signal;

/** A program of tests in a process of its own: what there is, a kernel, and the JVM afterwards. */
public final class OpenClProgram {
  private static final KernelSource SQUARES =
      new KernelSource(
          "squares",
          "__kernel void squares(__global int *x) { int i = get_global_id(0); x[i] = i * i; }\n");

  private OpenClProgram() {}

  /** Takes {@code find}, {@code compute}, {@code race} or {@code signals}. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "find" -> find();
      case "compute" -> compute();
      case "race" -> race();
      case "signals" -> signals();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void find() {
    // Twice: a library that could not be loaded answers differently the second time it is asked.
    for (int i = 0; i < 2; i++) {
      OpenClFound found = OpenClPlatform.find();
      System.out.println(found.missing().orElse("there are " + found.devices().size()));
    }
  }

  private static void compute() throws IOException {
    try (GpuDevice device = OpenClPlatform.open(0)) {
      System.out.println("sum " + sumOfSquares(device));
    }
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      files.map(Path::getFileName).sorted().forEach(System.out::println);
    }
  }

  /** The sum of the squares of 0 … 99, each by a work-item. */
  private static int sumOfSquares(GpuDevice device) {
    int count = 100;
    try (Arena arena = Arena.ofConfined();
        GpuBuffer buffer = device.allocate(4L * count);
        GpuKernel kernel = device.compile(SQUARES)) {
      MemorySegment squares = arena.allocate(ValueLayout.JAVA_INT, count);
      device.launch(kernel, count / 10, 10, List.of(buffer));
      device.download(buffer, squares);
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += squares.getAtIndex(ValueLayout.JAVA_INT, i);
      }
      return sum;
    }
  }

  /** Work-items read what others write, without a barrier between. */
  private static void race() {
    String text =
        """
        __kernel void race(__global int *x) {
          __local int shared[4];
          shared[get_local_id(0)] = 1;
          x[get_local_id(0)] = shared[3 - get_local_id(0)];
        }
        """;
    try (GpuDevice device = OpenClPlatform.open(0);
        GpuBuffer buffer = device.allocate(16);
        GpuKernel kernel = device.compile(new KernelSource("race", text));
        Arena arena = Arena.ofConfined()) {
      device.launch(kernel, 1, 4, List.of(buffer));
      device.download(buffer, arena.allocate(16));
      System.out.println(device.describe().kind());
    }
  }

  private static void signals() throws InterruptedException {
    Thread main = Thread.currentThread();
    Signal.handle(new Signal("USR1"), signal -> main.interrupt());
    int used = 0;
    for (int i = 1; i < 100_000; i++) {
      used += quotient(i, 3) + length(new int[1]);
    }
    System.out.println("compiled " + (used > 0));
    try (GpuDevice device = OpenClPlatform.open(0)) {
      sumOfSquares(device);
      try {
        device.compile(new KernelSource("wrong", "nonsense"));
      } catch (CompileFailure e) {
        System.out.println("refused");
      }
    }
    // The first: a fault makes a foreign handler put the JVM's back.
    try {
      Signal.raise(new Signal("USR1"));
      Thread.sleep(60_000);
      System.out.println("USR1 is lost");
    } catch (InterruptedException e) {
      System.out.println("USR1 is heard");
    }
    try {
      System.out.println("1 / 0 is " + quotient(1, 0));
    } catch (ArithmeticException e) {
      System.out.println("1 / 0 is refused");
    }
    try {
      System.out.println("null has " + length(null));
    } catch (NullPointerException e) {
      System.out.println("null is refused");
    }
  }

  private static int quotient(int a, int b) {
    return a / b;
  }

  private static int length(int[] array) {
    return array.length;
  }
}
