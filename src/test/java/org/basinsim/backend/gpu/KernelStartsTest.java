package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.StartLaw.Filter;
import org.basinsim.model.conv.StartLaw.Output;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Starts drawn by kernels against {@link ConvStart}: in double precision to the last bit, in single
 * precision, where Java draws in double, within roundings counted below.
 */
class KernelStartsTest {
  /** Prime, so that the last vector is not full. */
  private static final int RESTARTS = 37;

  /** Streams, of quadruples too, pass 2³² on the way, so that the upper word is counted up. */
  private static final long FIRST = (1L << 34) - 8;

  private static final double RADIUS = 0.7;

  /** The widths that kernels are made for: what else there is costs time and adds nothing. */
  static Stream<ProbeRun> runs() {
    return ProbeRun.all().filter(run -> run.width() != 4);
  }

  /** Every law of the filter and of the output weights, with and without quadruples. */
  private static final List<StartLaw> LAWS =
      List.of(
          new StartLaw(Filter.SPHERE, Output.BALL, RADIUS, true),
          new StartLaw(Filter.CUBE, Output.SPHERE, RADIUS, false),
          new StartLaw(Filter.NORMAL, Output.NORMAL, RADIUS, true),
          new StartLaw(Filter.CUBE, Output.ZERO, RADIUS, true),
          new StartLaw(Filter.SPHERE, Output.SPHERE, RADIUS, true),
          new StartLaw(Filter.SHORTCUT, Output.BALL, RADIUS, false));

