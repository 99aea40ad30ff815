package org.basinsim.backend;

import org.basinsim.backend.reference.ReferenceBackend;

class ReferenceTwoLayerTest extends TwoLayerContract {
  @Override
  Backend backend(WorkSizing sizing) {
    return new ReferenceBackend();
  }
}
