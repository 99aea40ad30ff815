package org.basinsim.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.model.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModeTest {

  /** Where every restart ended alike, comparing outcomes would show nothing. */
  @ParameterizedTest
  @EnumSource
  void someRestartsSucceedAndSomeDoNot(Mode mode) {
    byte[] outcomes =
        Training.outcomes(new CpuBackend(WorkSizing.automatic()), mode.cell(3, 5).build(), 1001);
    for (Outcome outcome : List.of(Outcome.GLOBAL, Outcome.UNDECIDED)) {
      int count = 0;
      for (byte code : outcomes) {
        count += code == outcome.code() ? 1 : 0;
      }
      assertTrue(count > 0, "some are " + outcome.word());
    }
  }
}
