package org.basinsim.backend.gpu.cuda;

import java.util.Set;
import java.util.function.IntSupplier;
import jcuda.CudaException;
import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.OutOfDeviceMemory;

/**
 * Calls of the driver interface on behalf of one device; what fails becomes one line.
 *
 * @param device as {@code --device} takes it
 */
record DriverCalls(String device) {
  /** What the driver says, and what cuBLAS says. */
  private static final Set<String> OUT_OF_MEMORY =
      Set.of(
          CUresult.stringFor(CUresult.CUDA_ERROR_OUT_OF_MEMORY),
          cublasStatus.stringFor(cublasStatus.CUBLAS_STATUS_ALLOC_FAILED));

  /**
   * Makes a call.
   *
   * @param name of the function, with its subject where that helps
   * @param call throws {@link CudaException} unless it succeeds
   * @throws OutOfDeviceMemory where the device has too little memory
   * @throws GpuFailure for every other failure
   */
  void make(String name, IntSupplier call) {
    try {
      call.getAsInt();
    } catch (CudaException e) {
      String message = device + ": " + name + ": " + e.getMessage();
      throw OUT_OF_MEMORY.contains(String.valueOf(e.getMessage()))
          ? new OutOfDeviceMemory(message)
          : new GpuFailure(message, e);
    }
  }
}
