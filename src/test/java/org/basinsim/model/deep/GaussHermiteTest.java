package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Moments of normals, which the quadrature gives exactly but for rounding. */
class GaussHermiteTest {

  /**
   * E u^{2k} = 1·3·…·(2k − 1)·σ^{2k}; the nodes' error of 10⁻¹⁵ counts 2k times. From power 30 on,
   * the outermost nodes' weights, known to 10⁻³² and no better, would show.
   */
  @Test
  void evenMomentsAreDoubleFactorials() {
    double variance = 1.7;
    double expected = 1;
    for (int k = 0; k <= 10; k++) {
      int power = 2 * k;
      double found = GaussHermite.expectation(u -> Math.pow(u, power), variance);
      assertEquals(expected, found, 1e-13 * (1 + power) * expected, "power " + power);
      expected *= (power + 1) * variance;
    }
  }

  /** Odd moments are 0: positive and negative nodes cancel but for rounding. */
  @Test
  void oddMomentsVanish() {
    for (int power = 1; power <= 9; power += 2) {
      int odd = power;
      double scale = GaussHermite.expectation(u -> Math.abs(Math.pow(u, odd)), 1);
      assertEquals(0, GaussHermite.expectation(u -> Math.pow(u, odd), 1), 1e-12 * scale);
    }
  }

  /** Isserlis: E uv, E u²v² and E u³v³, also where v is a multiple of u or is 0. */
  @Test
  void productsHaveTheMomentsOfIsserlis() {
    double[][] covariances = {{1, 0.3, 1}, {2, -0.9, 0.5}, {1, 1, 1}, {1, -2, 4}, {0.7, 0, 0}};
    for (double[] c : covariances) {
      checkMoments(c[0], c[1], c[2]);
      checkMoments(c[2], c[1], c[0]);
    }
  }

  private static void checkMoments(double uu, double uv, double vv) {
    String what = uu + " " + uv + " " + vv;
    double largest = 1 + 15 * uu * uu * uu + 15 * vv * vv * vv;
    double tolerance = 1e-12 * largest;
    assertEquals(uv, GaussHermite.expectation(z -> z, uu, uv, vv), tolerance, what);
    assertEquals(
        uu * vv + 2 * uv * uv, GaussHermite.expectation(z -> z * z, uu, uv, vv), tolerance, what);
    assertEquals(
        9 * uu * vv * uv + 6 * uv * uv * uv,
        GaussHermite.expectation(z -> z * z * z, uu, uv, vv),
        tolerance,
        what);
  }
}
