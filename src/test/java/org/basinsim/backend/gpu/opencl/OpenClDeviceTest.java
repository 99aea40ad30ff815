package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.KernelSource;
import org.basinsim.backend.gpu.OutOfDeviceMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, kernels and launches of the first OpenCL device, with kernels of the test's own. */
class OpenClDeviceTest {
  private static final String COPY =
      """
      __kernel void copy(__global const uchar *in, __global uchar *out) {
        out[get_global_id(0)] = in[get_global_id(0)];
      }
      """;

  private GpuDevice device;

  @BeforeEach
  void open() {
    device = PresentOpenCl.open();
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  /** Quotients and roots of vectors of four, with the size of the group added. */
  private static KernelSource arithmetic(String type) {
    String text =
        """
        #ifdef cl_khr_fp64
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #endif
        #pragma OPENCL FP_CONTRACT OFF
        __kernel void divide(__global const TYPE *in, __global TYPE *out) {
          size_t i = get_global_id(0);
          TYPE4 x = vload4(i, in);
          vstore4(sqrt(x) / (TYPE)3 + (TYPE)get_local_size(0), i, out);
        }
        """;
    return new KernelSource("divide", text.replace("TYPE", type));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void computesInSinglePrecisionAsJavaDoes(int groupSize) {
    int groups = 7;
    int count = 4 * groups * groupSize;
    // Without the option a quotient may be off by 2.5, a root by 3 units in the last place.
    boolean correct = device.describe().compiler().contains("correctly-rounded");
    float tolerance = correct ? 0 : 8 * Math.ulp(4f + groupSize);
    try (Arena arena = Arena.ofConfined();
        GpuBuffer in = device.allocate(4L * count);
        GpuBuffer out = device.allocate(4L * count)) {
      MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, count);
      for (int i = 0; i < count; i++) {
        values.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      run(arithmetic("float"), groups, groupSize, in, out, values);
      for (int i = 0; i < count; i++) {
        float expected = (float) Math.sqrt(i) / 3f + groupSize;
        assertEquals(expected, values.getAtIndex(ValueLayout.JAVA_FLOAT, i), tolerance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void computesInDoublePrecisionAsJavaDoes(int groupSize) {
    if (!device.describe().doubles()) {
      assertThrows(CompileFailure.class, () -> device.compile(arithmetic("double")));
      return;
    }
    int groups = 7;
    int count = 4 * groups * groupSize;
    try (Arena arena = Arena.ofConfined();
        GpuBuffer in = device.allocate(8L * count);
        GpuBuffer out = device.allocate(8L * count)) {
      MemorySegment values = arena.allocate(ValueLayout.JAVA_DOUBLE, count);
      for (int i = 0; i < count; i++) {
        values.setAtIndex(ValueLayout.JAVA_DOUBLE, i, i);
      }
      run(arithmetic("double"), groups, groupSize, in, out, values);
      for (int i = 0; i < count; i++) {
        double expected = Math.sqrt(i) / 3 + groupSize;
        assertEquals(expected, values.getAtIndex(ValueLayout.JAVA_DOUBLE, i));
      }
    }
  }

  private void run(
      KernelSource source,
      int groups,
      int groupSize,
      GpuBuffer in,
      GpuBuffer out,
      MemorySegment values) {
    try (GpuKernel kernel = device.compile(source)) {
      device.upload(in, values);
      device.launch(kernel, groups, groupSize, List.of(in, out));
      device.download(out, values);
    }
  }

  @Test
  void carriesOutLaunchesInTheOrderOfTheirCalls() {
    String text =
        """
        __kernel void next(__global uint *x) { *x = *x * 1664525u + 1013904223u; }
        """;
    int expected = 1;
    try (Arena arena = Arena.ofConfined();
        GpuBuffer buffer = device.allocate(4);
        GpuKernel kernel = device.compile(new KernelSource("next", text))) {
      MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, expected);
      device.upload(buffer, value);
      for (int i = 0; i < 1000; i++) {
        device.launch(kernel, 1, 1, List.of(buffer));
        expected = expected * 1664525 + 1013904223;
      }
      device.download(buffer, value);
      assertEquals(expected, value.get(ValueLayout.JAVA_INT, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "63, 64", "64, 64", "65, 64", "257, 64", "1000003, 4099", "1000003, 4096"})
  void copiesInSlices(int bytes, long slice) {
    byte[] content = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(content);
    try (GpuDevice sliced = OpenClPlatform.open(0, Optional.empty(), slice);
        Arena arena = Arena.ofConfined();
        GpuBuffer in = sliced.allocate(bytes);
        GpuBuffer out = sliced.allocate(bytes);
        GpuKernel kernel = sliced.compile(new KernelSource("copy", COPY))) {
      sliced.upload(in, arena.allocateFrom(ValueLayout.JAVA_BYTE, content));
      sliced.launch(kernel, bytes, 1, List.of(in, out));
      // A frame around it stays as it is: nothing is written beyond the segment.
      MemorySegment frame = arena.allocate(bytes + 2L);
      sliced.download(out, frame.asSlice(1, bytes));
      assertEquals(0, frame.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(0, frame.get(ValueLayout.JAVA_BYTE, bytes + 1L));
      assertEquals(-1, MemorySegment.ofArray(content).mismatch(frame.asSlice(1, bytes)));
    }
  }

  @Test
  void copiesTheBeginningOfABuffer() {
    try (Arena arena = Arena.ofConfined();
        GpuBuffer buffer = device.allocate(7)) {
      device.upload(buffer, bytes(arena, 1, 2, 3, 4, 5, 6, 7));
      device.upload(buffer, bytes(arena, 8, 9));
      device.upload(buffer, MemorySegment.NULL);
      MemorySegment back = arena.allocate(5);
      device.download(buffer, MemorySegment.NULL);
      device.download(buffer, back);
      assertEquals(-1, back.mismatch(bytes(arena, 8, 9, 3, 4, 5)));
    }
  }

  private static MemorySegment bytes(Arena arena, int... values) {
    MemorySegment segment = arena.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) values[i]);
    }
    return segment;
  }

  @Test
  void refusesSegmentsThatDoNotFit() {
    try (Arena arena = Arena.ofConfined();
        GpuBuffer buffer = device.allocate(7)) {
      MemorySegment larger = arena.allocate(8);
      MemorySegment onTheHeap = MemorySegment.ofArray(new byte[7]);
      MemorySegment fixed = arena.allocate(7).asReadOnly();
      String told = refused(() -> device.upload(buffer, larger));
      assertEquals("a segment of 8 bytes for a buffer of 7", told);
      refused(() -> device.download(buffer, larger));
      refused(() -> device.upload(buffer, onTheHeap));
      refused(() -> device.download(buffer, onTheHeap));
      refused(() -> device.download(buffer, fixed));
      device.upload(buffer, fixed);
    }
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void reportsACompilersRefusalWithLogAndSource() {
    KernelSource wrong = new KernelSource("wrong", "__kernel void wrong() { nonsense; }\n");
    CompileFailure failure = assertThrows(CompileFailure.class, () -> device.compile(wrong));
    assertOneLine(failure, "compiling kernel wrong", "nonsense");
    assertTrue(failure.log().contains("nonsense"), failure.log());
    assertEquals(wrong.text(), failure.source());
    // A refusal spoils nothing.
    device.compile(new KernelSource("copy", COPY)).close();
  }

  @Test
  void reportsAKernelThatIsNotInItsText() {
    KernelSource absent = new KernelSource("absent", COPY);
    CompileFailure failure = assertThrows(CompileFailure.class, () -> device.compile(absent));
    assertOneLine(failure, "compiling kernel absent", "CL_INVALID_KERNEL_NAME");
    assertEquals(COPY, failure.source());
  }

  @Test
  void reportsALaunchThatOpenClRefuses() {
    int tooMany = device.describe().largestGroup() + 1;
    try (GpuBuffer buffer = device.allocate(1);
        GpuKernel kernel = device.compile(new KernelSource("copy", COPY))) {
      List<GpuBuffer> both = List.of(buffer, buffer);
      GpuFailure failure =
          assertThrows(GpuFailure.class, () -> device.launch(kernel, 1, tooMany, both));
      assertOneLine(failure, "clEnqueueNDRangeKernel of 1 groups of " + tooMany, "CL_INVALID_WORK");
    }
  }

  private void assertOneLine(GpuFailure failure, String... parts) {
    String message = failure.getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.startsWith("device 'opencl:0': "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void refusesABufferAboveTheLargest() {
    long bytes = 1L << 60;
    OutOfDeviceMemory failure = assertThrows(OutOfDeviceMemory.class, () -> device.allocate(bytes));
    assertOneLine(failure, "a buffer of 1152921504606846976 bytes: above the largest single");
    assertTrue(failure.getMessage().matches(".*, [0-9]+ bytes"), failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> device.allocate(0));
    device.allocate(1).close();
  }

  @Test
  void refusesBuffersThatDoNotFitTogether() {
    long memory = device.describe().memory();
    long piece = largestBuffer();
    List<GpuBuffer> buffers = new ArrayList<>();
    OutOfDeviceMemory failure =
        assertThrows(
            OutOfDeviceMemory.class,
            () -> {
              for (long held = 0; held <= memory; held += piece) {
                buffers.add(device.allocate(piece));
              }
            });
    assertOneLine(failure, piece + " bytes");
    // What is given back can be had again.
    buffers.removeLast().close();
    device.allocate(piece).close();
  }

  /** A device must grant a quarter of its memory in one piece. */
  private long largestBuffer() {
    return device.describe().memory() / 4;
  }

  @Test
  void closesOnceAndInAnyOrder() {
    GpuBuffer buffer = device.allocate(1);
    GpuBuffer left = device.allocate(1);
    GpuKernel kernel = device.compile(new KernelSource("copy", COPY));
    buffer.close();
    buffer.close();
    assertEquals("a closed buffer", misuse(() -> device.upload(buffer, MemorySegment.NULL)));
    misuse(() -> device.launch(kernel, 1, 1, List.of(buffer, left)));
    device.close();
    device.close();
    assertEquals("a closed device", misuse(() -> device.upload(left, MemorySegment.NULL)));
    misuse(() -> device.launch(kernel, 1, 1, List.of(left, left)));
    misuse(() -> device.allocate(1));
    misuse(() -> device.compile(new KernelSource("copy", COPY)));
    left.close();
    kernel.close();
    kernel.close();
  }

  private static String misuse(Runnable call) {
    return assertThrows(IllegalStateException.class, call::run).getMessage();
  }

  @Test
  void refusesWhatBelongsToAnotherDevice() {
    try (GpuDevice other = PresentOpenCl.open();
        GpuBuffer foreign = other.allocate(1)) {
      assertEquals(
          "a buffer of another device",
          refused(() -> device.upload(foreign, Arena.global().allocate(1))));
    }
  }

  @Test
  void describesItselfAlike() {
    assertSame(device.describe(), device.describe());
    assertEquals(OpenClPlatform.find().devices().getFirst(), device.describe());
  }
}
