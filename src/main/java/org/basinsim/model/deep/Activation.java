package org.basinsim.model.deep;

import java.util.Locale;
import org.apache.commons.numbers.gamma.Erf;

/**
 * The activation σ of hidden layers, and what the limit of infinite width needs to know of it: E
 * σ(u)σ(v) and E σ'(u)σ'(v) for normal (u, v) of mean 0.
 */
public enum Activation {
  /** ln(1 + eᶻ), the smooth case of the theory. */
  SOFTPLUS {
    @Override
    public double value(double z) {
      return Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
    }

    @Override
    public double slope(double z) {
      // Through the exponential of what is not positive, which cannot overflow.
      double e = StrictMath.exp(-Math.abs(z));
      return z >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
  },
  /** max(z, 0); the slope at 0 is 0. */
  RELU {
    @Override
    public double value(double z) {
      return Math.max(z, 0);
    }

    @Override
    public double slope(double z) {
      return z > 0 ? 1 : 0;
    }

    /** The arc-cosine kernel of order one (Cho, Saul, NIPS 2009). */
    @Override
    public double expectedProduct(double uu, double uv, double vv) {
      double theta = angle(uu, uv, vv);
      double norms = Math.sqrt(uu * vv);
      return norms * (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta)) / (2 * Math.PI);
    }

    /** The arc-cosine kernel of order zero. */
    @Override
    public double expectedSlopes(double uu, double uv, double vv) {
      if (uu == 0 || vv == 0) {
        return 0;
      }
      return (Math.PI - angle(uu, uv, vv)) / (2 * Math.PI);
    }

    @Override
    public double expected(double variance) {
      return Math.sqrt(variance / (2 * Math.PI));
    }
  },
  /** tanh z. */
  TANH {
    @Override
    public double value(double z) {
      return StrictMath.tanh(z);
    }

    @Override
    public double slope(double z) {
      double t = StrictMath.tanh(z);
      return (1 - t) * (1 + t);
    }

    @Override
    public double expected(double variance) {
      return 0;
    }
  },
  /** The error function, 2∕√π ∫₀ᶻ e^{−s²} ds. */
  ERF {
    @Override
    public double value(double z) {
      return Erf.value(z);
    }

    @Override
    public double slope(double z) {
      return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-z * z);
    }

    /** Williams, Neural Computation 10 (1998), equation 11. */
    @Override
    public double expectedProduct(double uu, double uv, double vv) {
      // Rounding may take the argument past 1 where u = v is very large.
      double sine = 2 * uv / Math.sqrt((1 + 2 * uu) * (1 + 2 * vv));
      return 2 / Math.PI * Math.asin(Math.clamp(sine, -1, 1));
    }

    /** 4∕π E e^{−u²−v²} = 4∕π det(I + 2K)^{−½}. */
    @Override
    public double expectedSlopes(double uu, double uv, double vv) {
      return 4 / Math.PI / Math.sqrt((1 + 2 * uu) * (1 + 2 * vv) - 4 * uv * uv);
    }

    @Override
    public double expected(double variance) {
      return 0;
    }
  };

  private volatile double normalization;

  /** σ(z). */
  public abstract double value(double z);

  /** σ'(z). */
  public abstract double slope(double z);

  /** E σ(u)σ(v) for normal (u, v) of mean 0, variances uu, vv ≥ 0 and covariance uv. */
  public double expectedProduct(double uu, double uv, double vv) {
    return GaussHermite.expectation(this::value, uu, uv, vv);
  }

  /** E σ'(u)σ'(v), likewise. */
  public double expectedSlopes(double uu, double uv, double vv) {
    return GaussHermite.expectation(this::slope, uu, uv, vv);
  }

  /** E σ(u) for u ~ N(0, variance). */
  public double expected(double variance) {
    return GaussHermite.expectation(this::value, variance);
  }

  /** c_σ = 1 ∕ E σ(u)² for u ~ N(0, 1): with it, layers keep the norm of unit inputs (DU19). */
  public double normalization() {
    // By quadrature for some; every layer asks. Two threads would find the same.
    if (normalization == 0) {
      normalization = 1 / expectedProduct(1, 1, 1);
    }
    return normalization;
  }

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The angle whose cosine is uv∕√(uu·vv); 0 where u = v, and a number whatever is rounded. */
  private static double angle(double uu, double uv, double vv) {
    return Math.atan2(Math.sqrt(Math.max(0, uu * vv - uv * uv)), uv);
  }
}
