package org.basinsim.backend.gpu;

import java.util.Optional;

/** A compiled kernel. Get one from {@link GpuDevice#compile}; close it once. */
public interface GpuKernel extends AutoCloseable {

  /** What a work-item takes, where the interface tells. */
  Optional<Resources> resources();

  /**
   * What a kernel takes of a multiprocessor.
   *
   * @param registers 32-bit registers a thread
   * @param localBytes bytes of memory a thread for what did not fit into registers, and for arrays
   *     that are indexed at run time
   * @param sharedBytes bytes of shared memory a group
   */
  record Resources(int registers, int localBytes, int sharedBytes) {}

  @Override
  void close();
}
