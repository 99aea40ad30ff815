package org.basinsim.backend;

import org.basinsim.backend.cpu.CpuBackend;

class CpuContractTest extends ReferenceAgreement {
  @Override
  Backend backend(WorkSizing sizing) {
    return new CpuBackend(sizing);
  }
}
