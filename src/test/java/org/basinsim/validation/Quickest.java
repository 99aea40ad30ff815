package org.basinsim.validation;

import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;

/** The backend that carries out what is validated here. */
final class Quickest {
  private Quickest() {}

  static Backend backend() {
    return new CpuBackend(WorkSizing.automatic());
  }
}
