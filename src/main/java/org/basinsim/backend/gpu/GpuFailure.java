package org.basinsim.backend.gpu;

/** A device that did not do what it was told. The message is one line: device, call, its answer. */
public class GpuFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GpuFailure(String message) {
    super(message);
  }

  public GpuFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
