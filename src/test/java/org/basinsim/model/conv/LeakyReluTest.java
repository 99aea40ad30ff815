package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.basinsim.model.Outcome;
import org.junit.jupiter.api.Test;

/** The closed forms with leaky ReLU against samples, differences and their own minima. */
class LeakyReluTest {
  private static final double[] SLOPES = {0.01, 0.3, 0.9};

  private static double activation(double z, double slope) {
    return Math.max(z, slope * z);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void theLossesAreMeansOverGaussianInputs() {
    SplittableRandom random = new SplittableRandom(21);
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Teacher learned = Teacher.ofRatio(k, 3, 1.7, 0.6, k == 1 ? 1 : 0.7);
        Teacher averaged = Teacher.average(k, 3, 1.7);
        double[] v = Networks.normals(random, 3);
        double[] a = Networks.normals(random, k);
        double[] learnedLosses = new double[20_000];
        double[] averageLosses = new double[learnedLosses.length];
        for (int i = 0; i < learnedLosses.length; i++) {
          double residual = 0;
          double mean = 0;
          for (int j = 0; j < k; j++) {
            double[] z = Networks.normals(random, 3);
            double label = activation(dot(learned.filter(), z), slope);
            residual += a[j] * activation(dot(v, z) / Networks.norm(v), slope);
            residual -= learned.output()[j] * label;
            mean += (activation(dot(v, z), slope) - label) / k;
          }
          learnedLosses[i] = residual * residual / 2;
          averageLosses[i] = mean * mean;
        }
        LearnedTest.assertMean(
            learnedLosses, new LearnedReduction(learned, 0.05, slope).loss(learned.project(v, a)));
        LearnedTest.assertMean(
            averageLosses, new Average(averaged, slope).loss(averaged.project(v)));
      }
    }
  }

  @Test
  void theGradientWithAverageOutputIsThatOfTheLoss() {
    SplittableRandom random = new SplittableRandom(22);
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Teacher teacher = Teacher.average(k, 3, 2.3);
        Average average = new Average(teacher, slope);
        double[] w = Networks.normals(random, 3);
        LearnedTest.assertDerivatives(
            v -> average.loss(teacher.project(v)), w, average.gradient(teacher, w));
        assertEquals(0, average.loss(teacher.project(teacher.filter())), 1e-14);
      }
    }
  }

  private static ConvState at(double angle, double mean, double contrast, double rest) {
    return new ConvState(Math.cos(angle), Math.sin(angle), mean, contrast, rest);
  }

  /** Below the threshold every state nearby is worse, above it turning the filter is better. */
  @Test
  void theSpuriousPointIsAMinimumUpToItsThreshold() {
    SplittableRandom random = new SplittableRandom(23);
    int minima = 0;
    int saddles = 0;
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        for (double ratio : k == 1 ? new double[] {1} : new double[] {0, 0.3 * k, 0.7 * k, k}) {
          Teacher teacher = Teacher.ofRatio(k, 3, 1.7, 0.6, ratio);
          LearnedReduction population = new LearnedReduction(teacher, 0.05, slope);
          double mean = population.spuriousMean();
          double contrast = population.spuriousContrast();
          double loss = population.loss(at(Math.PI, mean, contrast, 0));
          assertTrue(loss > 1e-6, "loss " + loss);
          assertEquals(0, population.spuriousDistance(at(Math.PI, mean, contrast, 0)));
          for (int i = 0; i < 200; i++) {
            // Output weights alone: a quadratic with its minimum there.
            ConvState beside =
                at(
                    Math.PI,
                    mean + 1e-3 * random.nextGaussian(),
                    contrast + 1e-3 * random.nextGaussian(),
                    1e-3 * random.nextDouble());
            assertTrue(population.loss(beside) >= loss - 1e-14);
          }
          double turned = population.loss(at(Math.PI - 0.01, mean, contrast, 0));
          if (population.spuriousIsMinimum()) {
            assertTrue(turned > loss, slope + " " + k + " " + ratio);
            minima++;
          } else {
            assertTrue(turned < loss, slope + " " + k + " " + ratio);
            saddles++;
          }
        }
      }
    }
    assertTrue(minima > 3 && saddles > 3, minima + " minima, " + saddles + " saddles");
  }

  /** As differences of the loss, whose samples are above, say. */
  @Test
  void theReductionStepsAlongTheGradientInFullDimension() {
    SplittableRandom random = new SplittableRandom(24);
    double eta = 0.3;
    for (double slope : SLOPES) {
      Activation activation = new Activation(slope);
      for (int k : Networks.PATCHES) {
        Teacher teacher = Teacher.ofRatio(k, 3, 1.7, 0.6, k == 1 ? 1 : 0.7);
        LearnedReduction reduction = new LearnedReduction(teacher, eta, slope);
        double[] v = Networks.normals(random, 3);
        double[] a = Networks.normals(random, k);
        double[] dv = Learned.filterGradient(teacher, activation, v, a);
        double[] da = Learned.outputGradient(teacher, activation, v, a);
        assertEquals(
            reduction.loss(teacher.project(v, a)), Learned.loss(teacher, activation, v, a), 1e-13);
        LearnedTest.assertDerivatives(w -> Learned.loss(teacher, activation, w, a), v, dv);
        LearnedTest.assertDerivatives(b -> Learned.loss(teacher, activation, v, b), a, da);
        ConvState expected = teacher.project(sum(v, -eta, dv), sum(a, -eta, da));
        // Sums of k products of order one.
        assertArrayEquals(
            expected.toArray(), reduction.step(teacher.project(v, a)).toArray(), 1e-13);
      }
    }
  }

  private static double[] sum(double[] one, double factor, double[] other) {
    double[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * other[i];
    }
    return sum;
  }

  @Test
  void theSpuriousLossIsThatOfTheSpuriousPoint() {
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Teacher teacher = Teacher.ofRatio(k, 3, 1.7, 0.6, k == 1 ? 1 : 0.7);
        LearnedReduction population = new LearnedReduction(teacher, 0.05, slope);
        ConvState there = at(Math.PI, population.spuriousMean(), population.spuriousContrast(), 0);
        assertEquals(population.loss(there), population.spuriousLoss(), 1e-13);
        ConvState next = population.step(there);
        assertArrayEquals(there.toArray(), next.toArray(), 1e-13);
      }
    }
  }

  /** The saddle is one where α < (k−1)(1−α)²∕2π, and nothing else holds a restart back. */
  @Test
  void averageOutputHasNoMinimumButTheTeacher() {
    SplittableRandom random = new SplittableRandom(25);
    int saddles = 0;
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Average average = new Average(Teacher.average(k, 3, 1.7), slope);
        double x = -1.7 * average.saddle();
        if (x < 0) {
          saddles++;
          ConvState there = new ConvState(x, 0, 0, 0, 0);
          assertArrayEquals(new double[2], average.gradient(there), 1e-14);
          ConvState turned = new ConvState(x * Math.cos(1e-3), -x * Math.sin(1e-3), 0, 0, 0);
          assertTrue(average.loss(turned) < average.loss(there));
        }
        // Nowhere does the loss rise towards the teacher along an arc.
        for (double angle = 3.1; angle > 0.1; angle -= 0.1) {
          double n = Math.exp(random.nextDouble(-2, 2));
          assertTrue(
              average.loss(
                      new ConvState(n * Math.cos(angle - 0.1), n * Math.sin(angle - 0.1), 0, 0, 0))
                  < average.loss(new ConvState(n * Math.cos(angle), n * Math.sin(angle), 0, 0, 0)));
        }
        for (int i = 0; i < 20; i++) {
          double angle = Math.PI * random.nextDouble();
          ConvState state = new ConvState(Math.cos(angle), Math.sin(angle), 0, 0, 0);
          for (int t = 0; t < 5000 && average.distance(state) > 0.05; t++) {
            state = average.step(state, 0.2 * Average.divergentStepSize(k, slope));
          }
          assertTrue(average.distance(state) <= 0.05, slope + " " + k + " " + state);
        }
      }
    }
    // b = 0.064, 3.8, 565 against k − 1 = 0, 1, 12.
    assertEquals(3, saddles);
  }

  /**
   * Starts of every angle, filters short and long: what is certain early is what waiting finds. The
   * many are in the validation of the verdict.
   */
  @Test
  void verdictsAreWhatWaitingFinds() {
    SplittableRandom random = new SplittableRandom(26);
    int certain = 0;
    int spurious = 0;
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Teacher teacher = Teacher.ofRatio(k, 3, 1, 1, k == 1 ? 1 : 0.4 * k);
        for (double part : new double[] {0.1, 0.6, 0.9}) {
          double eta =
              part
                  * Math.min(
                      LearnedReduction.divergentStepSize(k, slope),
                      LearnedReduction.largestVerdictStepSize(slope));
          LearnedReduction reduction = new LearnedReduction(teacher, eta, slope);
          for (int i = 0; i < 60; i++) {
            double angle = Math.PI * random.nextDouble();
            double n = Math.exp(random.nextDouble(-1, 1));
            ConvState start =
                new ConvState(
                    n * Math.cos(angle),
                    n * Math.sin(angle),
                    2 * random.nextGaussian() * teacher.mean(),
                    k == 1 ? 0 : random.nextGaussian(),
                    0);
            Outcome verdict = reduction.descend(start, 20_000);
            if (verdict == Outcome.UNDECIDED) {
              continue;
            }
            ConvState end = start;
            for (int t = 0; t < 20_000 && near(reduction, end) == Outcome.UNDECIDED; t++) {
              end = reduction.step(end);
            }
            assertEquals(verdict, near(reduction, end), slope + " " + k + " " + eta + start);
            certain++;
            spurious += verdict == Outcome.SPURIOUS ? 1 : 0;
          }
        }
      }
    }
    assertTrue(certain > 1500 && spurious > 300, certain + ", of which spurious " + spurious);
  }

  private static Outcome near(LearnedReduction reduction, ConvState state) {
    return ConvCell.learned(2, 2, 1).near(0.05, 0.1).build().rule().near(reduction, state);
  }

  /** At the bound the mean of the output weights, and the filter, are just about to grow. */
  @Test
  void divergentStepSizesAreTwoOverTheLargestCurvature() {
    double h = 1e-3;
    for (double slope : SLOPES) {
      for (int k : Networks.PATCHES) {
        Teacher teacher = Teacher.ofRatio(k, 3, 1, 1, k);
        LearnedReduction learned = new LearnedReduction(teacher, 0.05, slope);
        double curvature =
            (learned.loss(at(1, h, 0, 0))
                    - 2 * learned.loss(at(1, 0, 0, 0))
                    + learned.loss(at(1, -h, 0, 0)))
                / (h * h);
        // A quadratic: only rounding, 4·10·2⁻⁵³∕h².
        assertEquals(2 / curvature, LearnedReduction.divergentStepSize(k, slope), 1e-7 / curvature);
        Average average = new Average(Teacher.average(k, 3, 1), slope);
        double radial =
            (average.gradient(new ConvState(3, 0, 0, 0, 0))[0]
                    - average.gradient(new ConvState(1, 0, 0, 0, 0))[0])
                / 2;
        assertEquals(2 / radial, Average.divergentStepSize(k, slope), 1e-12);
      }
    }
  }
}
