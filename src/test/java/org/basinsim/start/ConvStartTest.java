package org.basinsim.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.StartLaw.Filter;
import org.basinsim.model.conv.StartLaw.Output;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every law of a start against its closed form, and the scalars against the vectors. */
class ConvStartTest {
  private static final int[] PATCHES = {1, 2, 3, 13};
  private static final int[] PATCH_SIZES = {2, 3, 17};
  private static final double RADIUS = 0.7;

  /** Each law is tested at a false-alarm probability of 0.93·10⁻⁶, with a fixed seed. */
  private static final int RESTARTS = 5000;

  /** Teachers that lie along no axis, so that a mistake in a direction shows. */
  private static ConvCell cell(int k, int p, Filter filter, Output output, boolean quadruple) {
    SplittableRandom random = new SplittableRandom(31L * k + p);
    Teacher teacher = Teacher.of(normals(random, p), normals(random, k));
    return ConvCell.learned(k, p, 1)
        .teacher(teacher)
        .start(new StartLaw(filter, output, RADIUS, quadruple));
  }

  private static ConvStart start(int k, int p, Filter filter, Output output) {
    return new ConvStart(cell(k, p, filter, output, false).build());
  }

  private static double[] normals(SplittableRandom random, int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  @Test
  void theScalarsAreThoseOfTheVectors() {
    for (int k : PATCHES) {
      for (int p : PATCH_SIZES) {
        for (Filter filter : Filter.values()) {
          for (Output output : Output.values()) {
            ConvExperiment experiment = cell(k, p, filter, output, true).build();
            ConvStart start = new ConvStart(experiment);
            for (long restart = 0; restart < 20; restart++) {
              double[] v = start.filter(restart);
              double[] a = start.output(restart);
              assertEquals(p, v.length);
              assertEquals(k, a.length);
              // Sums of up to 17 products of numbers below 10: 17·10·2⁻⁵³ = 2·10⁻¹⁴; what is left
              // of
              // them as a difference, the rest, is off by the square root of a square's 10⁻²⁶.
              assertArrayEquals(
                  start.state(restart).toArray(),
                  experiment.teacher().project(v, a).toArray(),
                  1e-12,
                  () -> filter + " " + output + " k " + k + " p " + p);
            }
          }
        }
      }
    }
  }

  @Test
  void averageOutputHasNoOutputWeightsToStartFrom() {
    ConvState state = new ConvStart(ConvCell.average(3, 5).build()).state(7);
    assertEquals(new ConvState(state.x(), state.y(), 0, 0, 0), state);
  }

  @Test
  void theAngleOfASphereIsThatOfAUniformDirection() {
    for (int p : PATCH_SIZES) {
      ConvStart start = start(3, p, Filter.SPHERE, Output.BALL);
      assertLaw(i -> start.state(i).angle(), angle -> directionBelow(p, angle));
      assertLaw(i -> along(start.filter(i)), cosine -> 1 - directionBelow(p, Math.acos(cosine)));
      assertEquals(1, start.state(5).filterNorm(), 1e-15);
    }
  }

  /** P(angle ≤ φ) of a uniform direction in R^p: ½ I(sin²φ; (p−1)∕2, ½), mirrored beyond π∕2. */
  private static double directionBelow(int p, double angle) {
    double sine = Math.sin(angle);
    double half =
        BetaDistribution.of((p - 1) / 2.0, 0.5).cumulativeProbability(Math.min(1, sine * sine)) / 2;
    return angle <= Math.PI / 2 ? half : 1 - half;
  }

  @Test
  void aNormalFilterIsNormalAlongEveryDirection() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    for (int p : PATCH_SIZES) {
      ConvStart start = start(3, p, Filter.NORMAL, Output.BALL);
      assertLaw(i -> start.state(i).x(), normal::cumulativeProbability);
      assertLaw(i -> along(start.filter(i)), normal::cumulativeProbability);
      assertLaw(
          i -> start.state(i).y() * start.state(i).y(),
          ChiSquaredDistribution.of(p - 1)::cumulativeProbability);
    }
  }

