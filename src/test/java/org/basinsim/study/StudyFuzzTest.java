package org.basinsim.study;

import org.junit.jupiter.api.Test;

class StudyFuzzTest {
  @Test
  void survivesMutations() {
    new StudyFuzz(1).read(3_000);
  }
}
