package org.basinsim.backend.gpu;

/** Memory on a device. Get one from {@link GpuDevice#allocate}; close it once. */
public interface GpuBuffer extends AutoCloseable {

  /** Its size. */
  long bytes();

  @Override
  void close();
}
