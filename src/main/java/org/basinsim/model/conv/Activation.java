package org.basinsim.model.conv;

/**
 * σ(z) = z above zero and αz below: ReLU, or leaky ReLU where α > 0.
 *
 * <p>As σ(z) = αz + (1−α) max(z, 0) and E max(u·x, 0) v·x = ½ u·v, for unit u, v at the angle φ and
 * standard normal x, with s = (1−α)², b = 2πα∕s and the arc-cosine kernel g(φ)∕2π of ReLU,
 *
 * <pre>
 *   E σ(u·x) = √s ∕ √(2π)          E σ(u·x)σ(v·x) = α cos φ + s g(φ)∕2π = (s∕2π) G(φ)
 *   G(φ) = (π − φ + b) cos φ + sin φ,   G′(φ) = −(π − φ + b) sin φ,   from π + b at 0 to −b at π
 * </pre>
 *
 * So every population formula of ReLU holds with G for g, π − φ + b for π − φ, π + b for π where it
 * stands for g(0), and s times the loss.
 *
 * @param slope α, 0 ≤ α < 1; 0 for ReLU
 */
public record Activation(double slope) {
  /** max(z, 0). */
  public static final Activation RELU = new Activation(0);

  public Activation {
    if (!(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException("slope " + slope);
    }
  }

  /** s = (1−α)². */
  public double bent() {
    return (1 - slope) * (1 - slope);
  }

  /** b = 2πα∕(1−α)²: what is linear of the activation, in units of what is bent. */
  public double tilt() {
    return 2 * Math.PI * slope / bent();
  }

  /** G(φ) of φ in [0, π]. */
  public double g(double angle) {
    return (Math.PI - angle + tilt()) * Math.cos(angle) + Math.sin(angle);
  }

  /** G(0) = π + b. */
  public double most() {
    return Math.PI + tilt();
  }
}
