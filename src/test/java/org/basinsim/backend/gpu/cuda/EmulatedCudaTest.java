package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a class run on the emulated machine, and a failure there does not get lost. */
class EmulatedCudaTest {
  @TempDir Path folder;

  /** One of each kind. */
  static class Sample {
    @Test
    void thereAreTwoDevices() {
      assertEquals(2, CudaPlatform.devices().size());
    }

    @Test
    void fails() {
      fail("as it must");
    }
  }

  @Test
  void runsTestsAndTellsWhatFailed() throws IOException, InterruptedException {
    String told = EmulatedCuda.test(folder, Sample.class, 60);
    assertTrue(told.startsWith("fails(): org.opentest4j.AssertionFailedError: as it must"), told);
    assertTrue(told.contains("\n1 failed, 0 skipped, 1 passed\n"), told);
  }
}
