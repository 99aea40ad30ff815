package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Teacher;

/**
 * Picks the lanes of a {@link FloatTile} that may be near a minimum or may have diverged: every
 * lane that the rule ends, and few others. The rule itself is applied to these alone.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatNearTile {
  private static final VectorSpecies<Float> SPECIES = FloatTile.SPECIES;
  private static final int LENGTH = FloatTile.LENGTH;
  private static final int LANES = FloatTile.LANES;
  private static final int FIRST = FloatTile.FIRST;

  /**
   * How much further than the rule is looked, relative: above the rounding of sums of thousands of
   * terms in single precision, 4000·2⁻²⁴ = 2·10⁻⁴.
   */
  private static final double MARGIN = 1e-3;

  private static final float SQUARED_LIMIT =
      (float) Math.pow((1 - MARGIN) * Outcome.DIVERGENCE_NORM, 2);

  private final boolean learned;
  private final float[] direction;
  private final float[] filter;
  private final float[] output;
  private final float[] spurious;
  private final float squaredDistance;
  private final float squaredRadius;
  private final float squaredSpuriousRadius;
  private final float cosine;
  private final float spuriousCosine;

  FloatNearTile(ConvExperiment experiment) {
    Teacher teacher = experiment.teacher();
    OutcomeRule rule = experiment.rule();
    LearnedReduction reduction = LearnedReduction.of(experiment);
    double roundoff = experiment.precision().unitRoundoff();
    this.learned = experiment.learned();
    this.direction = narrow(teacher.unitFilter());
    this.filter = narrow(teacher.filter());
    this.output = narrow(teacher.scaledOutput());
    this.spurious = narrow(spuriousOutput(teacher, reduction));
    this.squaredDistance = squaredRadius(rule.distance(), teacher.filterNorm(), roundoff);
    this.squaredRadius = squaredRadius(rule.output(), reduction.teacherNorm(), roundoff);
    this.squaredSpuriousRadius = reduction.spuriousIsMinimum() ? squaredRadius : -1;
    this.cosine = (float) (Math.cos(rule.angle()) - MARGIN);
    this.spuriousCosine = (float) (MARGIN - Math.cos(Math.min(Math.PI, 2 * rule.angle())));
  }

  /** Targets are rounded too, each number by half an ulp: 4 unit roundoffs of the norm cover it. */
  private static float squaredRadius(double relative, double norm, double roundoff) {
    double radius = ((1 + MARGIN) * relative + 4 * roundoff) * norm;
    return (float) (radius * radius);
  }

  private static double[] spuriousOutput(Teacher teacher, LearnedReduction reduction) {
    double[] a = teacher.meanAxis();
    double[] contrast = teacher.contrastAxis();
    for (int j = 0; j < a.length; j++) {
      a[j] = reduction.spuriousMean() * a[j] + reduction.spuriousContrast() * contrast[j];
    }
    return a;
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** The lanes to look at, as bits. */
  long lanes(FloatTile tile) {
    long lanes = 0;
    for (int i = 0; i < LANES; i += LENGTH) {
      lanes |= (learned ? learned(tile, i) : average(tile, i)).toLong() << i;
    }
    return lanes;
  }

  private VectorMask<Float> learned(FloatTile tile, int i) {
    FloatVector squaredNorm = FloatVector.zero(SPECIES);
    FloatVector x = FloatVector.zero(SPECIES);
    for (int c = 0; c < direction.length; c++) {
      FloatVector v = FloatVector.fromArray(SPECIES, tile.filter, FIRST + c * LANES + i);
      squaredNorm = v.fma(v, squaredNorm);
      x = v.fma(FloatVector.broadcast(SPECIES, direction[c]), x);
    }
    FloatVector norm = squaredNorm.sqrt();
    VectorMask<Float> global =
        squaredDistance(tile.output, output, i)
            .compare(LE, squaredRadius)
            .and(x.compare(GE, norm.mul(cosine)));
    VectorMask<Float> opposite =
        squaredDistance(tile.output, spurious, i)
            .compare(LE, squaredSpuriousRadius)
            .and(x.compare(LE, norm.mul(spuriousCosine)));
    VectorMask<Float> finite =
        squaredNorm
            .compare(LE, SQUARED_LIMIT)
            .and(squaredNorm(tile.output, output.length, i).compare(LE, SQUARED_LIMIT));
    return global.or(opposite).or(finite.not());
  }

  private VectorMask<Float> average(FloatTile tile, int i) {
    return squaredDistance(tile.filter, filter, i)
        .compare(LE, squaredDistance)
        .or(squaredNorm(tile.filter, filter.length, i).compare(LE, SQUARED_LIMIT).not());
  }

  private static FloatVector squaredNorm(float[] array, int count, int i) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int n = 0; n < count; n++) {
      FloatVector x = FloatVector.fromArray(SPECIES, array, FIRST + n * LANES + i);
      sum = x.fma(x, sum);
    }
    return sum;
  }

  private static FloatVector squaredDistance(float[] array, float[] target, int i) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int n = 0; n < target.length; n++) {
      FloatVector x = FloatVector.fromArray(SPECIES, array, FIRST + n * LANES + i).sub(target[n]);
      sum = x.fma(x, sum);
    }
    return sum;
  }
}