  @Test
  void aCubeHasUniformCoordinates() {
    for (int p : PATCH_SIZES) {
      ConvStart start = start(3, p, Filter.CUBE, Output.BALL);
      assertLaw(i -> start.filter(i)[0], x -> (x + 1) / 2);
      assertLaw(i -> start.filter(i)[p - 1], x -> (x + 1) / 2);
    }
  }

  @Test
  void aBallIsUniform() {
    for (int k : PATCHES) {
      ConvStart start = start(k, 3, Filter.SPHERE, Output.BALL);
      assertLaw(i -> norm(start.output(i)), r -> Math.pow(r / RADIUS, k));
      assertLaw(i -> start.state(i).outputNorm(), r -> Math.pow(r / RADIUS, k));
      assertAlong(start, (k + 1) / 2.0);
      if (k > 1) {
        // For k = 2 the plane is all there is: Beta(1, 1) of u.
        assertLaw(i -> planeShare(start.state(i)), u -> 1 - Math.pow(1 - u, k / 2.0));
        assertPlaneAngle(start);
      }
    }
  }

  @Test
  void aSphereIsUniform() {
    for (int k : PATCHES) {
      ConvStart start = start(k, 3, Filter.SPHERE, Output.SPHERE);
      for (long i = 0; i < 100; i++) {
        assertEquals(RADIUS, norm(start.output(i)), 1e-14);
      }
      if (k == 1) {
        long positive = LongStream.range(0, RESTARTS).filter(i -> start.output(i)[0] > 0).count();
        // A fair coin: 4.9 standard deviations.
        assertEquals(RESTARTS / 2.0, positive, Samples.SIGMAS * Math.sqrt(RESTARTS) / 2);
        continue;
      }
      assertAlong(start, (k - 1) / 2.0);
      assertPlaneAngle(start);
      if (k > 2) {
        assertLaw(i -> planeShare(start.state(i)), u -> 1 - Math.pow(1 - u, k / 2.0 - 1));
      }
    }
  }

  @Test
  void normalOutputWeightsHaveTheVarianceOfTheirRadius() {
    for (int k : PATCHES) {
      ConvStart start = start(k, 3, Filter.SPHERE, Output.NORMAL);
      NormalDistribution law = NormalDistribution.of(0, RADIUS / Math.sqrt(k));
      assertLaw(i -> start.output(i)[k - 1], law::cumulativeProbability);
      assertLaw(i -> along(start.output(i)), law::cumulativeProbability);
      assertLaw(i -> start.state(i).mean(), law::cumulativeProbability);
      assertLaw(
          i -> Math.pow(norm(start.output(i)) / RADIUS, 2) * k,
          ChiSquaredDistribution.of(k)::cumulativeProbability);
    }
  }

  @Test
  void zeroIsZero() {
    for (int k : PATCHES) {
      assertArrayEquals(new double[k], start(k, 3, Filter.SPHERE, Output.ZERO).output(3), "k " + k);
    }
  }

  /** A component along a fixed direction: (d·a∕R)² is Beta(½, b) and its sign fair. */
  private static void assertAlong(ConvStart start, double b) {
    BetaDistribution law = BetaDistribution.of(0.5, b);
    assertLaw(
        i -> along(start.output(i)) / RADIUS,
        x -> 0.5 + Math.signum(x) * law.cumulativeProbability(Math.min(1, x * x)) / 2);
  }

  private static void assertPlaneAngle(ConvStart start) {
    assertLaw(
        i -> Math.atan2(start.state(i).contrast(), start.state(i).mean()),
        angle -> (angle + Math.PI) / (2 * Math.PI));
  }

  private static double planeShare(ConvState state) {
    double inPlane = state.mean() * state.mean() + state.contrast() * state.contrast();
    return inPlane / (RADIUS * RADIUS);
  }

