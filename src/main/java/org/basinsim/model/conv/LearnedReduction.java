package org.basinsim.model.conv;

import org.basinsim.model.Outcome;

/**
 * Population descent with learned output weights, closed on five scalars: an exact reduction of
 * {@link Learned}, whose cost depends on neither k nor p.
 *
 * <p>Along the teacher's axes the step on the output weights is diagonal: with α, β the mean and
 * the contrast and α*, β* the teacher's,
 *
 * <pre>
 *   q = aᵀb* = α α* + β β*                       h = η q (π − φ) ∕ (2π n)
 *   x ← x + h (y∕n)²                             y ← |y − h (x∕n)(y∕n)|
 *   α ← α − (η∕2π) [(k + π − 1) α − (k + g − 1) α*]
 *   β ← β − (η∕2π) [(π − 1) β − (g − 1) β*]      rest ← |1 − η(π−1)∕2π| rest
 * </pre>
 */
public final class LearnedReduction {
  private final int k;
  private final double stepSize;
  private final double teacherMean;
  private final double teacherContrast;
  private final double squaredOutput;
  private final double contraction;

  /** Of the activation: its slope, and what of it is ReLU and what linear in the loss. */
  private final double slope;

  private final double bent;
  private final double linear;

  /** The population of an experiment. */
  public static LearnedReduction of(ConvExperiment experiment) {
    return new LearnedReduction(
        experiment.teacher(), experiment.stepSize(), experiment.network().slope());
  }

  /**
   * @param stepSize η, below {@link #divergentStepSize(int)}
   */
  public LearnedReduction(Teacher teacher, double stepSize) {
    this(teacher, stepSize, 0);
  }

  /**
   * With leaky ReLU, of which E σ(u·x)σ(v·x) = α u·v + (1−α)² κ(u, v): loss and critical points.
   * Steps and verdicts are those of ReLU alone.
   *
   * @param slope α, 0 ≤ α < 1
   */
  public LearnedReduction(Teacher teacher, double stepSize, double slope) {
    this.slope = slope;
    this.bent = (1 - slope) * (1 - slope);
    this.linear = 2 * Math.PI * slope;
    this.k = teacher.patches();
    this.stepSize = stepSize;
    this.teacherMean = teacher.mean();
    this.teacherContrast = teacher.contrast();
    this.squaredOutput = teacher.squaredOutput();
    this.contraction = 1 - stepSize * (k + Math.PI - 1) / (2 * Math.PI);
  }

  /** 4π∕(k+π−1): from this step size on the mean of the output weights grows without bound. */
  public static double divergentStepSize(int patches) {
    return 4 * Math.PI / (patches + Math.PI - 1);
  }

  /**
   * 2π∕(π−1): up to this step size the sign of q can be read from its target, and the absorbing
   * verdict holds. Only k ≤ 2 admits larger steps at all.
   */
  public static double largestVerdictStepSize() {
    return 2 * Math.PI / (Math.PI - 1);
  }

  /**
   * 4π∕((1−α)²(k+π−1) + 2πα), the same bound with leaky ReLU.
   *
   * @param slope α
   */
  public static double divergentStepSize(int patches, double slope) {
    double bent = (1 - slope) * (1 - slope);
    return 4 * Math.PI / (bent * (patches + Math.PI - 1) + 2 * Math.PI * slope);
  }

  /** λ = 1 − η(k+π−1)∕2π, what a step leaves of the mean's distance from its target. */
  public double contraction() {
    return contraction;
  }

  /** |λ|∕(1 − |λ|) where λ < 0, else 0: the part of its targets' range that the mean overshoots. */
  public double overshoot() {
    return Math.max(0, -contraction) / (1 - Math.abs(contraction));
  }

  /** One step of descent. */
  public ConvState step(ConvState s) {
    requireRelu();
    double n = s.filterNorm();
    double cosine = s.x() / n;
    double sine = s.y() / n;
    double angle = s.angle();
    double g = (Math.PI - angle) * cosine + sine;
    double h = stepSize * product(s) * (Math.PI - angle) / (2 * Math.PI * n);
    double rate = stepSize / (2 * Math.PI);
    return new ConvState(
        s.x() + h * sine * sine,
        Math.abs(s.y() - h * cosine * sine),
        s.mean() - rate * ((k + Math.PI - 1) * s.mean() - (k + g - 1) * teacherMean),
        s.contrast() - rate * ((Math.PI - 1) * s.contrast() - (g - 1) * teacherContrast),
        Math.abs(1 - rate * (Math.PI - 1)) * s.rest());
  }

