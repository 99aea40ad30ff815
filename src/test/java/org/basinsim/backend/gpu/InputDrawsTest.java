package org.basinsim.backend.gpu;

import static org.basinsim.model.Precision.SINGLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which normals a step takes for an input: also where their number needs more than 32 bits. A study
 * may draw nearly 2³³ a step.
 */
class InputDrawsTest {
  private static final long KEY = 0x123456789abcdef0L;
  private static final int STEP = Integer.MAX_VALUE;
  private static final int LARGEST_BATCH = 1 << 24;
  private static final long MOST_NORMALS = 4L * Integer.MAX_VALUE;

  /** Both functions of {@code conv_inputs.h}, one work-item at work. */
  private static final String DRAW =
      """
      BASIN_KERNEL void draw(BASIN_GLOBAL const int *asked, BASIN_GLOBAL real *drawn) {
        streams s;
        s.key0 = (word)asked[0];
        s.key1 = (word)asked[1];
        s.low = (words)((word)asked[2]);
        s.high = (words)((word)asked[3]);
        words step = (words)((word)asked[4]);
      #if BASIN_SOURCE == CONV_OWN
        reals z[CONV_RUN];
        conv_draw_run(s, step, (word)asked[5], z);
        for (int c = 0; c < CONV_RUN; c++) {
          drawn[c] = WORK_REAL(z + c, BASIN_WIDTH - 1);
        }
      #else
        TEAM_MEMORY real stage[CONV_ROOM];
        conv_draw_chunk(s, step, asked[5], CONV_CHUNK, stage);
        for (int n = 0; n < CONV_CHUNK; n++) {
          drawn[n] = stage[n];
        }
      #endif
      }
      """;

  /** A cell, and patches or inputs whose numbers are asked for. */
  record Draws(ConvCell cell, long count) {
    /** The first, the last, and those around 2³¹ and 2³² normals. */
    List<Long> asked(int numbers, int multiple) {
      List<Long> asked = new ArrayList<>(List.of(0L, 1L, 2L, 3L, count - multiple));
      for (long power : new long[] {1L << 31, 1L << 32}) {
        for (int beside = -1; beside <= 1; beside++) {
          asked.add(power / numbers + beside);
        }
      }
      return asked.stream()
          .map(i -> i / multiple * multiple)
          .distinct()
          .filter(i -> i <= count - multiple)
          .toList();
    }

    @Override
    public String toString() {
      ConvExperiment any = cell.build();
      return "k %d, p %d, of %d".formatted(any.patches(), any.patchSize(), count);
    }
  }

  /** Patches of every remainder, as many as a step may have, and inputs of patches that overlap. */
  static Stream<Draws> patches() {
    return Stream.concat(
        Stream.of(2, 3, 8, 13)
            .map(p -> new Draws(ConvCell.average(3, p).direct(7, 1), MOST_NORMALS / p)),
        Stream.of(new Draws(ConvCell.average(3, 5).stride(2).direct(7, 1), MOST_NORMALS / 9)));
  }

  /** Inputs of 512 numbers, a few a chunk, and of 511, whole blocks in four of them. */
  static Stream<Draws> chunks() {
    return Stream.of(new int[] {16, 32}, new int[] {7, 73})
        .map(size ->
            new Draws(ConvCell.average(size[0], size[1]).direct(LARGEST_BATCH, 64), LARGEST_BATCH));
  }

  @ParameterizedTest
  @MethodSource("patches")
  void aPatchIsMadeOfItsNormals(Draws draws) {
    check(draws, draws.cell().build().sequenceSize(), "1");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void aChunkIsMadeOfItsNormals(Draws draws) {
    ConvExperiment any = draws.cell().build();
    check(draws, any.patches() * any.patchSize(), "BASIN_CHUNK");
  }

  /**
   * @param numbers of a patch or an input
   * @param together constant that says how many are drawn in a go, or a number
   */
  private static void check(Draws draws, int numbers, String together) {
    PresentOpenCl.require();
    // As a CPU: then a team is one work-item.
    try (GpuDevice device = OpenClPlatform.open(0, Kind.CPU)) {
      ConvPlans plans = new ConvPlans(device.describe(), WorkSizing.automatic());
      LaunchPlan plan = plans.plan(draws.cell().precision(SINGLE).build(), Use.TRAIN, 0);
      int go = Integer.parseInt(plan.constants().getOrDefault(together, together));
      try (GpuKernel kernel = device.compile(source(device, plan))) {
        for (long asked : draws.asked(numbers, go)) {
          check(device, kernel, asked, numbers, go);
        }
      }
    }
  }

  /** The headers of a plan, with another kernel. */
  private static KernelSource source(GpuDevice device, LaunchPlan plan) {
    List<String> files = plan.form().files();
    KernelSource headers =
        KernelSource.of(
            device.describe().dialect(),
            plan.constants(),
            files.subList(0, files.size() - 1),
            "draw");
    return new KernelSource("draw", headers.text() + DRAW);
  }

  private static void check(GpuDevice device, GpuKernel kernel, long asked, int numbers, int go) {
    long stream = Philox.LAST_STREAM - 1;
    int count = numbers * go;
    float[] expected = expected(stream, asked * numbers, count);
    try (NativeNumbers question = NativeNumbers.ofInts(6);
        NativeNumbers answer = NativeNumbers.ofReals(SINGLE, count);
        GpuBuffer in = device.allocate(question.segment().byteSize());
        GpuBuffer out = device.allocate(answer.segment().byteSize())) {
      question.add((int) KEY);
      question.add((int) (KEY >>> 32));
      question.add((int) stream);
      question.add((int) (stream >>> 32));
      question.add(STEP);
      question.add((int) asked);
      device.upload(in, question.segment());
      device.launch(kernel, 1, 1, List.of(in, out));
      device.download(out, answer.segment());
      for (int n = 0; n < count; n++) {
        // Twice what Gaussian states: a root may round otherwise.
        double tolerance = 2 * 4e-7 * Math.abs(expected[n]);
        assertEquals(expected[n], answer.real(n), tolerance, "number " + n + " of " + asked);
      }
    }
  }

  /** Normals {@code first …} of a step. */
  private static float[] expected(long stream, long first, int count) {
    int skipped = (int) (first % 4);
    float[] normals = new float[skipped + count];
    Gaussian.fill(normals, 0, normals.length, KEY, stream, Purpose.INPUTS, STEP, (int) (first / 4));
    float[] expected = new float[count];
    System.arraycopy(normals, skipped, expected, 0, count);
    return expected;
  }
}
