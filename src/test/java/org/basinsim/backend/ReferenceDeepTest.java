package org.basinsim.backend;

import org.basinsim.backend.reference.ReferenceBackend;

class ReferenceDeepTest extends DeepContract {
  @Override
  Backend backend(WorkSizing sizing) {
    return new ReferenceBackend();
  }
}
