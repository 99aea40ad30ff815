package org.basinsim.backend.gpu.opencl;

import java.util.Optional;
import org.basinsim.backend.gpu.GpuKernel;
import org.jocl.CL;
import org.jocl.cl_kernel;

/** A kernel that an OpenCL device has compiled. It keeps its program alive. */
final class OpenClKernel extends OpenClResource implements GpuKernel {
  private final cl_kernel kernel;

  OpenClKernel(OpenClDevice device, cl_kernel kernel) {
    super(device, "kernel", () -> CL.clReleaseKernel(kernel));
    this.kernel = kernel;
  }

  /** OpenCL does not tell of registers. */
  @Override
  public Optional<Resources> resources() {
    return Optional.empty();
  }

  /** OpenCL's name for it, while it is open. */
  cl_kernel kernel(OpenClDevice user) {
    requireOpen(user);
    return kernel;
  }
}
