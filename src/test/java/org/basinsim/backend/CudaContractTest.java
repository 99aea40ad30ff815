package org.basinsim.backend;

import java.util.List;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.cuda.CudaPlatform;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels on {@code cuda:0}. Where there is none there is no test here; {@link
 * EmulatedCudaContractTest} runs them on a machine whose GPU is emulated.
 */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("devices")
class CudaContractTest extends ReferenceAgreement {
  private static GpuDevice device;

  static List<String> devices() {
    return CudaPlatform.missing().isEmpty() ? List.of("cuda:0") : List.of();
  }

  @BeforeParameterizedClassInvocation(injectArguments = false)
  static void open() {
    device = CudaPlatform.open(0);
  }

  @AfterParameterizedClassInvocation(injectArguments = false)
  static void close() {
    device.close();
  }

  @Override
  Backend backend(WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }
}
