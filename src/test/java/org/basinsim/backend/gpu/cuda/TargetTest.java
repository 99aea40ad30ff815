package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machine code where the compiler knows the device, else PTX of the nearest older one. */
class TargetTest {

  @ParameterizedTest
  @CsvSource({"75, sm_75", "80, sm_80", "90, sm_90", "86, compute_80", "121, compute_90"})
  void isTheNearestThatRuns(int capability, String architecture) {
    Target target = Target.of(capability, List.of(90, 75, 80)).orElseThrow();
    assertEquals(architecture, target.architecture());
  }

  @Test
  void thereIsNoneForADeviceThatIsTooOld() {
    assertEquals(Optional.empty(), Target.of(70, List.of(75, 80)));
    assertEquals("12.1", Target.dotted(121));
  }
}
