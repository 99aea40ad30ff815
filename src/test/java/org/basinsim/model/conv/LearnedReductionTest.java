package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.basinsim.model.Outcome;
import org.junit.jupiter.api.Test;

/** The five scalars against the vectors they stand for. */
class LearnedReductionTest {
  /** Sums of up to 17 products of numbers below 10: 17·10·2⁻⁵³ = 2·10⁻¹⁴. */
  private static final double ROUNDING = 1e-13;

  @Test
  void aStepIsThatOfTheFullVectors() {
    SplittableRandom random = new SplittableRandom(3);
    for (Teacher teacher : Networks.teachers()) {
      double eta = 0.9 * LearnedReduction.divergentStepSize(teacher.patches());
      LearnedReduction reduction = new LearnedReduction(teacher, eta);
      double[] v = Networks.normals(random, teacher.patchSize());
      double[] a = Networks.normals(random, teacher.patches());
      for (int t = 0; t < 60; t++) {
        ConvState before = teacher.project(v, a);
        assertEquals(Learned.loss(teacher, v, a), reduction.loss(before), ROUNDING);
        descend(teacher, v, a, eta);
        assertStates(teacher.project(v, a), reduction.step(before), ROUNDING);
      }
    }
  }

  private static void descend(Teacher teacher, double[] v, double[] a, double eta) {
    double[] filterGradient = Learned.filterGradient(teacher, v, a);
    double[] outputGradient = Learned.outputGradient(teacher, v, a);
    for (int i = 0; i < v.length; i++) {
      v[i] -= eta * filterGradient[i];
    }
    for (int j = 0; j < a.length; j++) {
      a[j] -= eta * outputGradient[j];
    }
  }

  static void assertStates(ConvState expected, ConvState actual, double tolerance) {
    assertArrayEquals(
        expected.toArray(), actual.toArray(), tolerance * Math.max(1, expected.filterNorm()));
  }

  @Test
  void distancesAreThoseOfTheVectors() {
    SplittableRandom random = new SplittableRandom(4);
    for (Teacher teacher : Networks.teachers()) {
      LearnedReduction reduction = new LearnedReduction(teacher, 0.05);
      double[] a = Networks.normals(random, teacher.patches());
      double[] b = teacher.scaledOutput();
      double[] spurious = SpuriousMinimumTest.spuriousOutput(teacher);
      double product = 0;
      double toTeacher = 0;
      double toSpurious = 0;
      for (int j = 0; j < a.length; j++) {
        product += a[j] * b[j];
        toTeacher += (a[j] - b[j]) * (a[j] - b[j]);
        toSpurious += (a[j] - spurious[j]) * (a[j] - spurious[j]);
      }
      ConvState state = teacher.project(teacher.filter(), a);
      assertEquals(product, reduction.product(state), ROUNDING);
      assertEquals(Math.sqrt(toTeacher), reduction.outputDistance(state), ROUNDING);
      assertEquals(Math.sqrt(toSpurious), reduction.spuriousDistance(state), ROUNDING);
      assertEquals(Networks.norm(b), reduction.teacherNorm(), ROUNDING);
    }
  }

  /** Just above 4π∕(k+π−1) the mean grows without bound, just below it stays where it is. */
  @Test
  void theDivergentStepSizeIsTheEdge() {
    for (int k : new int[] {1, 2, 13, 100}) {
      Teacher teacher = Teacher.ofRatio(k, 6, 1, 1, 1);
      double edge = LearnedReduction.divergentStepSize(k);
      // 2000 steps multiply the mean's distance by 1.01^2000 = 4·10⁸, or by 0.99^2000.
      assertTrue(afterSteps(teacher, 1.005 * edge).diverged());
      ConvState below = afterSteps(teacher, 0.995 * edge);
      assertFalse(below.diverged());
      assertTrue(Math.abs(below.mean()) <= 3 * teacher.mean());
    }
  }

  private static ConvState afterSteps(Teacher teacher, double eta) {
    LearnedReduction reduction = new LearnedReduction(teacher, eta);
    // Next to the teacher, so that nothing but the mean can move much.
    ConvState state = new ConvState(1e3, 1, 1.1 * teacher.mean(), teacher.contrast(), 0);
    for (int t = 0; t < 2000 && !state.diverged(); t++) {
      state = reduction.step(state);
    }
    return state;
  }

  @Test
  void descentEndsWithinItsBudgetOrSaysThatItDiverged() {
    Teacher teacher = Teacher.ofRatio(13, 6, 1, 1, 2);
    LearnedReduction reduction = new LearnedReduction(teacher, 0.05);
    ConvState start = new ConvState(-0.1, 1, 0, 0.01, 0);
    assertEquals(Outcome.UNDECIDED, reduction.descend(start, 1));
    assertEquals(Outcome.GLOBAL, reduction.descend(start, 10_000));
    ConvState far = new ConvState(Double.NaN, 1, 0, 0, 0);
    assertEquals(Outcome.DIVERGED, reduction.descend(far, 10));
  }
}
