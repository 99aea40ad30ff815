package org.basinsim.backend.gpu.opencl;

/**
 * Something on a device that is released once, by its owner or with the device. OpenCL does not
 * check what it is given: a name used after its release ends the process, so no such name leaves
 * here.
 */
abstract class OpenClResource implements AutoCloseable {
  private final OpenClDevice device;
  private final String noun;
  private final Runnable release;
  private boolean closed;

  OpenClResource(OpenClDevice device, String noun, Runnable release) {
    this.device = device;
    this.noun = noun;
    this.release = release;
  }

  final void requireOpen(OpenClDevice user) {
    if (closed) {
      throw new IllegalStateException("a closed " + noun);
    }
    if (user != device) {
      throw new IllegalArgumentException("a " + noun + " of another device");
    }
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      device.forget(this);
      OpenClCalls.release(release);
    }
  }
}