  /**
   * One step along the gradient at a perturbed point, u = v + ξ and a + ε, an exact reduction of
   * {@link Noise}. The step on the filter lies in the span of w* and u, so that with u = (x', y')
   * in the place of (x, y), φ' its angle, n' its norm and h = η (a + ε)ᵀb* (π − φ') ∕ (2π n'),
   *
   * <pre>
   *   x ← x + h (y'∕n')²              v_⊥ ← v_⊥ − h (x'∕n'²) u_⊥
   * </pre>
   *
   * where u_⊥ has one component along v_⊥ and the rest across it; likewise for the part of a beside
   * the teacher's axes.
   *
   * @param size η of this step
   */
  public ConvState step(ConvState s, Perturbation e, double size) {
    requireRelu();
    double along = s.y() + e.y();
    ConvState u =
        new ConvState(
            s.x() + e.x(),
            Math.sqrt(along * along + e.across() * e.across()),
            s.mean() + e.mean(),
            s.contrast() + e.contrast(),
            s.rest() + e.rest());
    double n = u.filterNorm();
    double cosine = u.x() / n;
    double sine = u.y() / n;
    double angle = u.angle();
    double g = (Math.PI - angle) * cosine + sine;
    double rate = size / (2 * Math.PI);
    double h = rate * product(u) * (Math.PI - angle) / n;
    double turn = h * cosine / n;
    double shrink = rate * (Math.PI - 1);
    return new ConvState(
        s.x() + h * sine * sine,
        norm(s.y() - turn * along, turn * e.across()),
        s.mean() - rate * ((k + Math.PI - 1) * u.mean() - (k + g - 1) * teacherMean),
        s.contrast() - rate * ((Math.PI - 1) * u.contrast() - (g - 1) * teacherContrast),
        norm(s.rest() - shrink * u.rest(), shrink * e.beside()));
  }

  private static double norm(double a, double b) {
    return Math.sqrt(a * a + b * b);
  }

  /** q = aᵀb*. */
  public double product(ConvState s) {
    return s.mean() * teacherMean + s.contrast() * teacherContrast;
  }

  /** ‖b*‖ = ‖w*‖ ‖a*‖. */
  public double teacherNorm() {
    return Math.sqrt(squaredOutput);
  }

  /** Population loss ½ E(f − f*)². */
  public double loss(ConvState s) {
    double aligned = bent * (Learned.g(s.angle()) - 1) + linear * Math.cos(s.angle());
    double squaredNorm = s.mean() * s.mean() + s.contrast() * s.contrast() + s.rest() * s.rest();
    return ((bent * (Math.PI - 1) + linear) * (squaredNorm + squaredOutput)
            + bent * k * (s.mean() * s.mean() + teacherMean * teacherMean)
            - 2 * (aligned * product(s) + bent * k * s.mean() * teacherMean))
        / (4 * Math.PI);
  }

  /** ‖a − b*‖. */
  public double outputDistance(ConvState s) {
    double mean = s.mean() - teacherMean;
    double contrast = s.contrast() - teacherContrast;
    return Math.sqrt(mean * mean + contrast * contrast + s.rest() * s.rest());
  }

  /** ‖a − a_sp‖, the distance to the output weights of the spurious critical point. */
  public double spuriousDistance(ConvState s) {
    double mean = s.mean() - spuriousMean();
    double contrast = s.contrast() - spuriousContrast();
    return Math.sqrt(mean * mean + contrast * contrast + s.rest() * s.rest());
  }

  /** Component of a_sp along the mean axis, (k − 1) α* ∕ (k + π − 1) with ReLU. */
  public double spuriousMean() {
    return (bent * (k - 1) - linear) * teacherMean / (bent * (k + Math.PI - 1) + linear);
  }

  /** Component of a_sp along the contrast axis, −β* ∕ (π − 1) with ReLU. */
  public double spuriousContrast() {
    return -(bent + linear) * teacherContrast / (bent * (Math.PI - 1) + linear);
  }

