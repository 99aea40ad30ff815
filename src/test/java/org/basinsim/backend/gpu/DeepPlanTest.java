package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.junit.jupiter.api.Test;

/** How many restarts a device of some memory takes at once. */
class DeepPlanTest {
  private static final WorkSizing AUTOMATIC = new WorkSizing(1, 0, 0);
  private static final int UNITS = 132;

  private static GpuDescription sized(long memory) {
    return new GpuDescription(
        new DeviceInfo("cuda", "cuda:0", "none"),
        "cuda",
        GpuDescription.Kind.GPU,
        "",
        "",
        UNITS,
        1,
        true,
        memory,
        48 << 10,
        1024);
  }

  /** A library takes whole calls: there is room for all of the last one, and it is counted. */
  @Test
  void plansCountTheRoomOfWholeCalls() {
    DeepExperiment cell =
        DeepExperiments.experiment(
            DeepExperiments.network(Architecture.RESNET, Activation.SOFTPLUS, 7),
            5,
            90,
            Precision.DOUBLE);
    long restart = DeepPlan.of(cell, sized(1L << 30), 1, AUTOMATIC).with(1).bytes(false);
    for (int memory : new int[] {16, 31, 47, 10_000}) {
      // Half a restart more, against rounding; a plan leaves 15 % to others.
      GpuDescription small = sized(restart * (2 * memory + 1) / 2 * 100 / 85);
      DeepPlan plan = DeepPlan.of(cell, small, 16, AUTOMATIC);
      assertEquals(0, plan.places() % 16);
      assertTrue(plan.bytes(false) <= small.memory() / 100 * 85, "room for " + memory);
      assertEquals(Math.min(memory / 16 * 16, 32 * UNITS), plan.restarts());
    }
    GpuDescription tiny = sized(restart * 15 * 100 / 85);
    String message =
        assertThrows(BackendUnavailable.class, () -> DeepPlan.of(cell, tiny, 16, AUTOMATIC))
            .getMessage();
    assertTrue(message.contains("16 restarts, a call of cuBLAS, take"), message);
    assertTrue(message.contains("BASIN_GEMM=own"), message);
  }
}
