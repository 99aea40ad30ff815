package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The critical points of DU18: the one opposite the teacher, and the saddles. */
class SpuriousMinimumTest {
  /** a_sp = ‖w*‖∕(π−1) · [π S*∕(k+π−1) · 1 − a*]. */
  static double[] spuriousOutput(Teacher teacher) {
    double[] a = teacher.output();
    double k = a.length;
    double mean = Math.PI * Networks.sum(a) / (k + Math.PI - 1);
    for (int j = 0; j < a.length; j++) {
      a[j] = teacher.filterNorm() / (Math.PI - 1) * (mean - a[j]);
    }
    return a;
  }

  private static double[] opposite(Teacher teacher) {
    double[] v = teacher.filter();
    for (int i = 0; i < v.length; i++) {
      v[i] = -v[i];
    }
    return v;
  }

  @Test
  void bothGradientsVanishThereAndTheLossIsTheClosedForm() {
    for (Teacher teacher : Networks.teachers()) {
      double[] v = opposite(teacher);
      double[] a = spuriousOutput(teacher);
      assertArrayEquals(new double[v.length], Learned.filterGradient(teacher, v, a), 1e-14);
      // Sums of up to 13 numbers below 10.
      assertArrayEquals(new double[a.length], Learned.outputGradient(teacher, v, a), 1e-13);
      LearnedReduction reduction = new LearnedReduction(teacher, 0.05);
      assertEquals(Learned.loss(teacher, v, a), reduction.spuriousLoss(), 1e-13);
      ConvState state = teacher.project(v, a);
      assertEquals(0, reduction.spuriousDistance(state), 1e-13);
      assertEquals(reduction.spuriousMean(), state.mean(), 1e-13);
      assertEquals(reduction.spuriousContrast(), state.contrast(), 1e-13);
    }
  }

  @Test
  void theTeacherIsCriticalWithLossZero() {
    for (Teacher teacher : Networks.teachers()) {
      double[] v = teacher.filter();
      double[] a = teacher.scaledOutput();
      assertArrayEquals(new double[v.length], Learned.filterGradient(teacher, v, a), 1e-13);
      assertArrayEquals(new double[a.length], Learned.outputGradient(teacher, v, a), 1e-13);
      assertEquals(0, Learned.loss(teacher, v, a), 1e-13);
    }
  }

  @Test
  void outputWeightsRelaxedOppositeTheTeacherHaveTheClosedFormLoss() {
    SplittableRandom random = new SplittableRandom(5);
    for (Teacher teacher : Networks.teachers()) {
      double[] v = opposite(teacher);
      double[] a = Networks.normals(random, teacher.patches());
      double eta = 0.5 * LearnedReduction.divergentStepSize(a.length);
      // The slowest direction contracts by 1 − η(π−1)∕2π ≤ 0.87 a step: 0.87^400 = 10⁻²⁴.
      for (int t = 0; t < 400; t++) {
        double[] gradient = Learned.outputGradient(teacher, v, a);
        for (int j = 0; j < a.length; j++) {
          a[j] -= eta * gradient[j];
        }
      }
      assertArrayEquals(spuriousOutput(teacher), a, 1e-13);
      LearnedReduction reduction = new LearnedReduction(teacher, 0.05);
      assertEquals(reduction.spuriousLoss(), Learned.loss(teacher, v, a), 1e-13);
    }
  }

  /**
   * The loss falls away from φ = π as q g(φ)∕2π with g of third order, so second derivatives say
   * nothing: the sign is read from the loss with the output weights at their best for an angle near
   * π, and below the threshold from random points around.
   */
  @Test
  void itIsAMinimumExactlyBelowTheThreshold() {
    for (int k : new int[] {2, 3, 13, 100}) {
      double threshold = (k + Math.PI - 1) / Math.PI;
      for (double factor : new double[] {0.5, 0.99, 1.01}) {
        Teacher teacher = Teacher.ofRatio(k, 3, 1.3, 0.8, factor * threshold);
        LearnedReduction reduction = new LearnedReduction(teacher, 0.05);
        boolean minimum = factor < 1;
        assertEquals(minimum, reduction.spuriousIsMinimum());
        // g(π − 0.05) = 4·10⁻⁵ and q is 0.01 of the unit: a difference of 10⁻⁸, far above rounding.
        double near = bestLoss(teacher, Math.PI - 0.05);
        assertTrue(minimum ? near > reduction.spuriousLoss() : near < reduction.spuriousLoss());
        assertEquals(minimum, lowestAround(teacher) >= reduction.spuriousLoss());
      }
    }
  }

