package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.KernelSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, kernels and launches of the first OpenCL device, with kernels of the test's own. */
class OpenClDeviceTest {
  private GpuDevice device;

  @BeforeEach
  void open() {
    OpenClFound found = OpenClPlatform.find();
    assumeTrue(found.missing().isEmpty(), () -> found.missing().orElse(""));
    device = OpenClPlatform.open(0);
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  /** Products of vectors of four, exact in both precisions. */
  private static KernelSource scaling(String type) {
    return new KernelSource(
        "scale",
        """
        #ifdef cl_khr_fp64
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #endif
        __kernel void scale(__global const TYPE *in, __global TYPE *out) {
          size_t i = get_global_id(0);
          vstore4(vload4(i, in) * (TYPE)3 + (TYPE)get_local_size(0), i, out);
        }
        """
            .replace("TYPE", type));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void computesInSinglePrecision(int groupSize) {
    int groups = 7;
    int count = 4 * groups * groupSize;
    try (Arena arena = Arena.ofConfined();
        GpuKernel kernel = device.compile(scaling("float"));
        GpuBuffer in = device.allocate(4L * count);
        GpuBuffer out = device.allocate(4L * count)) {
      MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, count);
      for (int i = 0; i < count; i++) {
        values.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      device.upload(in, values);
      device.launch(kernel, groups, groupSize, List.of(in, out));
      device.download(out, values);
      for (int i = 0; i < count; i++) {
        assertEquals(3f * i + groupSize, values.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
    }
  }

  @Test
  void refusesAKernelWithTheLog() {
    KernelSource wrong = new KernelSource("wrong", "__kernel void wrong() { nonsense; }\n");
    CompileFailure failure = assertThrows(CompileFailure.class, () -> device.compile(wrong));
    KernelSource absent = new KernelSource("absent", "__kernel void other() { }\n");
    failure = assertThrows(CompileFailure.class, () -> device.compile(absent));
  }
}
