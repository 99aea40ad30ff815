package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
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
class FloatLearnedDescent extends FloatPopulationDescent {
  static final float NOTHING = 1e-30f;

  private final boolean verdict;
  private final boolean overshooting;
  private final boolean spuriousIsMinimum;
  final float teacherMean;
  final float teacherContrast;
  private final float squaredOutput;
  private final float halfSquaredOutput;

  /** sη∕2π. */
  private final float rate;

  /** 1 − sη(k+π+b−1)∕2π and 1 − sη(π+b−1)∕2π. */
  private final float meanContraction;

  private final float contrastContraction;

  /** What G moves mean and contrast by, and what the mean moves by at G = 0. */
  private final float meanGain;

  private final float contrastGain;
  private final float meanShift;

  /** kα* and kα*². */
  private final float pull;

  private final float teacherPull;

  /** 4∕(η(1+α²)). */
  private final float perStep;

  private final float overshoot;

  /** The mean's target at G is G·targetSlope + targetAtZero. */
  private final float targetSlope;

  private final float targetAtZero;

  private final float spuriousMean;
  private final float spuriousContrast;
  private final float angle;
  private final float squaredRadius;

  /** q = aᵀb*. */
  private final float[] product = new float[VECTORS * LENGTH];

  /** How far the mean may go beyond its targets. */
  private final float[] margin = new float[VECTORS * LENGTH];