  @Test
  void withOnePatchNothingIsSpurious() {
    assertFalse(new LearnedReduction(Teacher.ofRatio(1, 3, 1, 1, 1), 0.05).spuriousIsMinimum());
    Teacher teacher = Teacher.of(new double[] {0.1, 0.2, 0.7}, new double[] {-0.37});
    assertFalse(new LearnedReduction(teacher, 0.05).spuriousIsMinimum());
  }

  /** The lowest loss on lines through a_sp(φ) in the plane of w*, and at random points near by. */
  private static double lowestAround(Teacher teacher) {
    SplittableRandom random = new SplittableRandom(6);
    double lowest = bestLoss(teacher, Math.PI - 0.1);
    for (int i = 0; i < 2000; i++) {
      double[] v = opposite(teacher);
      double[] a = spuriousOutput(teacher);
      // Small enough to stay where q < 0 at 0.99 of the threshold, large enough that the gain of
      // third order, 0.005·size³∕6π, is far above rounding.
      double size = 0.01 + 0.02 * random.nextDouble();
      for (int c = 0; c < v.length; c++) {
        v[c] += size * random.nextGaussian();
      }
      for (int j = 0; j < a.length; j++) {
        a[j] += size * size * random.nextGaussian() / Math.sqrt(a.length);
      }
      lowest = Math.min(lowest, Learned.loss(teacher, v, a));
    }
    return lowest;
  }

  private static double bestLoss(Teacher teacher, double angle) {
    return new LearnedReduction(teacher, 0.05).loss(best(teacher, angle));
  }

  /** The state at an angle with the best output weights: where their gradient vanishes. */
  private static ConvState best(Teacher teacher, double angle) {
    double k = teacher.patches();
    double g = Learned.g(angle);
    return new ConvState(
        Math.cos(angle),
        Math.sin(angle),
        (k + g - 1) / (k + Math.PI - 1) * teacher.mean(),
        (g - 1) / (Math.PI - 1) * teacher.contrast(),
        0);
  }

  /** q = 0 with g(φ) = (1 − πr∕(k+π−1)) ∕ (1 − r∕(k+π−1)): critical, and no minimum. */
  @Test
  void saddlesLieWhereTheProductVanishes() {
    for (int k : new int[] {2, 13, 100}) {
      double r = 0.4 * (k + Math.PI - 1) / Math.PI;
      Teacher teacher = Teacher.ofRatio(k, 3, 1, 1, r);
      LearnedReduction reduction = new LearnedReduction(teacher, 0.01);
      double angle = angleOf((1 - Math.PI * r / (k + Math.PI - 1)) / (1 - r / (k + Math.PI - 1)));
      ConvState saddle = best(teacher, angle);
      assertEquals(0, reduction.product(saddle), 1e-14);
      assertArrayEquals(saddle.toArray(), reduction.step(saddle).toArray(), 1e-14);
      // Along the curve of best output weights ∂ℓ∕∂φ = (π−φ) sin φ q∕2π, and q falls with φ: the
      // loss falls on both sides. Off the curve it rises.
      assertTrue(bestLoss(teacher, angle - 0.01) < reduction.loss(saddle));
      assertTrue(bestLoss(teacher, angle + 0.01) < reduction.loss(saddle));
      ConvState off = new ConvState(saddle.x(), saddle.y(), saddle.mean(), saddle.contrast(), 0.01);
      assertTrue(reduction.loss(off) > reduction.loss(saddle));
    }
  }

  /** g falls from π to 0. */
  private static double angleOf(double g) {
    double low = 0;
    double high = Math.PI;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (Learned.g(middle) > g) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
