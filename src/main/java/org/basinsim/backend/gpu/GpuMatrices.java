package org.basinsim.backend.gpu;

import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;

/**
 * A library of a device's maker that multiplies matrices in the device's buffers. Get it from
 * {@link GpuDevice#matrices}; it is closed with the device.
 */
public interface GpuMatrices {

  /** Library, version, and how it is called. */
  String words();

  /**
   * Queues a product for each of so many restarts, in the order of the device's calls.
   *
   * @param doubles whether numbers are of double precision
   * @param restarts as {@link BatchedGemm#multiply} counts them
   * @throws GpuFailure where the library refuses
   */
  void multiply(boolean doubles, Product product, int restarts, Operand a, Operand b, Operand c);
}
