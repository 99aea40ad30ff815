package org.basinsim.backend.gpu.opencl;

import org.basinsim.backend.gpu.GpuBuffer;
import org.jocl.CL;
import org.jocl.cl_mem;

/** Memory of an OpenCL device. */
final class OpenClBuffer extends OpenClResource implements GpuBuffer {
  private final cl_mem memory;
  private final long bytes;

  OpenClBuffer(OpenClDevice device, cl_mem memory, long bytes) {
    super(device, "buffer", () -> CL.clReleaseMemObject(memory));
    this.memory = memory;
    this.bytes = bytes;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** OpenCL's name for it, while it is open. */
  cl_mem memory(OpenClDevice user) {
    requireOpen(user);
    return memory;
  }
}
