package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.basinsim.backend.gpu.GpuDevice;

/** The OpenCL device that tests use: the first. Where there is none they are skipped and say so. */
public final class PresentOpenCl {

  private PresentOpenCl() {}

  /** Skips the test where there is no OpenCL device. */
  public static void require() {
    Optional<String> missing = OpenClPlatform.find().missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
  }

  /** Opens the first device. */
  public static GpuDevice open() {
    require();
    return OpenClPlatform.open(0);
  }
}
