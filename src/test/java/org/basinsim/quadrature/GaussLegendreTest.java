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
}
