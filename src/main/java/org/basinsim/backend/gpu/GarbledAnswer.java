package org.basinsim.backend.gpu;

/** Something that a sound device cannot have answered: nothing that it still works on is kept. */
final class GarbledAnswer extends GpuFailure {
  private static final long serialVersionUID = 1;

  GarbledAnswer(String message) {
    super(message);
  }
}
