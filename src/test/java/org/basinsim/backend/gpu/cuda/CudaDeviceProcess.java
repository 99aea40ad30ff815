package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.KernelSource;
import org.basinsim.backend.gpu.OutOfDeviceMemory;

/** What tests ask of devices; the argument says which of its methods, and what fails throws. */
final class CudaDeviceProcess {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private CudaDeviceProcess() {}

  public static void main(String[] arguments) throws Throwable {
    CudaDeviceProcess.class.getDeclaredMethod(arguments[0]).invoke(null);
    System.out.println("done");
  }

  /** Two devices on one thread: every call must find its own context. */
  static void copies() {
    try (GpuDevice first = CudaPlatform.open(0);
        GpuDevice second = CudaPlatform.open(1)) {
      for (int bytes : new int[] {1, 2, 7, 64, 1009}) {
        assertCopies(bytes, List.of(first, second, first));
      }
    }
  }

  /** Copies in pieces of 7 bytes, whole ones and rests. */
  static void slices() throws UnusableCompiler {
    NvidiaDriver driver = NvidiaDriver.start();
    CudaCompiler compiler = CompilerSearch.find(Environment.ofProcess(), driver.major());
    KernelCache none = new KernelCache(Optional.empty());
    try (CudaDevice device = CudaDevice.open(CudaHardware.of(0), driver, compiler, none, 7)) {
      for (int bytes : new int[] {6, 7, 8, 14, 101}) {
        assertCopies(bytes, List.of(device));
      }
    }
  }

  private static void assertCopies(int bytes, List<GpuDevice> devices) {
    try (Arena arena = Arena.ofConfined()) {
      List<GpuBuffer> buffers = new ArrayList<>();
      for (GpuDevice device : devices) {
        GpuBuffer buffer = device.allocate(bytes);
        assertEquals(bytes, buffer.bytes());
        MemorySegment sent = arena.allocate(bytes);
        fill(sent, buffers.size());
        device.upload(buffer, sent);
        // The segment may be used again at once.
        sent.fill((byte) 0);
        buffers.add(buffer);
      }
      for (int i = 0; i < devices.size(); i++) {
        MemorySegment expected = arena.allocate(bytes);
        fill(expected, i);
        MemorySegment got = arena.allocate(bytes);
        devices.get(i).download(buffers.get(i), got);
        assertEquals(-1, expected.mismatch(got));
        // A part is its beginning.
        MemorySegment part = arena.allocate((bytes + 1) / 2);
        devices.get(i).download(buffers.get(i), part);
        assertEquals(-1, expected.asSlice(0, part.byteSize()).mismatch(part));
        buffers.get(i).close();
      }
    }
  }

