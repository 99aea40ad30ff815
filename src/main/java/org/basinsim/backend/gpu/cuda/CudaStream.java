package org.basinsim.backend.gpu.cuda;

import jcuda.driver.CUstream;

/** A stream that other libraries can be told of. */
final class CudaStream extends CUstream {
  long address() {
    return getNativePointer();
  }
}
