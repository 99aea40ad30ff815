package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.opencl.OpenClProcess;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the arrays of every kernel fit the memory that they lie in, at every size of a study. */
class ConvPlansTest {
  /** The largest of either is 2¹⁶. */
  private static final int[] PATCHES = {1, 2, 7, 64, 65, 67, 100, 193, 1021, 4099};

  private static final int[] PATCH_SIZES = {2, 3, 16, 17, 63, 64, 65, 1021, 4096, 4099};

  /** Rounding of arrays to their alignment. */
  private static final int SLACK = 64;

  @TempDir Path folder;

  private static GpuDescription device(Kind kind, int width, int sharedMemory) {
    return new GpuDescription(
        new DeviceInfo("opencl", "opencl:0", "imagined"),
        "opencl",
        kind,
        "",
        "",
        24,
        width,
        true,
        1L << 34,
        sharedMemory,
        1024);
  }

  /** Every form, with inputs that a chunk holds many of and, at large sizes, none. */
  private static Stream<ConvExperiment> experiments(Precision precision) {
    return Stream.of(true, false)
        .flatMap(learned ->
            Stream.of(
                    new ConvCellAt(learned, 1 << 24, 64),
                    new ConvCellAt(learned, 3, 64),
                    new ConvCellAt(learned, 3, 1),
                    new ConvCellAt(learned, 0, 1))
                .flatMap(ConvCellAt::everySize))
        .map(cell -> cell.precision(precision).build());
  }

  /**
   * Inputs of a kind.
   *
   * @param batch inputs a step, or 0 for a data set of 40
   */
  private record ConvCellAt(boolean learned, int batch, int share) {
    Stream<ConvCell> everySize() {
      Stream.Builder<ConvCell> cells = Stream.builder();
      for (int k : PATCHES) {
        for (int p : PATCH_SIZES) {
          ConvCell cell = learned ? ConvCell.learned(k, p, 1) : ConvCell.average(k, p);
          cells.add(batch == 0 ? cell.empirical(40, 3) : cell.direct(batch, share));
          // Larger inputs of patches that overlap have no room where they are drawn whole.
          if (!learned && k * p < 50_000) {
            cells.add(overlap(k, p, 1));
            cells.add(overlap(k, p, p - 1));
          }
        }
        ConvCell cell = learned ? ConvCell.learned(k, 5, 1) : ConvCell.average(k, 5);
        cells.add(cell.projected(7));
      }
      return cells.build();
    }

    private ConvCell overlap(int k, int p, int stride) {
      ConvCell cell = ConvCell.average(k, p).stride(stride);
      return batch == 0 ? cell.empirical(40, 3) : cell.direct(batch, share);
    }
  }

  private static long number(LaunchPlan plan, String name) {
    return Long.parseLong(plan.constants().getOrDefault(name, "0"));
  }

  /** What {@code train_direct.c} and {@code train_projected.c} declare for a group, in bytes. */
  private static long sharedBytes(LaunchPlan plan) {
    long k = number(plan, "BASIN_K");
    long chunk = number(plan, "BASIN_CHUNK");
    long reals = 0;
    if (number(plan, "BASIN_TEAM") > 1) {
      reals += chunk * number(plan, "BASIN_D") + chunk * k;
    }
    if (number(plan, "BASIN_OUTPUT_SHARED") == 1) {
      // Without learning compilers find the arrays of gradient and activations unused.
      long arrays = number(plan, "BASIN_LEARNED") == 1 ? 3 : 1;
      reals += arrays * k * number(plan, "BASIN_OUTPUT_STRIDE");
    }
    return plan.realBytes() * reals + (reals > 0 ? SLACK : 0);
  }

  /** OpenCL promises 32 KiB, CUDA gives 48 KiB to whoever declares an array. */
  @ParameterizedTest
  @ValueSource(ints = {32 * 1024, 48 * 1024, 64 * 1024})
  void arraysOfAGroupFitItsSharedMemory(int sharedMemory) {
    GpuDescription device = device(Kind.GPU, 1, sharedMemory);
    for (int group : new int[] {0, 1, 33, 1024}) {
      ConvPlans plans = new ConvPlans(device, new WorkSizing(1, 0, group));
      for (Precision precision : Precision.values()) {
        experiments(precision)
            .map(experiment -> plans.plan(experiment, Use.TRAIN, 0))
            .forEach(plan -> {
              long bytes = sharedBytes(plan);
              assertTrue(
                  bytes <= Math.min(sharedMemory, 48 * 1024),
                  () -> bytes + " bytes: " + plan.words());
            });
      }
    }
  }

  /** What the kernels declare for a work-item without a group, in bytes. */
  private static long stackBytes(LaunchPlan plan) {
    long p = number(plan, "BASIN_P");
    long k = number(plan, "BASIN_K");
    boolean direct = ConvForm.of(plan).direct();
    boolean own = ConvForm.of(plan) == ConvForm.OWN;
    long patches = number(plan, "BASIN_PATCHES") * p;
    long drawn = number(plan, "BASIN_OVERLAPS") == 1 ? number(plan, "BASIN_D") : patches;
    long back = direct && !own ? 1 : 0;
    long of = (direct ? 2 : 0) * p + (own ? p + drawn : 0) + (3 + back) * k;
    long chunk = direct && ConvForm.of(plan) != ConvForm.OWN ? number(plan, "BASIN_CHUNK") : 0;
    long stage = number(plan, "BASIN_STAGE") * chunk * number(plan, "BASIN_D");
    return plan.realBytes() * (of * plan.restarts() + stage + chunk * k);
  }

  @Test
  void arraysThatNoWorkItemHasRoomForAreRefused() {
    ConvExperiment large = ConvCell.learned(20_000, 6, 1).projected(7).build();
    ConvPlans gpu = new ConvPlans(device(Kind.GPU, 1, 48 << 10), WorkSizing.automatic());
    String message =
        assertThrows(BackendUnavailable.class, () -> gpu.plan(large, Use.TRAIN, 0)).getMessage();
    assertTrue(message.contains("458,752 bytes") && message.contains("patches = 20000"), message);
    ConvPlans cpu = new ConvPlans(device(Kind.CPU, 16, 1 << 20), WorkSizing.automatic());
    assertEquals(1, cpu.plan(large, Use.TRAIN, 0).restarts());
    assertThrows(
        BackendUnavailable.class,
        () -> cpu.plan(ConvCell.learned(200_000, 6, 1).projected(7).build(), Use.TRAIN, 0));
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfAWorkItemFitAStack(Precision precision) {
    for (int width : new int[] {1, 4, 16}) {
      ConvPlans plans = new ConvPlans(device(Kind.CPU, width, 1 << 20), WorkSizing.automatic());
      experiments(precision)
          .map(experiment -> plans.plan(experiment, Use.TRAIN, 0))
          .forEach(plan -> {
            long bytes = stackBytes(plan);
            assertTrue(bytes <= 6 << 20, () -> bytes + " bytes: " + plan.words());
          });
    }
  }

  /** What does not fit would end the process. */
  @Test
  void theLargestNetworksRunOnAProcessor() throws Exception {
    PresentOpenCl.require();
    OpenClProcess process =
        OpenClProcess.start(folder, Map.of(), List.of(), TileProgram.class, "largest");
    assertEquals(List.of("2 rows", "2 rows", "2 rows"), process.output());
  }
}
