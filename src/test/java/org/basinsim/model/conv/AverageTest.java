package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The closed forms of BG17 against samples, differences and full vectors. */
class AverageTest {
  private static List<Teacher> teachers() {
    List<Teacher> teachers = new ArrayList<>();
    for (int k : Networks.PATCHES) {
      for (int p : Networks.PATCH_SIZES) {
        teachers.add(Teacher.average(k, p, 1));
        teachers.add(Teacher.average(k, p, 2.3));
      }
    }
    return teachers;
  }

  @Test
  void theLossIsTheMeanOverGaussianInputs() {
    SplittableRandom random = new SplittableRandom(8);
    for (Teacher teacher : teachers()) {
      int k = teacher.patches();
      double[] w = Networks.normals(random, teacher.patchSize());
      double[] losses = new double[10_000];
      for (int i = 0; i < losses.length; i++) {
        double residual = 0;
        for (int j = 0; j < k; j++) {
          double[] z = Networks.normals(random, w.length);
          double student = 0;
          double label = 0;
          for (int c = 0; c < w.length; c++) {
            student += w[c] * z[c];
            label += teacher.filter()[c] * z[c];
          }
          residual += (Math.max(student, 0) - Math.max(label, 0)) / k;
        }
        losses[i] = residual * residual;
      }
      LearnedTest.assertMean(losses, new Average(teacher).loss(teacher.project(w)));
    }
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    SplittableRandom random = new SplittableRandom(9);
    for (Teacher teacher : teachers()) {
      Average average = new Average(teacher);
      double[] w = Networks.normals(random, teacher.patchSize());
      LearnedTest.assertDerivatives(
          v -> average.loss(teacher.project(v)), w, average.gradient(teacher, w));
    }
  }

  @Test
  void aStepIsThatOfTheFullVectors() {
    SplittableRandom random = new SplittableRandom(10);
    for (Teacher teacher : teachers()) {
      Average average = new Average(teacher);
      double eta = 0.6 * Average.divergentStepSize(teacher.patches());
      double[] w = Networks.normals(random, teacher.patchSize());
      for (int t = 0; t < 60; t++) {
        ConvState before = teacher.project(w);
        double[] gradient = average.gradient(teacher, w);
        for (int i = 0; i < w.length; i++) {
          w[i] -= eta * gradient[i];
        }
        ConvState after = average.step(before, eta);
        // Sums of up to 17 products of numbers below 10: 17·10·2⁻⁵³ = 2·10⁻¹⁴.
        assertArrayEquals(teacher.project(w).toArray(), after.toArray(), 1e-13);
        assertEquals(distance(w, teacher.filter()), average.distance(after), 1e-13);
      }
    }
  }

  private static double distance(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return Networks.norm(difference);
  }

  @Test
  void theTeacherIsAMinimumOfLossZero() {
    SplittableRandom random = new SplittableRandom(11);
    for (Teacher teacher : teachers()) {
      Average average = new Average(teacher);
      ConvState at = teacher.project(teacher.filter());
      assertEquals(0, average.loss(at), 1e-14);
      assertArrayEquals(new double[2], average.gradient(at), 1e-14);
      for (int i = 0; i < 100; i++) {
        double[] w = teacher.filter();
        for (int c = 0; c < w.length; c++) {
          w[c] += 0.01 * random.nextGaussian();
        }
        // The curvature is at least 1∕k² there: 10⁻⁴∕k² above zero is far beyond rounding.
        assertTrue(average.loss(teacher.project(w)) > 0);
      }
    }
  }

  /** −(β∕γ) w*: stationary; the loss rises along w* and falls beside it, to third order only. */
  @Test
  void theSaddleLiesOppositeTheTeacher() {
    for (int k : new int[] {2, 3, 13}) {
      for (double norm : new double[] {1, 2.3}) {
        Average average = new Average(Teacher.average(k, 3, norm));
        double beta = (k * k - k) / (2 * Math.PI);
        double x = -beta / (beta + k / 2.0) * norm;
        assertEquals(-x / norm, average.saddle(), 1e-15);
        assertArrayEquals(new double[2], average.gradient(state(x, 0)), 1e-15);
        double there = average.loss(state(x, 0));
        assertTrue(average.loss(state(0.99 * x, 0)) > there);
        assertTrue(average.loss(state(1.01 * x, 0)) > there);
        double tenth = there - lossOnTheArc(average, x, 0.1);
        double fifth = there - lossOnTheArc(average, x, 0.2);
        // Degenerate: κ falls as the cube of the angle left, so twice the angle is eight times.
        assertTrue(tenth > 0);
        assertEquals(8, fifth / tenth, 0.1);
      }
    }
  }

  private static double lossOnTheArc(Average average, double x, double angleLeft) {
    return average.loss(state(x * Math.cos(angleLeft), -x * Math.sin(angleLeft)));
  }

  /** 0 is a local maximum for k > 1. */
  @Test
  void zeroIsAMaximum() {
    for (int k : new int[] {2, 13}) {
      Average average = new Average(Teacher.average(k, 3, 1));
      // g(0)-free value at w = 0: γ‖w*‖²∕k².
      double zero = ((k * k - k) / (2 * Math.PI) + k / 2.0) / (k * k);
      for (double angle = 0; angle < 3.2; angle += 0.1) {
        assertTrue(average.loss(state(1e-3 * Math.cos(angle), 1e-3 * Math.sin(angle))) < zero);
      }
    }
  }

  /** Just above k²∕γ descent leaves the teacher's neighbourhood, just below it settles there. */
  @Test
  void theDivergentStepSizeIsTheEdge() {
    for (int k : new int[] {1, 2, 13, 100}) {
      Average average = new Average(Teacher.average(k, 3, 1));
      double edge = Average.divergentStepSize(k);
      assertTrue(farthest(average, 1.005 * edge) > 0.5);
      assertEquals(1e-3, farthest(average, 0.995 * edge), 1e-12);
    }
  }

  /** The largest distance over 2000 steps: 1.01^2000 = 4·10⁸, times 10⁻³ at the start. */
  private static double farthest(Average average, double eta) {
    ConvState state = state(1.001, 0);
    double farthest = 0;
    for (int t = 0; t < 2000; t++) {
      farthest = Math.max(farthest, average.distance(state));
      state = average.step(state, eta);
    }
    return farthest;
  }

  private static ConvState state(double x, double y) {
    return new ConvState(x, y, 0, 0, 0);
  }
}
