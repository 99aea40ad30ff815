package org.basinsim.quadrature;

/**
 * The Gauss–Legendre rule on [0, 1].
 *
 * @param nodes increasing
 * @param weights sum to 1
 */
record GaussLegendre(double[] nodes, double[] weights) {

  /**
   * The rule with n nodes: roots of the Legendre polynomial P_n by Newton's method from the
   * asymptotic guess cos(π(i − ¼)∕(n + ½)).
   *
   * @param n at least 1
   */
  static GaussLegendre unit(int n) {
    double[] nodes = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double slope = 0;
      for (int newton = 0; newton < 8; newton++) {
        double previous = 0;
        double value = 1;
        for (int degree = 1; degree <= n; degree++) {
          double next = ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree;
          previous = value;
          value = next;
        }
        slope = n * (x * value - previous) / (x * x - 1);
        x -= value / slope;
      }
      nodes[n - 1 - i] = (1 + x) / 2;
      weights[n - 1 - i] = 1 / ((1 - x * x) * slope * slope);
    }
    return new GaussLegendre(nodes, weights);
  }

  /**
   * The rule after the substitution u = 1 − v⁴, whose nodes crowd towards 1: for integrands that
   * are not smooth there, of which (1 − u)^ε is left as v^{3 + 4ε}.
   */
  GaussLegendre gradedTowardsOne() {
    int n = nodes.length;
    double[] graded = new double[n];
    double[] gradedWeights = new double[n];
    for (int i = 0; i < n; i++) {
      double v = nodes[n - 1 - i];
      graded[i] = 1 - v * v * v * v;
      gradedWeights[i] = weights[n - 1 - i] * 4 * v * v * v;
    }
    return new GaussLegendre(graded, gradedWeights);
  }
}