  /**
   * @param verdict whether the absorbing verdict ends a restart, rather than nearness
   */
  FloatLearnedDescent(ConvExperiment experiment, Set<Recorded> noted, boolean verdict) {
    super(experiment, noted);
    Teacher teacher = experiment.teacher();
    OutcomeRule rule = experiment.rule();
    LearnedReduction reduction = LearnedReduction.of(experiment);
    int k = teacher.patches();
    double perTurn = reduction.rate();
    this.verdict = verdict;
    this.overshooting = reduction.contraction() < 0;
    this.spuriousIsMinimum = reduction.spuriousIsMinimum();
    this.teacherMean = (float) teacher.mean();
    this.teacherContrast = (float) teacher.contrast();
    this.squaredOutput = (float) teacher.squaredOutput();
    this.halfSquaredOutput = (float) (0.5 * teacher.squaredOutput());
    this.rate = (float) perTurn;
    this.meanContraction = (float) reduction.contraction();
    this.contrastContraction = (float) reduction.contrastContraction();
    this.meanGain = (float) (perTurn * teacher.mean());
    this.contrastGain = (float) (perTurn * teacher.contrast());
    this.meanShift = (float) (perTurn * (k - 1) * teacher.mean());
    this.pull = (float) (k * teacher.mean());
    this.teacherPull = pull * teacherMean;
    this.perStep = (float) (1 / reduction.turning());
    this.overshoot = (float) reduction.overshoot();
    this.targetSlope = (float) reduction.targetSlope();
    this.targetAtZero = (float) (reduction.targetSlope() * (k - 1));
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
      FloatVector squaredOutput = mean.fma(mean, contrast.fma(contrast, rest.mul(rest)));
      VectorMask<Float> filterIn = x.fma(x, y.mul(y)).compare(LE, LIMIT);
      VectorMask<Float> far = squaredOutput.compare(LE, LIMIT).and(filterIn).not();
      VectorMask<Float> over = FloatVector.fromArray(SPECIES, left, at).compare(EQ, ZERO);
      mean.mul(teacherMean).add(contrast.mul(teacherContrast)).intoArray(product, at);
      diverged[v] = far.toLong();
      attention[v] = far.or(over).toLong();
    }
    if (phases) {
      endPhases(vectors);
    }
    if (!verdict) {
      compare(vectors);
    } else if (overshooting) {
      judgeOvershooting(vectors);
    } else {
      judge(vectors);
    }
  }

  private void endPhases(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      VectorMask<Float> line = nearLine(at);
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector q = FloatVector.fromArray(SPECIES, product, at);
      phaseOver[v] = x.compare(LT, ZERO).or(q.compare(GE, halfSquaredOutput)).and(line).toLong();
      attention[v] |= phaseOver[v];
    }
  }

  /** The absorbing verdict: the mean stays in the hull of itself and its targets. */
  private void judge(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector q = FloatVector.fromArray(SPECIES, product, at);
      FloatVector drift =
          FloatVector.fromArray(SPECIES, g, at).sub(1f).mul(squaredOutput).add(teacherPull);
      VectorMask<Float> good =
          mean.max(teacherMean).mul(pull).compare(LE, drift).and(q.compare(GT, ZERO));
      VectorMask<Float> bad =
          mean.min(spuriousMean).mul(pull).compare(GE, drift).and(q.compare(LT, ZERO));
      // η(1+α²)·max|q| < 4n²: no later step turns the filter further past its goal than it was
      // away.
      FloatVector most = contrast.abs().max(teacherContrast).mul(teacherContrast);
      most = mean.abs().max(teacherMean).mul(teacherMean).add(most);
      VectorMask<Float> holds = most.compare(LT, x.fma(x, y.mul(y)).mul(perStep));
      global[v] = good.and(holds).toLong();
      spurious[v] = bad.and(holds).toLong();
      attention[v] |= global[v] | spurious[v];
    }
  }

  /**
   * The same where the mean overshoots its targets, which lie on this side of today's. A text of
   * its own: bounds handed from loop to loop cost the usual case a tenth of its speed.
   */
  private void judgeOvershooting(int vectors) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector target = FloatVector.fromArray(SPECIES, g, at).mul(targetSlope).add(targetAtZero);
      VectorMask<Float> positive = FloatVector.fromArray(SPECIES, product, at).compare(GT, ZERO);
      FloatVector high = target.blend(teacherMean, positive);
      FloatVector low = target.blend(spuriousMean, positive.not());
      FloatVector past = mean.sub(high).max(low.sub(mean)).max(high.sub(low).mul(overshoot));
      past.intoArray(margin, at);
    }
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector past = FloatVector.fromArray(SPECIES, margin, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector q = FloatVector.fromArray(SPECIES, product, at);
      FloatVector drift =
          FloatVector.fromArray(SPECIES, g, at).sub(1f).mul(squaredOutput).add(teacherPull);
      VectorMask<Float> good =
          past.add(teacherMean).mul(pull).compare(LE, drift).and(q.compare(GT, ZERO));
      VectorMask<Float> bad =
          past.neg().add(spuriousMean).mul(pull).compare(GE, drift).and(q.compare(LT, ZERO));
      FloatVector most = contrast.abs().max(teacherContrast).mul(teacherContrast);
      most = past.add(teacherMean).mul(teacherMean).add(most);
      VectorMask<Float> holds = most.compare(LT, x.fma(x, y.mul(y)).mul(perStep));
      global[v] = good.and(holds).toLong();
      spurious[v] = bad.and(holds).toLong();
      attention[v] |= global[v] | spurious[v];
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
      global[v] = nearTeacher(mean, contrast, rest, left).toLong();
      spurious[v] = nearOpposite(mean, contrast, rest, left).toLong();
      attention[v] |= global[v] | spurious[v];
    }
  }

  @Override
  void step(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector cosine = FloatVector.fromArray(SPECIES, this.cosine, at);
      FloatVector sine = FloatVector.fromArray(SPECIES, this.sine, at);
      FloatVector left = FloatVector.fromArray(SPECIES, this.left, at);
      FloatVector h = FloatVector.fromArray(SPECIES, angleLeft, at).add(tilt).mul(rate).mul(sine);
      h = h.mul(FloatVector.fromArray(SPECIES, product, at));
      h = h.mul(FloatVector.fromArray(SPECIES, perNorm, at));
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      h.fma(sine, x).blend(x, held).intoArray(this.x, at);
      h.neg().fma(cosine, y).abs().blend(y, held).intoArray(this.y, at);
      left.sub(1f).blend(left, held).intoArray(this.left, at);
    }
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector g = FloatVector.fromArray(SPECIES, this.g, at);
      FloatVector meanPush = g.mul(meanGain).add(meanShift);
      FloatVector contrastPush = g.sub(1f).mul(contrastGain);
      FloatVector shrunk = rest.mul(contrastContraction).abs();
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      mean.mul(meanContraction).add(meanPush).blend(mean, held).intoArray(this.mean, at);
      contrast
          .mul(contrastContraction)
          .add(contrastPush)
          .blend(contrast, held)
          .intoArray(this.contrast, at);
      // Subnormal numbers cost a hundred times more than others: what is next to nothing is 0.
      shrunk = shrunk.blend(ZERO, shrunk.compare(LT, NOTHING));
      shrunk.blend(rest, held).intoArray(this.rest, at);
    }
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
