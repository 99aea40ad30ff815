package org.basinsim.backend;

import org.basinsim.backend.reference.ReferenceBackend;

class ReferenceContractTest extends BackendContract {
  @Override
  Backend backend(WorkSizing sizing) {
    return new ReferenceBackend();
  }
}
