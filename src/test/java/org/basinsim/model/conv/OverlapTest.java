package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The closed forms of overlapping patches against samples, differences and what is known. */
class OverlapTest {
  private record Case(Teacher teacher, int stride, Activation activation) {
    Overlap overlap() {
      return new Overlap(teacher, stride, activation);
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(20);
    for (int k : new int[] {1, 2, 3, 7}) {
      for (int p : new int[] {2, 3, 5}) {
        for (int stride = 1; stride <= Math.min(3, p); stride++) {
          double[] output = new double[k];
          Arrays.fill(output, 1.0 / k);
          Teacher teacher = Teacher.of(Networks.normals(random, p), output);
          cases.add(new Case(teacher, stride, Activation.RELU));
          cases.add(new Case(teacher, stride, new Activation(0.3)));
        }
        cases.add(new Case(Teacher.average(k, p, 1.7), 1, new Activation(0.9)));
      }
    }
    return cases;
  }

  @Test
  void theLossIsTheMeanOverGaussianInputs() {
    SplittableRandom random = new SplittableRandom(21);
    for (Case c : cases()) {
      int k = c.teacher.patches();
      int p = c.teacher.patchSize();
      double[] w = Networks.normals(random, p);
      double[] filter = c.teacher.filter();
      double[] losses = new double[10_000];
      for (int i = 0; i < losses.length; i++) {
        double[] x = Networks.normals(random, (k - 1) * c.stride + p);
        double residual = 0;
        for (int j = 0; j < k; j++) {
          double student = 0;
          double label = 0;
          for (int at = 0; at < p; at++) {
            student += w[at] * x[j * c.stride + at];
            label += filter[at] * x[j * c.stride + at];
          }
          double slope = c.activation.slope();
          residual += Math.max(student, slope * student) / k;
          residual -= Math.max(label, slope * label) / k;
        }
        losses[i] = residual * residual;
      }
      LearnedTest.assertMean(losses, c.overlap().loss(w));
    }
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    SplittableRandom random = new SplittableRandom(22);
    for (Case c : cases()) {
      Overlap overlap = c.overlap();
      double[] w = Networks.normals(random, c.teacher.patchSize());
      LearnedTest.assertDerivatives(overlap::loss, w, overlap.gradient(w));
    }
  }

  @Test
  void withoutOverlapItIsAverage() {
    SplittableRandom random = new SplittableRandom(23);
    for (int k : new int[] {1, 2, 3, 7}) {
      for (int p : new int[] {2, 3, 5}) {
        double slope = 0.1 * (p - 2);
        Teacher teacher = Teacher.average(k, p, 1.7);
        Overlap overlap = new Overlap(teacher, p, new Activation(slope));
        Average average = new Average(teacher, slope);
        double[] w = Networks.normals(random, p);
        // Sums of at most 49 numbers below 50: 49·50·2⁻⁵³ = 3·10⁻¹³.
        assertEquals(average.loss(teacher.project(w)), overlap.loss(w), 1e-12);
        assertArrayEquals(average.gradient(teacher, w), overlap.gradient(w), 1e-12);
        assertEquals(Average.divergentStepSize(k, slope), overlap.divergentStepSize(), 1e-12);
      }
    }
  }

  @Test
  void theTeacherIsAMinimumOfLossZero() {
    for (Case c : cases()) {
      Overlap overlap = c.overlap();
      double[] w = c.teacher.filter();
      assertEquals(0, overlap.loss(w), 1e-13);
      assertArrayEquals(new double[w.length], overlap.gradient(w), 1e-13);
      assertTrue(overlap.curvesUpwards(w));
    }
  }

  /** Curvature along w* is 2 E f*² ∕ ‖w*‖², and E f*² is the loss of a student that is almost 0. */
  @Test
  void descentDivergesBeyondTheStatedStepSize() {
    for (Case c : cases()) {
      Overlap overlap = c.overlap();
      double[] w = c.teacher.filter();
      double[][] hessian = overlap.hessian(w);
      double along = 0;
      for (int i = 0; i < w.length; i++) {
        for (int j = 0; j < w.length; j++) {
          along += w[i] * hessian[i][j] * w[j];
        }
      }
      double norm = overlap.teacherNorm();
      // Differences over h = 10⁻⁶ of a gradient with kinks of second order.
      assertEquals(2 / overlap.divergentStepSize(), along / (norm * norm), 1e-5);
    }
  }

  @Test
  void theBadMinimumLiesWhereThePaperSays() {
    for (int k : new int[] {2, 3, 5, 10, 20}) {
      for (double u : new double[] {1, -0.3}) {
        double c = Overlap.badMinimum(k);
        Overlap overlap = new Overlap(Teacher.of(new double[] {-u, u}, ones(k)), 1);
        double[] bad = {c * u, -c * u};
        assertArrayEquals(new double[2], overlap.gradient(bad), 1e-14);
        assertTrue(overlap.curvesUpwards(bad));
        assertTrue(overlap.loss(bad) > 0.01 * u * u / k);
      }
    }
    assertEquals(0.549, Overlap.badMinimum(2), 5e-4);
    assertEquals(0.7545, Overlap.badMinimum(3), 5e-5);
  }

  /** Without overlap −(β∕γ) w* is stationary and flat beside w*. */
  @Test
  void aDegenerateSaddleIsNoMinimum() {
    for (int k : new int[] {2, 3, 7}) {
      Teacher teacher = Teacher.average(k, 3, 1);
      Overlap overlap = new Overlap(teacher, 3);
      double[] saddle = {-new Average(teacher).saddle(), 0, 0};
      assertArrayEquals(new double[3], overlap.gradient(saddle), 1e-14);
      assertFalse(overlap.curvesUpwards(saddle));
    }
  }

  private static double[] ones(int k) {
    double[] ones = new double[k];
    Arrays.fill(ones, 1.0 / k);
    return ones;
  }
}
