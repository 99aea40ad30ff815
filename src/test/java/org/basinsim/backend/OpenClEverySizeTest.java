package org.basinsim.backend;

import org.basinsim.model.Precision;
import org.junit.jupiter.api.Tag;

/** The contract on OpenCL with every size in every precision. */
@Tag("exhaustive")
class OpenClEverySizeTest extends OpenClContractTest {
  @Override
  int[][] sizes(Precision precision) {
    return SIZES;
  }
}