  private static void fill(MemorySegment segment, int seed) {
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) (31 * i + 101 * seed + 1));
    }
  }

  /** Sums of two arrays, groups of 64 turned around; launches happen in their order. */
  static void launches() {
    int groups = 5;
    int size = 64;
    int count = groups * size;
    try (GpuDevice device = CudaPlatform.open(1);
        Arena arena = Arena.ofConfined();
        GpuKernel kernel = device.compile(NvccTest.SUM)) {
      assertEquals(new GpuKernel.Resources(1004, 1003, 1001), kernel.resources().orElseThrow());
      MemorySegment a = arena.allocate(FLOAT, count);
      MemorySegment b = arena.allocate(FLOAT, count);
      for (int i = 0; i < count; i++) {
        a.setAtIndex(FLOAT, i, i);
        b.setAtIndex(FLOAT, i, 1000 * i);
      }
      List<GpuBuffer> arguments = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        arguments.add(device.allocate(a.byteSize()));
      }
      device.upload(arguments.get(0), a);
      device.upload(arguments.get(1), b);
      device.launch(kernel, groups, size, arguments);
      // Turned around again, plus a.
      device.launch(
          kernel, groups, size, List.of(arguments.get(2), arguments.get(0), arguments.get(2)));
      MemorySegment c = arena.allocate(FLOAT, count);
      device.download(arguments.get(2), c);
      for (int i = 0; i < count; i++) {
        // The second turn adds a of the place that i had in between.
        int turned = i / size * size + (size - 1 - i % size);
        assertEquals(1001f * i + turned, c.getAtIndex(FLOAT, i));
      }
    }
  }

  /** Kernels without arguments and with many. */
  static void arguments() {
    try (GpuDevice device = CudaPlatform.open(0);
        Arena arena = Arena.ofConfined()) {
      KernelSource none =
          new KernelSource("none", "extern \"C\" __global__ void none() { int x; (void)x; }");
      device.launch(device.compile(none), 3, 1, List.of());
      int count = 11;
      StringBuilder parameters = new StringBuilder("int *p0");
      StringBuilder body = new StringBuilder("*p0 = 0;");
      for (int i = 1; i < count; i++) {
        parameters.append(", int *p").append(i);
        body.append(" *p").append(i).append(" = ").append(i * i).append(";");
      }
      KernelSource many =
          new KernelSource(
              "many", "extern \"C\" __global__ void many(" + parameters + ") {" + body + "}");
      List<GpuBuffer> buffers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        buffers.add(device.allocate(4));
      }
      device.launch(device.compile(many), 1, 1, buffers);
      MemorySegment got = arena.allocate(4);
      for (int i = 0; i < count; i++) {
        device.download(buffers.get(i), got);
        assertEquals(i * i, got.get(ValueLayout.JAVA_INT, 0));
      }
    }
  }

  /** A device that is full says so and goes on; what is closed is free again. */
  static void memory() {
    try (GpuDevice device = CudaPlatform.open(0)) {
      GpuBuffer half = device.allocate(1 << 29);
      OutOfDeviceMemory failure =
          assertThrows(OutOfDeviceMemory.class, () -> device.allocate((1 << 29) + 1));
      assertEquals(
          "cuda:0: cuMemAlloc of 536870913 bytes: CUDA_ERROR_OUT_OF_MEMORY; 0.5 GiB of 1.0 GiB are"
              + " free",
          failure.getMessage());
      half.close();
      half.close();
      device.allocate(1 << 30).close();
      assertThrows(OutOfDeviceMemory.class, () -> device.allocate(1L << 40));
      assertCopies(7, List.of(device));
    }
  }

  /** Mistakes of the caller are told as such and leave the device in order. */
  static void mistakes() {
    try (GpuDevice device = CudaPlatform.open(0);
        GpuDevice other = CudaPlatform.open(1);
        Arena arena = Arena.ofConfined()) {
      MemorySegment eight = arena.allocate(8);
      GpuBuffer seven = device.allocate(7);
      GpuBuffer foreign = other.allocate(8);
      GpuBuffer closed = device.allocate(8);
      closed.close();
      GpuKernel kernel = device.compile(NvccTest.SUM);
      GpuKernel foreignKernel = other.compile(NvccTest.SUM);
      assertRefused(() -> device.allocate(0));
      assertRefused(() -> device.upload(seven, eight));
      assertRefused(() -> device.download(seven, eight));
      assertRefused(() -> device.upload(foreign, eight));
      assertRefused(() -> device.download(closed, eight));
      assertRefused(() -> device.upload(seven, MemorySegment.ofArray(new byte[7])));
      assertRefused(() -> device.launch(foreignKernel, 1, 1, List.of(seven, seven, seven)));
      assertRefused(() -> device.launch(kernel, 1, 1, List.of(seven, seven, closed)));
      device.upload(seven, MemorySegment.NULL);
      assertCopies(7, List.of(device, other));
    }
  }

  private static void assertRefused(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  /** What a compiler refuses carries its log and the text. */
  static void compilation() {
    try (GpuDevice device = CudaPlatform.open(0)) {
      KernelSource wrong =
          new KernelSource("wrong", "extern \"C\" __global__ void wrong(int *a) { b; }");
      CompileFailure failure = assertThrows(CompileFailure.class, () -> device.compile(wrong));
      assertEquals(wrong.text(), failure.source());
      String start = "cuda:0: NVRTC 13.0 does not compile wrong (NVRTC_ERROR_COMPILATION): ";
      assertEquals(start, failure.getMessage().substring(0, start.length()));
      assertEquals(1, failure.getMessage().lines().count());
      KernelSource absent = new KernelSource("absent", NvccTest.SUM.text());
      GpuFailure lost = assertThrows(GpuFailure.class, () -> device.compile(absent));
      assertEquals("cuda:0: cuModuleGetFunction absent: CUDA_ERROR_NOT_FOUND", lost.getMessage());
    }
  }

  /** Compiles and says no more. */
  static void kernel() {
    try (GpuDevice device = CudaPlatform.open(0)) {
      device.compile(NvccTest.SUM);
    }
  }

  /** A device goes from thread to thread. */
  static void threads() throws InterruptedException {
    try (GpuDevice device = CudaPlatform.open(1)) {
      for (int i = 0; i < 3; i++) {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(() -> assertCopies(17, List.of(device)));
        thread.setUncaughtExceptionHandler((where, failure) -> failures.add(failure));
        thread.start();
        thread.join();
        assertEquals(List.of(), failures);
      }
      assertCopies(17, List.of(device));
    }
  }

  /** Closing a device frees what is left; closing it again does nothing. */
  static void closing() {
    GpuDevice device = CudaPlatform.open(0);
    GpuBuffer buffer = device.allocate(10);
    device.allocate(20);
    GpuKernel kernel = device.compile(NvccTest.SUM);
    device.compile(NvccTest.SUM);
    device.close();
    device.close();
    buffer.close();
    kernel.close();
    try (GpuDevice again = CudaPlatform.open(0)) {
      assertCopies(5, List.of(again));
    }
  }

  /** One call of each kind; prints what fails, and closes in silence what has failed. */
  static void everything() {
    try (GpuDevice device = CudaPlatform.open(0);
        Arena arena = Arena.ofConfined()) {
      Consumer<Runnable> attempt =
          call -> {
            try {
              call.run();
            } catch (GpuFailure e) {
              System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
              throw new Stop();
            }
          };
      try {
        MemorySegment segment = arena.allocate(256);
        List<GpuBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          attempt.accept(() -> buffers.add(device.allocate(256)));
        }
        List<GpuKernel> kernels = new ArrayList<>();
        attempt.accept(() -> kernels.add(device.compile(NvccTest.SUM)));
        attempt.accept(() -> device.upload(buffers.getFirst(), segment));
        attempt.accept(() -> device.launch(kernels.getFirst(), 1, 64, buffers));
        attempt.accept(() -> device.download(buffers.getLast(), segment));
      } catch (Stop e) {
        // The first failure has been told.
      }
    } catch (GpuFailure e) {
      System.out.println("closing: " + e.getMessage());
    }
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
