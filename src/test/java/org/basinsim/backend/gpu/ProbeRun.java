package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.cuda.CudaPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Precision;

/**
 * A device, a precision and a width in which tests run the kernels of {@code probe.c} and {@code
 * probe_start.c}.
 *
 * @param name of the device
 * @param opening opens it
 * @param precision of reals
 * @param width components of a vector
 */
record ProbeRun(String name, Supplier<GpuDevice> opening, Precision precision, int width) {

  /**
   * What there is to test on: the first OpenCL device with vectors of each width that kernels are
   * made for, and of four, skipped where OpenCL is missing; and every CUDA device.
   */
  static Stream<ProbeRun> all() {
    List<ProbeRun> runs = new ArrayList<>();
    for (int width : new int[] {1, 4, 16}) {
      runs.add(new ProbeRun("opencl:0", PresentOpenCl::open, Precision.SINGLE, width));
    }
    for (int width : new int[] {1, 4, 8}) {
      runs.add(new ProbeRun("opencl:0", PresentOpenCl::open, Precision.DOUBLE, width));
    }
    int devices = CudaPlatform.missing().isEmpty() ? CudaPlatform.devices().size() : 0;
    for (int ordinal = 0; ordinal < devices; ordinal++) {
      runs.addAll(cuda(ordinal));
    }
    return runs.stream();
  }

  /** A CUDA device in both precisions. */
  static List<ProbeRun> cuda(int ordinal) {
    Supplier<GpuDevice> opening = () -> CudaPlatform.open(ordinal);
    return Arrays.stream(Precision.values())
        .map(precision -> new ProbeRun("cuda:" + ordinal, opening, precision, 1))
        .toList();
  }

  /** Length of a row of {@code count} columns. */
  int row(int count) {
    return (count + width - 1) / width * width;
  }

  boolean doubles() {
    return precision == Precision.DOUBLE;
  }

  /** Opens the device; skips the test where it lacks the precision. */
  GpuDevice open() {
    GpuDevice device = opening.get();
    if (doubles() && !device.describe().doubles()) {
      device.close();
      assumeTrue(false, () -> name + " has no double precision");
    }
    return device;
  }

  /** Whether divisions and roots in this precision round as Java's. */
  boolean roundsCorrectly(GpuDevice device) {
    GpuDescription description = device.describe();
    return doubles()
        || !description.dialect().equals("opencl")
        || description.compiler().contains("correctly-rounded");
  }

  /**
   * Compiles a kernel.
   *
   * @param more constants beside the common ones
   */
  ProbeKernel compile(
      GpuDevice device, Map<String, String> more, List<String> files, String entry) {
    SequencedMap<String, String> constants = KernelConstants.of(precision, width);
    constants.put("BASIN_GROUP_SIZE", Integer.toString(ProbeKernel.GROUP_SIZE));
    constants.putAll(more);
    String dialect = device.describe().dialect();
    KernelSource source = KernelSource.of(dialect, constants, files, entry);
    return new ProbeKernel(device, device.compile(source), precision);
  }

  @Override
  public String toString() {
    return name + ", " + precision.word() + ", width " + width;
  }
}
