package org.basinsim.model.conv;

import java.util.Locale;

/**
 * The distribution of a random start.
 *
 * @param filter law of the filter
 * @param output law of the output weights; without meaning for average output
 * @param outputRadius R ≥ 0: radius of the ball or sphere; normal output weights are N(0, R²∕k)
 * @param quadruple restarts 4i … 4i+3 are (v,a), (−v,a), (v,−a), (−v,−a)
 */
public record StartLaw(Filter filter, Output output, double outputRadius, boolean quadruple) {

  /** Laws of the filter in R^p. */
  public enum Filter {
    /** Uniform on the unit sphere. */
    SPHERE,
    /** Uniform on [−1, 1]^p. */
    CUBE,
    /** Standard normal. */
    NORMAL,
    /**
     * No law: 1∕√p·1, the shortcut beside a filter that starts at 0 (Liu et al., NeurIPS 2019).
     * Their network has the unit filter of 1∕√p·1 + w and learns w; the gradient in w is that in
     * the sum, so that descent on w is descent on v = 1∕√p·1 + w from here.
     */
    SHORTCUT;

    /** The word used in study files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Laws of the output weights in R^k. */
  public enum Output {
    /** Uniform in the ball of radius R. */
    BALL,
    /** Uniform on the sphere of radius R. */
    SPHERE,
    /** Normal with covariance R²∕k · I. */
    NORMAL,
    /** All zero. */
    ZERO;

    /** The word used in study files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** |1ᵀa*| ‖w*‖ ∕ √k, the radius that DU18 proves its guarantee for. */
  public static double paperRadius(Teacher teacher) {
    return teacher.mean();
  }
}
