package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
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

  @Test
  void stepsAreLeftToReLU() {
    LearnedReduction population = new LearnedReduction(Teacher.ofRatio(2, 3, 1, 1, 1), 0.05, 0.1);
    assertThrows(IllegalStateException.class, () -> population.step(at(1, 1, 1, 0)));
    assertThrows(IllegalStateException.class, () -> population.verdict(at(1, 1, 1, 0)));
    assertThrows(
        IllegalArgumentException.class, () -> ConvCell.learned(2, 3, 1).slope(0.1).build());
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