  /** The component along a unit vector that has nothing to do with the teacher. */
  private static double along(double[] vector) {
    double[] direction = normals(new SplittableRandom(vector.length), vector.length);
    double sum = 0;
    for (int i = 0; i < vector.length; i++) {
      sum += direction[i] * vector[i];
    }
    return sum / norm(direction);
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static void assertLaw(LongToDoubleFunction quantity, DoubleUnaryOperator cumulative) {
    Samples.assertDistribution(
        LongStream.range(0, RESTARTS).mapToDouble(quantity).toArray(), cumulative);
  }

  @ParameterizedTest
  @EnumSource
  void aQuadrupleIsOneStartWithAllSigns(Filter filter) {
    ConvStart start = new ConvStart(cell(3, 5, filter, Output.BALL, true).build());
    for (long first = 0; first < 40; first += 4) {
      double[] v = start.filter(first);
      double[] a = start.output(first);
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(scaled(v, (i & 1) == 0 ? 1 : -1), start.filter(first + i), 0);
        assertArrayEquals(scaled(a, (i & 2) == 0 ? 1 : -1), start.output(first + i), 0);
      }
      assertNotEquals(start.state(first), start.state(first + 4));
    }
  }

  private static double[] scaled(double[] vector, double factor) {
    double[] result = vector.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }

  /**
   * The parts of a start, of neighbours and of far restarts are pairwise uncorrelated. In the
   * normal law all are independent.
   */
  @Test
  void partsAndNeighboursAreIndependent() {
    ConvStart start = start(13, 5, Filter.NORMAL, Output.NORMAL);
    List<LongToDoubleFunction> parts = new ArrayList<>();
    for (long away : new long[] {0, 1, 4, 1L << 32}) {
      parts.add(i -> start.state(i + away).x());
      parts.add(i -> start.state(i + away).y());
      parts.add(i -> start.state(i + away).mean());
      parts.add(i -> start.state(i + away).contrast());
      parts.add(i -> start.state(i + away).rest());
    }
    List<double[]> samples = new ArrayList<>();
    for (LongToDoubleFunction part : parts) {
      samples.add(LongStream.range(0, 2000).mapToDouble(part).toArray());
    }
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        double sigmas = correlation(samples.get(i), samples.get(j)) * Math.sqrt(2000);
        // 190 pairs at 6: 4·10⁻⁷ together.
        assertTrue(Math.abs(sigmas) < 6, "parts " + i + ", " + j + ": " + sigmas);
      }
    }
  }

  private static double correlation(double[] a, double[] b) {
    double[] sums = new double[5];
    for (int i = 0; i < a.length; i++) {
      sums[0] += a[i];
      sums[1] += b[i];
      sums[2] += a[i] * a[i];
      sums[3] += b[i] * b[i];
      sums[4] += a[i] * b[i];
    }
    double n = a.length;
    double covariance = sums[4] - sums[0] * sums[1] / n;
    return covariance
        / Math.sqrt((sums[2] - sums[0] * sums[0] / n) * (sums[3] - sums[1] * sums[1] / n));
  }

  @Test
  void commonStreamsStartAllCellsAlike() {
    ConvExperiment one = cell(3, 5, Filter.SPHERE, Output.BALL, false).stepSize(0.01).build();
    ConvCell other = cell(3, 5, Filter.SPHERE, Output.BALL, false).stepSize(0.02);
    assertNotEquals(new ConvStart(one).state(3), new ConvStart(other.build()).state(3));
    ConvExperiment common =
        cell(3, 5, Filter.SPHERE, Output.BALL, false)
            .stepSize(0.01)
            .streams(Streams.COMMON)
            .build();
    assertEquals(
        new ConvStart(common).state(3),
        new ConvStart(other.streams(Streams.COMMON).build()).state(3));
  }
}
