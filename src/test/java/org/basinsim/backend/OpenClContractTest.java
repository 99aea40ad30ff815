package org.basinsim.backend;

import java.util.List;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.model.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The kernels on whatever OpenCL device comes first, which where there is no GPU is the processor.
 */
class OpenClContractTest extends ReferenceAgreement {
  private static GpuDevice device;

  @BeforeAll
  static void open() {
    device = OpenClPlatform.open(0);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  @Override
  Backend backend(WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }

  /** Every size is a kernel to compile; {@link OpenClEverySizeTest} has them all. */
  @Override
  int[][] sizes(Precision precision) {
    return precision == Precision.SINGLE
        ? new int[][] {SIZES[0], SIZES[2]}
        : new int[][] {SIZES[1], SIZES[2]};
  }
}
