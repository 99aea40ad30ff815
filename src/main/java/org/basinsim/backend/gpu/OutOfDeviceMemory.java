package org.basinsim.backend.gpu;

/** A device without enough free memory for a buffer; it can still be used. */
public final class OutOfDeviceMemory extends GpuFailure {
  private static final long serialVersionUID = 1;

  public OutOfDeviceMemory(String message) {
    super(message);
  }
}
