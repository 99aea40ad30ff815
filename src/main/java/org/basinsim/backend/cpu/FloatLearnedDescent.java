package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.OutcomeRule;
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

  /** kα*. */
  private final float pull;

  private final float targetProduct;
  private final float perStep;
  private final float overshoot;
  private final float spuriousMean;
  private final float spuriousContrast;
  private final float angle;
  private final float squaredRadius;

  /**
   * @param verdict whether the absorbing verdict ends a restart, rather than nearness
   */
  FloatLearnedDescent(ConvExperiment experiment, boolean verdict) {
    super(experiment);
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
    this.targetProduct = (float) reduction.targetProduct();
    this.perStep = (float) (2 / experiment.stepSize());
    this.overshoot = (float) reduction.overshoot();
    this.spuriousMean = (float) reduction.spuriousMean();
    this.spuriousContrast = (float) reduction.spuriousContrast();
    this.angle = (float) rule.angle();
    double radius = rule.output() * reduction.teacherNorm();
    this.squaredRadius = (float) (radius * radius);
  }

  @Override
  void pass(int vectors, boolean ruled) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector left = FloatVector.fromArray(SPECIES, this.left, at);

      FloatVector squaredNorm = x.fma(x, y.mul(y));
      FloatVector norm = squaredNorm.sqrt();
      FloatVector side = x.abs();
      FloatVector reciprocal = reciprocal(norm, side, y);
      FloatVector perNorm = side.blend(y, y.compare(GT, side)).mul(reciprocal);
      FloatVector cosine = x.mul(perNorm);
      FloatVector sine = y.mul(perNorm);
      FloatVector angleLeft = angleLeft(x, y, side, norm, reciprocal);
      FloatVector g = angleLeft.fma(cosine, sine);
      FloatVector q = mean.mul(teacherMean).add(contrast.mul(teacherContrast));

      VectorMask<Float> held = over(left);
      if (ruled) {
        VectorMask<Float> diverged =
            beyond(squaredNorm).or(beyond(mean.fma(mean, contrast.fma(contrast, rest.mul(rest)))));
        VectorMask<Float> good;
        VectorMask<Float> bad;
        if (verdict) {
          VectorMask<Float> certain = certain(mean, contrast, squaredNorm);
          good = certain.and(absorbedByTeacher(mean, q, g));
          bad = certain.and(absorbedByOpposite(mean, q, g));
        } else {
          good = nearTeacher(mean, contrast, rest, angleLeft);
          bad = nearOpposite(mean, contrast, rest, angleLeft);
        }
        held = held.or(diverged).or(good).or(bad);
        if (phases) {
          VectorMask<Float> turned =
              nearLine(at, side, y).and(x.compare(LT, ZERO).or(q.compare(GE, halfSquaredOutput)));
          phaseOver[v] = turned.toLong();
          held = held.or(turned);
        }
        this.diverged[v] = diverged.toLong();
        global[v] = good.toLong();
        spurious[v] = bad.toLong();
        attention[v] = held.toLong();
      }

      FloatVector h = q.mul(angleLeft).mul(perNorm).mul(rate).mul(sine);
      store(h.fma(sine, x), x, held, this.x, at);
      store(h.neg().fma(cosine, y).abs(), y, held, this.y, at);
      FloatVector nextMean = mean.mul(meanContraction).add(g.mul(meanGain).add(meanShift));
      store(nextMean, mean, held, this.mean, at);
      FloatVector nextContrast =
          contrast.mul(contrastContraction).add(g.mul(contrastGain).sub(contrastGain));
      store(nextContrast, contrast, held, this.contrast, at);
      store(rest.mul(contrastContraction).abs(), rest, held, this.rest, at);
      store(left.sub(1f), left, held, this.left, at);
    }
  }

  /** η·max|q| &lt; 2n²: no later step turns the filter past its goal. */
  private VectorMask<Float> certain(
      FloatVector mean, FloatVector contrast, FloatVector squaredNorm) {
    FloatVector largest =
        mean.abs().mul(teacherMean).add(contrast.abs().mul(teacherContrast)).add(targetProduct);
    return largest.compare(LT, squaredNorm.mul(perStep));
  }

  private VectorMask<Float> absorbedByTeacher(FloatVector mean, FloatVector q, FloatVector g) {
    FloatVector out = outside(mean, mean.sub(teacherMean));
    return q.compare(GT, ZERO).and(out.mul(pull).compare(LE, g.sub(1f).mul(squaredOutput)));
  }

  private VectorMask<Float> absorbedByOpposite(FloatVector mean, FloatVector q, FloatVector g) {
    FloatVector out = outside(mean, mean.sub(spuriousMean).neg());
    FloatVector low = out.add(teacherMean - spuriousMean);
    return q.compare(LT, ZERO).and(low.mul(pull).compare(LE, g.sub(1f).neg().mul(squaredOutput)));
  }

  /**
   * How far the mean may lie outside the hull of its targets from now on.
   *
   * @param past how far it lies past the end in question now
   */
  private FloatVector outside(FloatVector mean, FloatVector past) {
    FloatVector out = positive(past);
    if (overshooting) {
      out = larger(positive(mean.sub(teacherMean)), positive(mean.sub(spuriousMean).neg()));
      out = larger(out, FloatVector.broadcast(SPECIES, overshoot));
    }
    return out;
  }

  private static FloatVector positive(FloatVector value) {
    return larger(value, ZERO);
  }

  private static FloatVector larger(FloatVector a, FloatVector b) {
    return a.blend(b, a.compare(LT, b));
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
