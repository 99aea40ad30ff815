package org.basinsim.backend;

import java.util.List;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Slow because every size is a kernel of its own; {@code TwoLayerKernelTest} is the quick one. */
@Tag("exhaustive")
class OpenClTwoLayerTest extends TwoLayerAgreement {
  private static GpuDevice device;

  @BeforeAll
  static void open() {
    device = PresentOpenCl.open();
  }

  @AfterAll
  static void close() {
    if (device != null) {
      device.close();
    }
  }

  @Override
  Backend backend(WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }
}
