package org.basinsim.model.conv;

import org.basinsim.model.Outcome;

/**
 * Population descent with learned output weights, closed on five scalars: an exact reduction of
 * {@link Learned}, whose cost depends on neither k nor p.
 *
 * <p>Along the teacher's axes the step on the output weights is diagonal: with α, β the mean and
 * the contrast and α*, β* the teacher's, and s, b and G(φ) of the {@link Activation} (with ReLU s =
 * 1, b = 0 and G = g),
 *
 * <pre>
 *   q = aᵀb* = α α* + β β*                       h = s η q (π − φ + b) ∕ (2π n)
 *   x ← x + h (y∕n)²                             y ← |y − h (x∕n)(y∕n)|
 *   α ← α − (sη∕2π) [(k + π + b − 1) α − (k + G − 1) α*]
 *   β ← β − (sη∕2π) [(π + b − 1) β − (G − 1) β*]
 *   rest ← |1 − sη(π + b − 1)∕2π| rest
 * </pre>
 */
public final class LearnedReduction {
  private final int k;
  private final double stepSize;
  private final double teacherMean;
  private final double teacherContrast;
  private final double squaredOutput;
  private final Activation activation;

  /** b of the activation, and G(0). */
  private final double tilt;

  private final double most;

  /** sη∕2π. */
  private final double rate;

  private final double contraction;

  /** The population of an experiment. */
  public static LearnedReduction of(ConvExperiment experiment) {
    return new LearnedReduction(
        experiment.teacher(), experiment.stepSize(), experiment.network().slope());
  }

  /**
   * With ReLU.
   *
   * @param stepSize η, below {@link #divergentStepSize(int)}
   */
  public LearnedReduction(Teacher teacher, double stepSize) {
    this(teacher, stepSize, 0);
  }

  /**
   * With leaky ReLU.
   *
   * @param stepSize η, below {@link #divergentStepSize(int, double)}
   * @param slope α, 0 ≤ α < 1
   */
  public LearnedReduction(Teacher teacher, double stepSize, double slope) {
    this.activation = new Activation(slope);
    this.tilt = activation.tilt();
    this.most = activation.most();
    this.k = teacher.patches();
    this.stepSize = stepSize;
    this.teacherMean = teacher.mean();
    this.teacherContrast = teacher.contrast();
    this.squaredOutput = teacher.squaredOutput();
    this.rate = activation.bent() * stepSize / (2 * Math.PI);
    this.contraction = 1 - activation.bent() * stepSize * (k + most - 1) / (2 * Math.PI);
  }

  /** 4π∕(k+π−1): from this step size on the mean of the output weights grows without bound. */
  public static double divergentStepSize(int patches) {
    return divergentStepSize(patches, 0);
  }

  /**
   * 4π∕(s(k+π+b−1)) = 4π∕((1−α)²(k+π−1) + 2πα), the same bound with leaky ReLU.
   *
   * @param slope α
   */
  public static double divergentStepSize(int patches, double slope) {
    double bent = new Activation(slope).bent();
    return 4 * Math.PI / (bent * (patches + Math.PI - 1) + 2 * Math.PI * slope);
  }

  /**
   * 2π∕(π−1): up to this step size the sign of q can be read from its target, and the absorbing
   * verdict holds. Only k ≤ 2 admits larger steps at all.
   */
  public static double largestVerdictStepSize() {
    return largestVerdictStepSize(0);
  }

  /**
   * 2π∕(s(π+b−1)) = 2π∕((1−α)²(π−1) + 2πα), the same bound with leaky ReLU.
   *
   * @param slope α
   */
  public static double largestVerdictStepSize(double slope) {
    double bent = new Activation(slope).bent();
    return 2 * Math.PI / (bent * (Math.PI - 1) + 2 * Math.PI * slope);
  }

  /** λ = 1 − sη(k+π+b−1)∕2π, what a step leaves of the mean's distance from its target. */
  public double contraction() {
    return contraction;
  }

  /** 1 − sη(π+b−1)∕2π, the same of the contrast, and up to its sign of the rest. */
  public double contrastContraction() {
    return 1 - rate * (most - 1);
  }

  /** sη∕2π: what multiplies the brackets of a step. */
  public double rate() {
    return rate;
  }

  /**
   * η(1+α²)∕4: the {@link #verdict} needs a squared norm of the filter above this times the largest
   * |q| to come.
   */
  public double turning() {
    return stepSize * (1 + activation.slope() * activation.slope()) / 4;
  }

  /** The mean's target at G = 0 for a change of G by 1: α*∕(k+π+b−1). */
  public double targetSlope() {
    return teacherMean / (k + most - 1);
  }

  /** |λ|∕(1 − |λ|) where λ < 0, else 0: the part of its targets' range that the mean overshoots. */
  public double overshoot() {
    return Math.max(0, -contraction) / (1 - Math.abs(contraction));
  }

