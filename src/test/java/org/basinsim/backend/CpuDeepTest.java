package org.basinsim.backend;

import org.basinsim.backend.cpu.CpuBackend;

class CpuDeepTest extends DeepAgreement {
  @Override
  Backend backend(WorkSizing sizing) {
    return new CpuBackend(sizing);
  }
}
