package org.basinsim.validation;

import java.util.stream.IntStream;
import org.basinsim.study.StudyFuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The long form of the fuzz test: no crash and no stack trace in 10⁵ studies. */
@Tag("validation")
class StudyFuzzValidationTest {
  @Test
  void survivesManyMutations() {
    IntStream.range(0, 10).parallel().forEach(part -> new StudyFuzz(2 + part).read(10_000));
  }
}