  /**
   * Population loss of the critical point at φ = π, a = a_sp: (π−2)∕(4(π−1)) β*² +
   * (2k+π−2)∕(4(k+π−1)) α*².
   */
  public double spuriousLoss() {
    return (Math.PI - 2) / (4 * (Math.PI - 1)) * teacherContrast * teacherContrast
        + (2 * k + Math.PI - 2) / (4 * (k + Math.PI - 1)) * teacherMean * teacherMean;
  }

  /**
   * Whether the critical point at φ = π is a local minimum: aᵀb* < 0 there. With ReLU that is k > 1
   * and r < (k + π − 1) ∕ π; with s = (1−α)² and c = 2πα it is r < (s + c)(s(k + π − 1) + c) ∕
   * (s(πs + 2c)), which a single patch meets, too.
   */
  public boolean spuriousIsMinimum() {
    double ratio = k * teacherMean * teacherMean / squaredOutput;
    double threshold =
        (bent + linear)
            * (bent * (k + Math.PI - 1) + linear)
            / (bent * (Math.PI * bent + 2 * linear));
    return (k > 1 || slope > 0) && ratio < threshold;
  }

  /**
   * What population descent from here must end at, or {@code UNDECIDED} while both are possible.
   *
   * <p>Say q = aᵀb* > 0. As long as it stays so φ falls and g rises, so that later targets of the
   * mean lie in [(k+g−1)α*∕(k+π−1), α*], and the mean in the hull of itself and that range; with a
   * negative contraction λ it overshoots, and the range widens on both sides by max(distance of the
   * mean from it, |λ|∕(1−|λ|) of its length). If at the range's upper end q is not pushed down, kα*
   * (α − α*) ≤ (g − 1)‖b*‖², it never is: q stays positive, and descent ends at the teacher. For q
   * < 0 the mirror image, with targets in [(k−1)α*∕(k+π−1), (k+g−1)α*∕(k+π−1)].
   *
   * <p>Needs η ≤ {@link #largestVerdictStepSize()}, and a filter that no later step turns past its
   * goal by more than it was away: η·max|q| < 4n², where no later |q| exceeds max|α| α* + max(|β|,
   * β*) β*.
   */
  public Outcome verdict(ConvState s) {
    requireRelu();
    double n = s.filterNorm();
    double q = product(s);
    double g = (Math.PI - s.angle()) * s.x() / n + s.y() / n;
    double target = (k + g - 1) * teacherMean / (k + Math.PI - 1);
    double low = q > 0 ? target : spuriousMean();
    double high = q > 0 ? teacherMean : target;
    double highest = Math.max(high, s.mean());
    double lowest = Math.min(low, s.mean());
    double largestMean = Math.max(teacherMean, Math.abs(s.mean()));
    if (contraction < 0) {
      double outside = Math.max(s.mean() - high, low - s.mean());
      double margin = Math.max(outside, overshoot() * (high - low));
      highest = high + margin;
      lowest = low - margin;
      largestMean = teacherMean + margin;
    }
    double largestProduct =
        largestMean * teacherMean
            + Math.max(teacherContrast, Math.abs(s.contrast())) * teacherContrast;
    if (!(stepSize * largestProduct < 4 * n * n)) {
      return Outcome.UNDECIDED;
    }
    if (q > 0 && k * teacherMean * (highest - teacherMean) <= (g - 1) * squaredOutput) {
      return Outcome.GLOBAL;
    }
    if (q < 0 && k * teacherMean * (teacherMean - lowest) <= (1 - g) * squaredOutput) {
      return Outcome.SPURIOUS;
    }
    return Outcome.UNDECIDED;
  }

  private void requireRelu() {
    if (slope != 0) {
      throw new IllegalStateException("only the loss is known for a slope of " + slope);
    }
  }

  /** The verdict on descent from here within a budget of steps; {@code DIVERGED} where it does. */
  public Outcome descend(ConvState start, int maxSteps) {
    ConvState s = start;
    for (int t = 0; ; t++) {
      if (s.diverged()) {
        return Outcome.DIVERGED;
      }
      Outcome verdict = verdict(s);
      if (verdict != Outcome.UNDECIDED || t == maxSteps) {
        return verdict;
      }
      s = step(s);
    }
  }
}
