package org.basinsim.model.twolayer;

/**
 * Loss and gradient of SS18 for k orthogonal teachers, the standard basis of R^k, in closed form.
 *
 * <p>Students are rows: {@code w[i]}, of length k, none of them zero.
 *
 * @param teachers k, at least 1; also the dimension of the input
 */
public record TwoLayer(int teachers) {

  public TwoLayer {
    if (teachers < 1) {
      throw new IllegalArgumentException(teachers + " teachers");
    }
  }

  /**
   * The angle between two vectors that are not zero, 0 … π.
   *
   * <p>2 atan2(‖û − v̂‖, ‖û + v̂‖) (Kahan): accurate to rounding everywhere, where the arccosine of
   * û·v̂ loses half of all digits near 0 and π.
   */
  public static double angle(double[] u, double[] v) {
    double perU = 1 / norm(u);
    double perV = 1 / norm(v);
    double difference = 0;
    double sum = 0;
    for (int c = 0; c < u.length; c++) {
      double a = u[c] * perU;
      double b = v[c] * perV;
      difference += (a - b) * (a - b);
      sum += (a + b) * (a + b);
    }
    return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum));
  }

  /** κ(u, v) = ‖u‖‖v‖ (sin θ + (π − θ) cos θ)∕2π. */
  public static double kernel(double[] u, double[] v) {
    double theta = angle(u, v);
    return norm(u)
        * norm(v)
        * (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta))
        / (2 * Math.PI);
  }

  /** ∂κ∕∂u = (‖v‖ sin θ · u∕‖u‖ + (π − θ) v)∕2π. */
  public static double[] kernelGradient(double[] u, double[] v) {
    double theta = angle(u, v);
    double along = norm(v) * Math.sin(theta) / norm(u);
    double[] gradient = new double[u.length];
    for (int c = 0; c < u.length; c++) {
      gradient[c] = (along * u[c] + (Math.PI - theta) * v[c]) / (2 * Math.PI);
    }
    return gradient;
  }

  /** F(W) = ½ Σ κ(w_i, w_j) − Σ κ(w_i, v_j) + ½ Σ κ(v_i, v_j). */
  public double loss(double[][] w) {
    double loss = 0;
    for (double[] wi : w) {
      for (double[] wj : w) {
        loss += kernel(wi, wj) / 2;
      }
      for (int j = 0; j < teachers; j++) {
        loss -= kernel(wi, teacher(j));
      }
    }
    return loss + teachersAlone();
  }

  /**
   * ½ Σ κ(v_i, v_j): κ is ½ for a teacher with itself and 1∕2π for two that are orthogonal, so that
   * the sum is k∕4 + k(k − 1)∕4π.
   */
  public double teachersAlone() {
    return teachers / 4.0 + teachers * (teachers - 1.0) / (4 * Math.PI);
  }

  /**
   * ∂F∕∂w_i = Σ_j ∂κ(w_i, w_j) − Σ_j ∂κ(w_i, v_j), ∂ in the first argument; κ(w_i, w_i) = ‖w_i‖²∕2
   * stands once and with the factor ½ in F, so that its part is the same formula, w_i∕2.
   */
  public double[][] gradient(double[][] w) {
    double[][] gradient = new double[w.length][teachers];
    for (int i = 0; i < w.length; i++) {
      for (double[] wj : w) {
        add(gradient[i], 1, kernelGradient(w[i], wj));
      }
      for (int j = 0; j < teachers; j++) {
        add(gradient[i], -1, kernelGradient(w[i], teacher(j)));
      }
    }
    return gradient;
  }

  /**
   * What an outcome is read from.
   *
   * @param gradient that of w
   */
  public TwoLayerState state(double[][] w, double[][] gradient) {
    double steepest = 0;
    double longest = 0;
    for (double[] partial : gradient) {
      steepest = Math.max(steepest, norm(partial));
    }
    for (double[] wi : w) {
      longest = Math.max(longest, norm(wi));
    }
    return new TwoLayerState(loss(w), 2 * Math.PI * steepest, longest);
  }

  /**
   * A bound L of the Hessian's norm on the way from W to W − η ∂F: with η ≤ 2∕L the step does not
   * raise F, because F(W − ηG) ≤ F(W) − η (1 − ηL∕2) ‖G‖².
   *
   * <p>The Hessian is E ∇f∇fᵀ + E (f − f*)∇²f. The first part is at most n∕2: (Σ_i 1[w_i·x > 0]
   * u_i·x)² ≤ n Σ_i 1[w_i·x > 0] (u_i·x)², whose expectation is n∕2 Σ ‖u_i‖². The second is block
   * diagonal, block i the sum over students j ≠ i minus that over teachers of matrices (‖v‖ sin
   * θ∕2π‖w_i‖)(I − ŵŵᵀ + n̄n̄ᵀ), which lie between 0 and ‖v‖∕π‖w_i‖; a difference of two such sums
   * is at most the larger. On the way ‖w_i‖ changes by at most η‖∂F∕∂w_i‖.
   *
   * @return infinite where a student may pass zero on the way
   */
  public double curvature(double[][] w, double[][] gradient, double stepSize) {
    double longest = 0;
    for (int i = 0; i < w.length; i++) {
      longest += norm(w[i]) + stepSize * norm(gradient[i]);
    }
    double largest = 0;
    for (int i = 0; i < w.length; i++) {
      double move = stepSize * norm(gradient[i]);
      double others = longest - norm(w[i]) - move;
      double shortest = Math.max(0, norm(w[i]) - move);
      largest = Math.max(largest, Math.max(others, teachers) / (Math.PI * shortest));
    }
    return w.length / 2.0 + largest;
  }

  /**
   * From this step size on descent cannot settle at a global minimum: the Hessian there has an
   * eigenvalue of at least λ = ½ + (k − 1)(¼ + 1∕πk), and steps of 2∕λ or more overshoot.
   *
   * <p>At a minimum students are parts of teachers, the m_j ≥ 1 students that are parts of teacher
   * j each active where x_j > 0. Along u_i = 1∕√k for all of them the Hessian's form is E (Σ m_j
   * 1[x_j > 0])² (u·x)² = ½ Σ m_j² + Σ_{i≠j} m_i m_j (¼ + 1∕πk), divided by Σ m_j least where all
   * m_j are 1.
   */
  public double unstableStepSize() {
    return 2 / (0.5 + (teachers - 1) * (0.25 + 1 / (Math.PI * teachers)));
  }

  private double[] teacher(int j) {
    double[] v = new double[teachers];
    v[j] = 1;
    return v;
  }

  private static void add(double[] target, double factor, double[] vector) {
    for (int c = 0; c < target.length; c++) {
      target[c] += factor * vector[c];
    }
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
