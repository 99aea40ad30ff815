package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TeacherTest {
  private static final double ROUNDING = 1e-13;

  @Test
  void aTeacherHasTheNormsAndTheRatioItWasAskedFor() {
    for (int k : new int[] {2, 13, 100}) {
      for (double ratio : new double[] {0, 0.3, 1, k}) {
        Teacher teacher = Teacher.ofRatio(k, 5, 1.7, 0.6, ratio);
        double sum = Networks.sum(teacher.output());
        assertEquals(1.7, Networks.norm(teacher.filter()), ROUNDING);
        assertEquals(1.7, teacher.filterNorm(), ROUNDING);
        assertEquals(0.6, Networks.norm(teacher.output()), ROUNDING);
        assertEquals(ratio, sum * sum / 0.36, 100 * ROUNDING);
        assertEquals(1.7 * sum / Math.sqrt(k), StartLaw.paperRadius(teacher), ROUNDING);
        // Decided without rounding, for the two ends are theorems of their own.
        assertEquals(ratio == 0, teacher.mean() == 0);
        assertEquals(ratio == k, teacher.contrast() == 0);
      }
    }
  }

  @Test
  void theAxesAreOrthonormalAndHoldTheTeacher() {
    for (Teacher teacher : Networks.teachers()) {
      double[] mean = teacher.meanAxis();
      double[] contrast = teacher.contrastAxis();
      double[] scaled = teacher.scaledOutput();
      double across = 0;
      for (int j = 0; j < mean.length; j++) {
        across += mean[j] * contrast[j];
        double inPlane = teacher.mean() * mean[j] + teacher.contrast() * contrast[j];
        assertEquals(scaled[j], inPlane, ROUNDING);
      }
      assertEquals(1, Networks.norm(mean), ROUNDING);
      assertEquals(mean.length == 1 ? 0 : 1, Networks.norm(contrast), ROUNDING);
      assertEquals(0, across, ROUNDING);
      assertTrue(teacher.mean() >= 0 && teacher.contrast() >= 0);
      double norm = Networks.norm(scaled);
      assertEquals(norm * norm, teacher.squaredOutput(), ROUNDING);
    }
  }

  @Test
  void projectionKeepsNormsAndAngles() {
    SplittableRandom random = new SplittableRandom(12);
    for (Teacher teacher : Networks.teachers()) {
      double[] v = Networks.normals(random, teacher.patchSize());
      double[] a = Networks.normals(random, teacher.patches());
      ConvState state = teacher.project(v, a);
      double along = 0;
      double product = 0;
      for (int i = 0; i < v.length; i++) {
        along += v[i] * teacher.filter()[i];
      }
      for (int j = 0; j < a.length; j++) {
        product += a[j] * teacher.scaledOutput()[j];
      }
      assertEquals(Networks.norm(v), state.filterNorm(), ROUNDING);
      assertEquals(Networks.norm(a), state.outputNorm(), ROUNDING);
      double cosine = along / Networks.norm(v) / Networks.norm(teacher.filter());
      assertEquals(cosine, Math.cos(state.angle()), ROUNDING);
      assertEquals(
          product,
          state.mean() * teacher.mean() + state.contrast() * teacher.contrast(),
          10 * ROUNDING);
      assertEquals(teacher.project(v), new ConvState(state.x(), state.y(), 0, 0, 0));
    }
  }

  @Test
  void theTeacherProjectsToItself() {
    for (Teacher teacher : Networks.teachers()) {
      ConvState state = teacher.project(teacher.filter(), teacher.scaledOutput());
      ConvState expected =
          new ConvState(teacher.filterNorm(), 0, teacher.mean(), teacher.contrast(), 0);
      LearnedReductionTest.assertStates(expected, state, ROUNDING);
    }
  }

  @Test
  void writtenOutOrByItsNormsATeacherIsTheSame() {
    Teacher byRatio = Teacher.ofRatio(13, 3, 1.7, 0.6, 2);
    Teacher written = Teacher.of(byRatio.filter(), byRatio.output());
    assertEquals(byRatio.mean(), written.mean(), ROUNDING);
    assertEquals(byRatio.contrast(), written.contrast(), ROUNDING);
    assertArrayEquals(byRatio.contrastAxis(), written.contrastAxis(), ROUNDING);
  }

  @Test
  void theAverageTeacherHasEqualWeights() {
    Teacher teacher = Teacher.average(13, 3, 2);
    assertEquals(1, Networks.sum(teacher.output()), ROUNDING);
    assertEquals(2 / Math.sqrt(13), teacher.mean(), ROUNDING);
    assertEquals(0, teacher.contrast());
  }
}