  @ParameterizedTest
  @MethodSource("runs")
  void invariantsAreThoseOfJava(ProbeRun run) {
    try (GpuDevice device = run.open()) {
      for (StartLaw law : LAWS) {
        try (ProbeKernel kernel = compile(run, device, law, true, Map.of(), "probe_start")) {
          for (int k : new int[] {1, 2, 3, 13}) {
            for (int p : new int[] {2, 3, 6, 17}) {
              assertInvariants(run, kernel, learned(law, k, p));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void averageOutputHasTheStartOfAFilterAlone(ProbeRun run) {
    StartLaw law = LAWS.getFirst();
    try (GpuDevice device = run.open();
        ProbeKernel kernel = compile(run, device, law, false, Map.of(), "probe_start")) {
      assertInvariants(run, kernel, ConvCell.average(3, 5).start(law).build());
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void vectorsAreThoseOfJava(ProbeRun run) {
    int[][] shapes = {{3, 6}, {13, 17}, {2, 3}, {1, 2}, {7, 9}, {5, 7}};
    try (GpuDevice device = run.open()) {
      for (int i = 0; i < shapes.length; i++) {
        int k = shapes[i][0];
        int p = shapes[i][1];
        Map<String, String> constants =
            Map.of("BASIN_P", Integer.toString(p), "BASIN_K", Integer.toString(k));
        try (ProbeKernel kernel =
            compile(run, device, LAWS.get(i), true, constants, "probe_start_full")) {
          assertVectors(run, kernel, learned(LAWS.get(i), k, p));
        }
      }
    }
  }

  private static ProbeKernel compile(
      ProbeRun run,
      GpuDevice device,
      StartLaw law,
      boolean learned,
      Map<String, String> shape,
      String entry) {
    Map<String, String> constants = new LinkedHashMap<>(KernelConstants.start(law, learned));
    constants.put("BASIN_FILTER_SPACE", "");
    constants.put("BASIN_OUTPUT_SPACE", "");
    constants.putAll(shape);
    List<String> files = new ArrayList<>(List.of("philox.h", "elementary.h", "gaussian.h"));
    files.addAll(List.of("start.h", "start_full.h", "probe_start.c"));
    return run.compile(device, constants, files, entry);
  }

  /** A teacher that lies along no axis. */
  private static ConvExperiment learned(StartLaw law, int k, int p) {
    SplittableRandom random = new SplittableRandom(31L * k + p);
    double[] filter = random.doubles(p, -1, 1).toArray();
    double[] output = random.doubles(k, -1, 1).toArray();
    return ConvCell.learned(k, p, 1).teacher(Teacher.of(filter, output)).start(law).build();
  }

  private static Object[] arguments(ConvExperiment experiment) {
    long key = experiment.key();
    long stream = experiment.startStream(FIRST);
    Teacher teacher = experiment.teacher();
    double[] reals =
        Stream.of(
                new double[] {RADIUS},
                teacher.unitFilter(),
                teacher.meanAxis(),
                teacher.contrastAxis())
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    int[] request = {
      (int) key,
      (int) (key >>> 32),
      (int) stream,
      (int) (stream >>> 32),
      RESTARTS,
      experiment.patchSize(),
      experiment.patches()
    };
    return new Object[] {request, reals};
  }

  private static void assertInvariants(
      ProbeRun run, ProbeKernel kernel, ConvExperiment experiment) {
    int row = run.row(RESTARTS);
    double[] out = kernel.reals(5 * row, arguments(experiment));
    ConvStart start = new ConvStart(experiment);
    double tolerance = tolerance(run, experiment);
    for (int restart = 0; restart < RESTARTS; restart++) {
      double[] expected = start.state(FIRST + restart).toArray();
      String where = where(experiment, restart);
      for (int i = 0; i < 4; i++) {
        assertNear(expected[i], out[i * row + restart], tolerance, where + ", invariant " + i);
      }
      assertNear(expected[4], out[4 * row + restart], restTolerance(tolerance, expected[4]), where);
    }
  }

  private static void assertVectors(ProbeRun run, ProbeKernel kernel, ConvExperiment experiment) {
    int row = run.row(RESTARTS);
    int p = experiment.patchSize();
    int k = experiment.patches();
    double[] out = kernel.reals((p + k) * row, arguments(experiment));
    ConvStart start = new ConvStart(experiment);
    double tolerance = tolerance(run, experiment);
    for (int restart = 0; restart < RESTARTS; restart++) {
      String where = where(experiment, restart);
      double[] v = start.filter(FIRST + restart);
      for (int c = 0; c < p; c++) {
        assertNear(v[c], out[c * row + restart], tolerance, where + ", v " + c);
      }
      double[] a = start.output(FIRST + restart);
      double rest = start.state(FIRST + restart).rest();
      double full = tolerance + restTolerance(tolerance, rest);
      for (int j = 0; j < k; j++) {
        assertNear(a[j], out[(p + j) * row + restart], full, where + ", a " + j);
      }
    }
  }

  private static String where(ConvExperiment experiment, int restart) {
    return experiment.start()
        + ", k "
        + experiment.patches()
        + ", p "
        + experiment.patchSize()
        + ", restart "
        + restart;
  }

  /**
   * No number is the end of more than p + k + 20 roundings that follow each other, each relative to
   * a size below 8: that of a normal filter, and the largest ratio, in these draws, of a vector's
   * length before and after its part along the axes is taken off. 3 for divisions that may be off
   * by 2.5 units.
   */
  private static double tolerance(ProbeRun run, ConvExperiment experiment) {
    int roundings = experiment.patchSize() + experiment.patches() + 20;
    return run.doubles() ? 0 : 3 * 8 * roundings * 0x1p-24;
  }

  /** The rest is the root of a difference: its square is off by the tolerance. */
  private static double restTolerance(double tolerance, double rest) {
    return tolerance == 0 ? 0 : tolerance / Math.max(rest, Math.sqrt(tolerance));
  }

  /** At tolerance 0 equal, zeros with their signs. */
  private static void assertNear(double expected, double actual, double tolerance, String where) {
    if (tolerance == 0) {
      assertEquals(expected, actual, where);
    } else {
      assertEquals(expected, actual, tolerance, where);
    }
  }
}
