package org.basinsim.quadrature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussLegendreTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 12, 20, 31})
  void isExactForPolynomialsUpToDegreeTwiceTheNodesMinusOne(int n) {
    GaussLegendre rule = GaussLegendre.unit(n);
    for (int degree = 0; degree < 2 * n; degree++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += rule.weights()[i] * Math.pow(rule.nodes()[i], degree);
      }
      // n terms, each within a few roundings of its value, all below 1.
      assertEquals(1.0 / (degree + 1), sum, 8 * n * 0x1p-53, "degree " + degree);
    }
  }

  /**
   * With n nodes before the substitution, (1 − u)^{m∕4} is left as a polynomial of degree 3 + m.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 12, 31})
  void gradedIsExactForQuarterPowersOfTheDistanceToOne(int n) {
    GaussLegendre rule = GaussLegendre.unit(n).gradedTowardsOne();
    for (int m = 0; 3 + m < 2 * n; m++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += rule.weights()[i] * Math.pow(1 - rule.nodes()[i], m / 4.0);
      }
      // 1 − u loses up to 2⁻⁵³ absolutely; its root gains at most the fourth root of that, where
      // the weight, which falls as (1 − u)^{3∕4}, makes it 2⁻⁵³ again.
      assertEquals(4.0 / (4 + m), sum, 32 * n * 0x1p-53, "m " + m);
    }
  }
}
