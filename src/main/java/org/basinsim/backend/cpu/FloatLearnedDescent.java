package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.Teacher;

/** The step and the rules of {@link LearnedReduction}, in lanes. */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatLearnedDescent extends FloatPopulationDescent {
  private final boolean verdict;
  private final boolean overshooting;
  private final boolean spuriousIsMinimum;
  private final float teacherMean;
  private final float teacherContrast;
  private final float squaredOutput;
  private final float halfSquaredOutput;

  /** η∕2π. */
  private final float rate;

  /** 1 − η(k+π−1)∕2π and 1 − η(π−1)∕2π. */
  private final float meanContraction;

  private final float contrastContraction;

  /** What g moves mean and contrast by, and what they move by at g = 0. */
  private final float meanGain;

  private final float contrastGain;
  private final float meanShift;

  /** kα* and kα*². */
  private final float pull;

  private final float teacherPull;

  /** 4∕η. */
  private final float perStep;

  private final float overshoot;

  /** The mean's target at g is g·targetSlope + spuriousMean. */
  private final float targetSlope;

  private final float spuriousMean;
  private final float spuriousContrast;
  private final float angle;
  private final float squaredRadius;

  /** Bounds of the mean from here on. */
  private final float[] highest = new float[VECTORS * LENGTH];

  private final float[] lowest = new float[VECTORS * LENGTH];

  /** Lanes for which the verdict holds, by vector. */
  private final long[] certain = new long[VECTORS];

  /**
   * @param verdict whether the absorbing verdict ends a restart, rather than nearness
   */
  FloatLearnedDescent(ConvExperiment experiment, Set<Recorded> noted, boolean verdict) {
    super(experiment, noted);
    Teacher teacher = experiment.teacher();
    OutcomeRule rule = experiment.rule();
    LearnedReduction reduction = new LearnedReduction(teacher, experiment.stepSize());
    int k = teacher.patches();
    double perTurn = experiment.stepSize() / (2 * Math.PI);
    this.verdict = verdict;
    this.overshooting = reduction.contraction() < 0;
    this.spuriousIsMinimum = reduction.spuriousIsMinimum();
    this.teacherMean = (float) teacher.mean();
    this.teacherContrast = (float) teacher.contrast();
    this.squaredOutput = (float) teacher.squaredOutput();
    this.halfSquaredOutput = (float) (0.5 * teacher.squaredOutput());
    this.rate = (float) perTurn;
    this.meanContraction = (float) reduction.contraction();
    this.contrastContraction = (float) (1 - perTurn * (Math.PI - 1));
    this.meanGain = (float) (perTurn * teacher.mean());
    this.contrastGain = (float) (perTurn * teacher.contrast());
    this.meanShift = (float) (perTurn * (k - 1) * teacher.mean());
    this.pull = (float) (k * teacher.mean());
    this.teacherPull = pull * teacherMean;
    this.perStep = (float) (4 / experiment.stepSize());
    this.overshoot = (float) reduction.overshoot();
    this.targetSlope = (float) (teacher.mean() / (k + Math.PI - 1));
    this.spuriousMean = (float) reduction.spuriousMean();
    this.spuriousContrast = (float) reduction.spuriousContrast();
    this.angle = (float) rule.angle();
    double radius = rule.output() * reduction.teacherNorm();
    this.squaredRadius = (float) (radius * radius);
  }

  @Override
  void check(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector squaredNorm = x.fma(x, y.mul(y));
      VectorMask<Float> far =
          beyond(squaredNorm).or(beyond(mean.fma(mean, contrast.fma(contrast, rest.mul(rest)))));
      VectorMask<Float> held = over(at).or(far);
      diverged[v] = far.toLong();
      if (phases) {
        VectorMask<Float> enough = product(mean, contrast).compare(GE, halfSquaredOutput);
        VectorMask<Float> turned = nearLine(at, x, y).and(x.compare(LT, ZERO).or(enough));
        phaseOver[v] = turned.toLong();
        held = held.or(turned);
      }
      attention[v] = held.toLong();
    }
    if (!verdict) {
      compare(vectors);
    } else if (overshooting) {
      findOvershoot(vectors);
      judge(vectors);
    } else {
      findHull(vectors);
      judge(vectors);
    }
  }

  /** Bounds of the mean from here on: the hull of itself and its targets. */
  private void findHull(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      mean.max(teacherMean).intoArray(highest, at);
      mean.min(spuriousMean).intoArray(lowest, at);
      certain[v] = holds(at, mean.abs().max(teacherMean)).toLong();
    }
  }

  /** The same where the mean overshoots; its targets lie on this side of today's. */
  private void findOvershoot(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      VectorMask<Float> positive = product(mean, contrast).compare(GT, ZERO);
      FloatVector target = g(at).mul(targetSlope).add(spuriousMean);
      FloatVector high = target.blend(teacherMean, positive);
      FloatVector low = target.blend(spuriousMean, positive.not());
      FloatVector margin = mean.sub(high).max(low.sub(mean)).max(high.sub(low).mul(overshoot));
      high.add(margin).intoArray(highest, at);
      low.sub(margin).intoArray(lowest, at);
      certain[v] = holds(at, margin.add(teacherMean)).toLong();
    }
  }

  /** η·max|q| < 4n²: no later step turns the filter further past its goal than it was away. */
  private VectorMask<Float> holds(int at, FloatVector largestMean) {
    FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
    FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
    FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
    FloatVector largest = product(largestMean, contrast.abs().max(teacherContrast));
    return largest.compare(LT, x.fma(x, y.mul(y)).mul(perStep));
  }

  /** The absorbing verdict: the mean stays between low and high, so q keeps its sign. */
  private void judge(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector q = product(mean, FloatVector.fromArray(SPECIES, this.contrast, at));
      FloatVector high = FloatVector.fromArray(SPECIES, highest, at);
      FloatVector low = FloatVector.fromArray(SPECIES, lowest, at);
      FloatVector drift = g(at).sub(1f).mul(squaredOutput);
      VectorMask<Float> good =
          high.mul(pull).sub(teacherPull).compare(LE, drift).and(q.compare(GT, ZERO));
      VectorMask<Float> bad =
          low.mul(pull).sub(teacherPull).compare(GE, drift).and(q.compare(LT, ZERO));
      note(v, certain[v] & good.toLong(), certain[v] & bad.toLong());
    }
  }

  /** Nearness to one of the minima. */
  private void compare(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector left = FloatVector.fromArray(SPECIES, angleLeft, at);
      note(
          v,
          nearTeacher(mean, contrast, rest, left).toLong(),
          nearOpposite(mean, contrast, rest, left).toLong());
    }
  }

  private void note(int v, long good, long bad) {
    global[v] = good;
    spurious[v] = bad;
    attention[v] |= good | bad;
  }

  @Override
  void step(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector cosine = FloatVector.fromArray(SPECIES, this.cosine, at);
      FloatVector sine = FloatVector.fromArray(SPECIES, this.sine, at);
      FloatVector h = FloatVector.fromArray(SPECIES, angleLeft, at).mul(rate);
      h = h.mul(product(mean, contrast)).mul(FloatVector.fromArray(SPECIES, perNorm, at)).mul(sine);
      FloatVector g = g(at);
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      h.fma(sine, x).blend(x, held).intoArray(this.x, at);
      h.neg().fma(cosine, y).abs().blend(y, held).intoArray(this.y, at);
      mean.mul(meanContraction)
          .add(g.mul(meanGain).add(meanShift))
          .blend(mean, held)
          .intoArray(this.mean, at);
      contrast
          .mul(contrastContraction)
          .add(g.sub(1f).mul(contrastGain))
          .blend(contrast, held)
          .intoArray(this.contrast, at);
      rest.mul(contrastContraction).abs().blend(rest, held).intoArray(this.rest, at);
      countDown(at, held);
    }
  }

  /** q = aᵀb*. */
  private FloatVector product(FloatVector mean, FloatVector contrast) {
    return mean.mul(teacherMean).add(contrast.mul(teacherContrast));
  }

  /** g(φ) = (π − φ) cos φ + sin φ. */
  private FloatVector g(int at) {
    return FloatVector.fromArray(SPECIES, angleLeft, at)
        .fma(FloatVector.fromArray(SPECIES, cosine, at), FloatVector.fromArray(SPECIES, sine, at));
  }

  private VectorMask<Float> nearTeacher(
      FloatVector mean, FloatVector contrast, FloatVector rest, FloatVector angleLeft) {
    FloatVector phi = angleLeft.sub((float) Math.PI).neg();
    return phi.compare(LE, angle)
        .and(near(mean.sub(teacherMean), contrast.sub(teacherContrast), rest));
  }

  private VectorMask<Float> nearOpposite(
      FloatVector mean, FloatVector contrast, FloatVector rest, FloatVector angleLeft) {
    if (!spuriousIsMinimum) {
      return SPECIES.maskAll(false);
    }
    return angleLeft
        .compare(LE, 2 * angle)
        .and(near(mean.sub(spuriousMean), contrast.sub(spuriousContrast), rest));
  }

  private VectorMask<Float> near(FloatVector mean, FloatVector contrast, FloatVector rest) {
    return mean.fma(mean, contrast.fma(contrast, rest.mul(rest))).compare(LE, squaredRadius);
  }
}
