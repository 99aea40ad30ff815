package org.basinsim.backend.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Precision;

/** A compiled kernel whose last argument takes its results. Get one from {@link ProbeRun}. */
final class ProbeKernel implements AutoCloseable {
  /** With three groups fewer work-items than vectors, so that each takes several. */
  static final int GROUP_SIZE = 5;

  private static final int GROUPS = 3;

  private final GpuDevice device;
  private final GpuKernel kernel;
  private final Precision precision;

  ProbeKernel(GpuDevice device, GpuKernel kernel, Precision precision) {
    this.device = device;
    this.kernel = kernel;
    this.precision = precision;
  }

  /**
   * Runs it with results in words.
   *
   * @param inputs ints, or doubles that become reals
   */
  int[] words(int count, Object... inputs) {
    return run(4L * count, inputs, out -> out.toArray(ValueLayout.JAVA_INT));
  }

  /** Runs it with results in reals. */
  double[] reals(int count, Object... inputs) {
    if (precision == Precision.DOUBLE) {
      return run(8L * count, inputs, out -> out.toArray(ValueLayout.JAVA_DOUBLE));
    }
    float[] singles = run(4L * count, inputs, out -> out.toArray(ValueLayout.JAVA_FLOAT));
    double[] reals = new double[count];
    for (int i = 0; i < count; i++) {
      reals[i] = singles[i];
    }
    return reals;
  }

  private interface Reading<T> {
    T of(MemorySegment out);
  }

  private <T> T run(long bytes, Object[] inputs, Reading<T> reading) {
    List<GpuBuffer> buffers = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      for (Object input : inputs) {
        MemorySegment segment = segment(arena, input);
        GpuBuffer buffer = device.allocate(segment.byteSize());
        buffers.add(buffer);
        device.upload(buffer, segment);
      }
      GpuBuffer results = device.allocate(bytes);
      buffers.add(results);
      device.launch(kernel, GROUPS, GROUP_SIZE, buffers);
      MemorySegment out = arena.allocate(bytes, 8);
      device.download(results, out);
      return reading.of(out);
    } finally {
      buffers.forEach(GpuBuffer::close);
    }
  }

  private MemorySegment segment(Arena arena, Object input) {
    if (input instanceof int[] words) {
      return arena.allocateFrom(ValueLayout.JAVA_INT, words);
    }
    double[] reals = (double[]) input;
    if (precision == Precision.DOUBLE) {
      return arena.allocateFrom(ValueLayout.JAVA_DOUBLE, reals);
    }
    float[] singles = new float[reals.length];
    for (int i = 0; i < reals.length; i++) {
      singles[i] = (float) reals[i];
    }
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, singles);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
