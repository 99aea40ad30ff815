package org.basinsim.validation;

import org.basinsim.study.StudyFuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The long form of the fuzz test: no crash and no stack trace in 10⁵ studies. */
@Tag("validation")
class StudyFuzzValidationTest {
  @Test
  void survivesManyMutations() {
    new StudyFuzz(2).read(100_000);
  }
}
