package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.cuda.EmulatedCuda;
import org.basinsim.random.Elementary;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels' random layer against its Java twin: to the last bit, but for single precision on
 * devices whose quotients and roots round otherwise.
 */
class KernelTwinsTest {
  /** Prime, so that the last vector is not full. */
  private static final int COUNT = 4099;

  private static final List<String> FILES =
      List.of("philox.h", "elementary.h", "gaussian.h", "probe.c");

  /** Three units in the last place for a root or a quotient, and two roundings. */
  private static final double OTHER_ROUNDING = 8 * 0x1p-24;

  /** Ends of the range, and every quarter and eighth of a turn with its neighbours. */
  private static int[] words() {
    int[] words = new int[COUNT];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < COUNT; i++) {
      // Words near 0 are uniforms near 0 and small turns.
      words[i] = random.nextInt() >> (i % 3 == 0 ? random.nextInt(32) : 0);
    }
    for (int eighth = 0; eighth < 8; eighth++) {
      for (int beside = -2; beside <= 2; beside++) {
        words[5 * eighth + beside + 2] = (eighth << 29) + beside;
      }
    }
    words[40] = Integer.MAX_VALUE;
    return words;
  }

  static Stream<ProbeRun> runs() {
    return ProbeRun.all();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void wordsAreThoseOfJava(ProbeRun run) {
    long key = 0x123456789abcdef0L;
    long stream = 0xfedcba987654L;
    int step = -77;
    int row = run.row(COUNT);
    int[] words;
    try (GpuDevice device = run.open();
        ProbeKernel kernel = run.compile(device, Map.of(), FILES, "probe_words")) {
      words = kernel.words(4 * row, request(key, stream, Purpose.INPUTS, step));
    }
    int[] block = new int[4];
    for (int lane = 0; lane < COUNT; lane++) {
      Philox.block(key, stream, Purpose.INPUTS, step, lane, block, 0);
      for (int i = 0; i < 4; i++) {
        assertEquals(block[i], words[i * row + lane], "word " + i + " of lane " + lane);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void normalsAreThoseOfJava(ProbeRun run) {
    long key = -3;
    long stream = Philox.LAST_STREAM;
    int row = run.row(COUNT);
    double[] expected = new double[4 * COUNT];
    float[] single = new float[4 * COUNT];
    Gaussian.fill(expected, 0, 4 * COUNT, key, stream, Purpose.OUTPUT_ACROSS, 5, 0);
    Gaussian.fill(single, 0, 4 * COUNT, key, stream, Purpose.OUTPUT_ACROSS, 5, 0);
    try (GpuDevice device = run.open();
        ProbeKernel kernel = run.compile(device, Map.of(), FILES, "probe_normals")) {
      double[] normals = kernel.reals(4 * row, request(key, stream, Purpose.OUTPUT_ACROSS, 5));
      double tolerance = run.roundsCorrectly(device) ? 0 : OTHER_ROUNDING;
      for (int i = 0; i < 4 * COUNT; i++) {
        double value = run.doubles() ? expected[i] : single[i];
        assertNear(value, normals[i % 4 * row + i / 4], tolerance, "normal " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void elementaryFunctionsAreThoseOfJava(ProbeRun run) {
    int row = run.row(COUNT);
    int[] words = new int[row];
    System.arraycopy(words(), 0, words, 0, COUNT);
    double[] points = points(row);
    int mix = 0x9abcdef1;
    try (GpuDevice device = run.open();
        ProbeKernel kernel = run.compile(device, Map.of(), FILES, "probe_elementary")) {
      double[] out = kernel.reals(8 * row, request(0, 0, Purpose.INPUTS, mix), words, points);
      double tolerance = run.roundsCorrectly(device) ? 0 : OTHER_ROUNDING;
      for (int i = 0; i < COUNT; i++) {
        double[] expected =
            run.doubles()
                ? functions(words[i], mix, points[i], points[row + i])
                : singleFunctions(words[i], mix, (float) points[i], (float) points[row + i]);
        for (int f = 0; f < expected.length; f++) {
          String where = "function " + f + " of " + words[i] + ", " + points[i];
          assertNear(expected[f], out[f * row + i], tolerance, where);
        }
      }
    }
  }

  @Test
  void theDialectForCudaGivesTheSame(@TempDir Path folder) throws Exception {
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(folder, Map.of(), List.of(), CudaTwins.class.getName());
    assertEquals("", ended.err());
    assertEquals(0, ended.code());
    assertEquals("cuda:0, single, width 1\ncuda:0, double, width 1\n", ended.out());
  }

  private static int[] request(long key, long stream, Purpose purpose, int step) {
    return new int[] {
      (int) key,
      (int) (key >>> 32),
      (int) stream,
      (int) (stream >>> 32),
      purpose.code(),
      step,
      COUNT
    };
  }

  /** Abscissas, not positive, and ordinates above 0; at the edges of what the functions select. */
  private static double[] points(int row) {
    SplittableRandom random = new SplittableRandom(2);
    double[] points = new double[2 * row];
    for (int i = 0; i < row; i++) {
      points[i] = -Math.exp(random.nextDouble(-40, 4));
      points[row + i] = Math.exp(random.nextDouble(-60, 60));
      if (i % 5 == 0) {
        points[row + i] = -points[i];
      } else if (i % 5 == 1) {
        points[row + i] = 1 + random.nextDouble(-1e-3, 1e-3);
      }
    }
    double[] x = {0, -0.0, -20, -40, Math.nextDown(-20), -19.9, -1e30, -Math.log(2) / 2};
    double[] y = {1, 2, 0.5, Math.sqrt(0.5), Math.sqrt(2), 1e-30, 1e30, 0x1p-126};
    System.arraycopy(x, 0, points, 0, x.length);
    System.arraycopy(y, 0, points, row, y.length);
    return points;
  }

  private static double[] functions(int word, int mix, double x, double y) {
    double[] normals = new double[4];
    Gaussian.normals(new int[] {word, word ^ mix, 0, 0}, 0, normals, 0);
    return new double[] {
      Gaussian.exponential(word),
      Elementary.cosineOfTurn(word),
      Elementary.sineOfTurn(word),
      normals[0],
      normals[1],
      Elementary.ln(y),
      Elementary.atan2(y, x),
      Elementary.expm1(x)
    };
  }

  private static double[] singleFunctions(int word, int mix, float x, float y) {
    float[] normals = new float[4];
    Gaussian.normals(new int[] {word, word ^ mix, 0, 0}, 0, normals, 0);
    return new double[] {
      Gaussian.exponentialSingle(word),
      Elementary.cosineOfTurnSingle(word),
      Elementary.sineOfTurnSingle(word),
      normals[0],
      normals[1],
      Elementary.ln(y),
      Elementary.atan2(y, x),
      Elementary.expm1(x)
    };
  }

  /** At tolerance 0 equal, zeros with their signs. */
  private static void assertNear(double expected, double actual, double tolerance, String where) {
    if (tolerance == 0) {
      assertEquals(expected, actual, where);
    } else {
      assertEquals(expected, actual, tolerance * Math.abs(expected), where);
    }
  }
}
