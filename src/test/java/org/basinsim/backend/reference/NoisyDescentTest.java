package org.basinsim.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Learned;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reduced noise against noise of all coordinates, written out here. */
class NoisyDescentTest {
  private static final int RESTARTS = 5_000;
  private static final int STEPS = 4;
  private static final double STEP_SIZE = 0.4;

  /** Two steps an epoch, so that radii and step size change on the way. */
  private static final Noise NOISE = new Noise(1.5, 2, 0.6, 0.7, 2);

  private static final String[] NAMES = {"x", "y", "mean", "contrast", "rest"};

  /** Every start the same, so that noise alone makes the law. */
  private static ConvCell cell(int k, int p) {
    return ConvCell.learned(k, p, k == 1 ? 1 : 0.3 * k)
        .start(new StartLaw(StartLaw.Filter.SHORTCUT, StartLaw.Output.ZERO, 0, false))
        .stepSize(STEP_SIZE)
        .maxSteps(STEPS)
        .near(0.05, 0.1);
  }

  /** Samples by experiment: the reference is slow. */
  private static final Map<String, double[][]> REDUCED = new HashMap<>();

  private static double[][] reduced(ConvExperiment experiment) {
    return REDUCED.computeIfAbsent(experiment.identity(), key -> drawReduced(experiment));
  }

  private static double[][] drawReduced(ConvExperiment experiment) {
    double[][] samples = new double[ConvState.SIZE][RESTARTS];
    ReferenceBackend backend = new ReferenceBackend();
    for (int i = 0; i < RESTARTS; i++) {
      double[] state = backend.probe().trajectory(experiment, i, STEPS)[STEPS];
      for (int c = 0; c < state.length; c++) {
        samples[c][i] = state[c];
      }
    }
    return samples;
  }

  /** v and a themselves, with ξ and ε drawn coordinate by coordinate. */
  private static double[][] full(ConvExperiment experiment, Noise noise) {
    SplittableRandom random = new SplittableRandom(1909);
    Teacher teacher = experiment.teacher();
    ConvStart start = new ConvStart(experiment);
    double[][] samples = new double[ConvState.SIZE][RESTARTS];
    for (int i = 0; i < RESTARTS; i++) {
      double[] v = start.filter(i);
      double[] a = start.output(i);
      double filterRadius = noise.filter();
      double outputRadius = noise.output();
      double stepSize = STEP_SIZE;
      for (int t = 0; t < STEPS; t++) {
        if (t > 0 && t % noise.epoch() == 0) {
          filterRadius *= noise.decay();
          outputRadius *= noise.decay();
          stepSize *= noise.stepDecay();
        }
        double[] u = displaced(v, filterRadius, random);
        double[] b = displaced(a, outputRadius, random);
        double[] filterGradient = Learned.filterGradient(teacher, u, b);
        double[] outputGradient = Learned.outputGradient(teacher, u, b);
        for (int c = 0; c < v.length; c++) {
          v[c] -= stepSize * filterGradient[c];
        }
        for (int j = 0; j < a.length; j++) {
          a[j] -= stepSize * outputGradient[j];
        }
      }
      double[] state = teacher.project(v, a).toArray();
      for (int c = 0; c < state.length; c++) {
        samples[c][i] = state[c];
      }
    }
    return samples;
  }

  /** The point plus one uniform in a ball: a normal direction, and a radius r with r^d uniform. */
  private static double[] displaced(double[] point, double radius, SplittableRandom random) {
    double[] moved = new double[point.length];
    double squares = 0;
    for (int i = 0; i < moved.length; i++) {
      moved[i] = random.nextGaussian();
      squares += moved[i] * moved[i];
    }
    double scale = radius * Math.pow(random.nextDouble(), 1.0 / moved.length) / Math.sqrt(squares);
    for (int i = 0; i < moved.length; i++) {
      moved[i] = point[i] + scale * moved[i];
    }
    return moved;
  }

  /** The largest distance of the distribution functions of two samples of equal size. */
  private static double distance(double[] one, double[] other) {
    double[] a = one.clone();
    double[] b = other.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    double largest = 0;
    int j = 0;
    for (int i = 0; i < a.length; i++) {
      while (j < b.length && b[j] <= a[i]) {
        j++;
      }
      if (i + 1 == a.length || a[i + 1] > a[i]) {
        largest = Math.max(largest, Math.abs(i + 1 - j) / (double) a.length);
      }
    }
    return largest;
  }

  /**
   * Kolmogorov and Smirnov: P(D > d) ≤ 2 exp(−n d²) for two samples of n; 10⁻⁶ over 6 sizes and
   * five coordinates.
   */
  private static final double CRITICAL = Math.sqrt(Math.log(2 * 6 * 5 / 1e-6) / RESTARTS);

  private static boolean isConstant(double[] sample) {
    // What descent leaves at 0 but for the projection's rounding.
    return Arrays.stream(sample).allMatch(value -> Math.abs(value) < 1e-12);
  }

  private static String differing(double[][] one, double[][] other) {
    StringBuilder differing = new StringBuilder();
    for (int c = 0; c < NAMES.length; c++) {
      if (isConstant(one[c]) && isConstant(other[c])) {
        continue;
      }
      double distance = distance(one[c], other[c]);
      if (distance > CRITICAL) {
        differing.append(NAMES[c]).append(' ').append(distance).append("; ");
      }
    }
    return differing.toString();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "3, 2", "4, 7", "5, 3", "7, 13"})
  void reducedNoiseHasTheLawOfNoiseInEveryCoordinate(int k, int p) {
    ConvExperiment experiment = cell(k, p).noise(NOISE).build();
    assertEquals("", differing(full(experiment, NOISE), reduced(experiment)));
  }

  /** The same comparison finds radii and step sizes that are off, and epochs a step too long. */
  @ParameterizedTest
  @CsvSource({"1.8, 2, 0.6, 0.7, 2", "1.5, 2.4, 0.6, 0.7, 2", "1.5, 2, 0.6, 0.7, 3"})
  void wrongNoiseIsFound(double filter, double output, double decay, double stepDecay, int epoch) {
    ConvExperiment experiment = cell(5, 3).noise(NOISE).build();
    Noise wrong = new Noise(filter, output, decay, stepDecay, epoch);
    assertTrue(!differing(full(experiment, wrong), reduced(experiment)).isEmpty());
  }

  /** No radius, no decay: the plain formulas. */
  @Test
  void noNoiseIsPlainDescent() {
    ConvCell cell = ConvCell.learned(5, 3, 2).near(0.05, 0.1).streams(Streams.COMMON);
    ConvExperiment plain = cell.build();
    ConvExperiment noisy = cell.noise(new Noise(0, 0, 1, 1, 3)).build();
    ReferenceBackend backend = new ReferenceBackend();
    for (long restart : new long[] {0, 19}) {
      double[][] expected = backend.probe().trajectory(plain, restart, 50);
      double[][] found = backend.probe().trajectory(noisy, restart, 50);
      for (int t = 0; t <= 50; t++) {
        // 50 steps of some 20 roundings each, which the slow phase hardly enlarges so early.
        assertArrayEquals(expected[t], found[t], 1e-12);
      }
    }
  }
}