  /** One step of descent. */
  public ConvState step(ConvState s) {
    double n = s.filterNorm();
    double cosine = s.x() / n;
    double sine = s.y() / n;
    double left = Math.PI - s.angle() + tilt;
    double g = left * cosine + sine;
    double h = rate * product(s) * left / n;
    return new ConvState(
        s.x() + h * sine * sine,
        Math.abs(s.y() - h * cosine * sine),
        s.mean() - rate * ((k + most - 1) * s.mean() - (k + g - 1) * teacherMean),
        s.contrast() - rate * ((most - 1) * s.contrast() - (g - 1) * teacherContrast),
        Math.abs(contrastContraction()) * s.rest());
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
    if (tilt != 0) {
      throw new IllegalStateException("noise is followed with ReLU alone");
    }
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
    double aligned = activation.g(s.angle()) - 1;
    double squaredNorm = s.mean() * s.mean() + s.contrast() * s.contrast() + s.rest() * s.rest();
    return activation.bent()
        * ((most - 1) * (squaredNorm + squaredOutput)
            + k * (s.mean() * s.mean() + teacherMean * teacherMean)
            - 2 * (aligned * product(s) + k * s.mean() * teacherMean))
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

  /** Component of a_sp along the mean axis, (k − 1 − b) α* ∕ (k + π + b − 1). */
  public double spuriousMean() {
    return (k - 1 - tilt) * teacherMean / (k + most - 1);
  }

  /** Component of a_sp along the contrast axis, −(1 + b) β* ∕ (π + b − 1). */
  public double spuriousContrast() {
    return -(1 + tilt) * teacherContrast / (most - 1);
  }

  /**
   * Population loss of the critical point at φ = π, a = a_sp: (s∕4π)(π+2b) times (π−2)∕(π+b−1) β*²
   * + (2k+π−2)∕(k+π+b−1) α*².
   */
  public double spuriousLoss() {
    double contrast = (Math.PI - 2) / (most - 1) * teacherContrast * teacherContrast;
    double mean = (2 * k + Math.PI - 2) / (k + most - 1) * teacherMean * teacherMean;
    return activation.bent() * (most + tilt) * (contrast + mean) / (4 * Math.PI);
  }

  /**
   * Whether the critical point at φ = π is a local minimum: aᵀb* < 0 there. With ReLU that is k > 1
   * and r < (k + π − 1) ∕ π; with a slope it is r < (1 + b)(k + π + b − 1) ∕ (π + 2b), which a
   * single patch meets, too.
   */
  public boolean spuriousIsMinimum() {
    double ratio = k * teacherMean * teacherMean / squaredOutput;
    double threshold = (1 + tilt) * (k + most - 1) / (most + tilt);
    return (k > 1 || tilt > 0) && ratio < threshold;
  }

  /**
   * What population descent from here must end at, or {@code UNDECIDED} while both are possible.
   *
   * <p>Say q = aᵀb* > 0. As long as it stays so φ falls and G rises, so that later targets of the
   * mean lie in [(k+G−1)α*∕(k+π+b−1), α*], and the mean in the hull of itself and that range; with
   * a negative contraction λ it overshoots, and the range widens on both sides by max(distance of
   * the mean from it, |λ|∕(1−|λ|) of its length). A step takes q towards a target of the sign of (G
   * − 1)‖b*‖² − kα*(α − α*). If at the range's upper end q is not pushed down, kα* (α − α*) ≤ (G −
   * 1)‖b*‖², it never is: q stays positive, and descent ends at the teacher. For q < 0 the mirror
   * image, with targets in [(k−1−b)α*∕(k+π+b−1), (k+G−1)α*∕(k+π+b−1)], none larger than α* in size.
   *
   * <p>Needs η ≤ {@link #largestVerdictStepSize(double)}, with which q does not pass its target,
   * and a filter that no later step turns past its goal by more than it was away. A step turns it
   * by atan(|h| sin φ ∕ n). Of an angle ψ to its goal, φ or π − φ, that is at most 2ψ where ψ ≥
   * π∕4, and else where |h| cos ψ ∕ n ≤ 2, since tan 2ψ ≥ 2 tan ψ. As |h| = sη|q|(π − φ + b)∕(2πn),
   * of which π − φ + b is at most π + b near the teacher and ψ + b opposite it, and s(π + b) = π(1
   * + α²), all is well with η(1 + α²) max|q| < 4n², where no later |q| exceeds max|α| α* + max(|β|,
   * β*) β*; n never falls.
   */
  public Outcome verdict(ConvState s) {
    double n = s.filterNorm();
    double q = product(s);
    double g = (Math.PI - s.angle() + tilt) * s.x() / n + s.y() / n;
    double target = (k + g - 1) * teacherMean / (k + most - 1);
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
    if (!(turning() * largestProduct < n * n)) {
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
