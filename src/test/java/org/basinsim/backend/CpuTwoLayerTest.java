package org.basinsim.backend;

import org.basinsim.backend.cpu.CpuBackend;

class CpuTwoLayerTest extends TwoLayerAgreement {
  @Override
  Backend backend(WorkSizing sizing) {
    return new CpuBackend(sizing);
  }
}
