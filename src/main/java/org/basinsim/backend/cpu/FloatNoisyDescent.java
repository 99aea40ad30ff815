package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.LT;

import java.util.List;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.Recorded;

/** The noisy step of {@link LearnedReduction}, in lanes. Rules are those of descent without. */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatNoisyDescent extends FloatLearnedDescent {
  private final Noise noise;
  private final int epochs;
  private final FloatNoiseTile draws;

  /** η∕2π, ρ_w and ρ_a of the epochs. */
  private final float[] rates;

  private final float[] filterRadii;
  private final float[] outputRadii;

  /** The same of the lanes. */
  private final float[] rate = new float[LANES];

  private final float[] filterRadius = new float[LANES];
  private final float[] outputRadius = new float[LANES];

  /** k + π − 1, kα* − α*. */
  private final float meanPull;

  private final float meanShift;

  /**
   * u of the filter: along the teacher, along the filter's part beside it; norm across, squared.
   */
  private final float[] along = new float[LANES];

  private final float[] beside = new float[LANES];
  private final float[] across = new float[LANES];

  FloatNoisyDescent(ConvExperiment experiment, Set<Recorded> noted) {
    super(experiment, noted, false);
    int k = experiment.patches();
    this.noise = experiment.descent().noise().orElseThrow();
    List<Noise.Epoch> schedule = noise.schedule(experiment.stepSize(), experiment.maxSteps());
    this.epochs = schedule.size();
    this.rates = new float[epochs];
    this.filterRadii = new float[epochs];
    this.outputRadii = new float[epochs];
    for (int e = 0; e < epochs; e++) {
      rates[e] = (float) (schedule.get(e).stepSize() / (2 * Math.PI));
      filterRadii[e] = (float) schedule.get(e).filter();
      outputRadii[e] = (float) schedule.get(e).output();
    }
    this.draws = new FloatNoiseTile(experiment.key(), experiment.patchSize(), k, VECTORS);
    this.meanPull = (float) (k + Math.PI - 1);
    this.meanShift = (float) ((k - 1) * experiment.teacher().mean());
  }

  @Override
  void step(int vectors) {
    for (int lane = 0; lane < vectors * LENGTH; lane++) {
      int number = due[lane] - (int) left[lane];
      int e = noise.epoch(number, epochs);
      rate[lane] = rates[e];
      filterRadius[lane] = filterRadii[e];
      outputRadius[lane] = outputRadii[e];
      draws.name(lane, first + row[lane], number);
    }
    draws.draw(vectors);
    perturbFilters(vectors);
    turnPerturbed(vectors);
    stepFilters(vectors);
    stepOutputs(vectors);
    stepRest(vectors);
  }

  private void perturbFilters(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      int point = at * FloatNoiseTile.WORDS;
      FloatVector radius = FloatVector.fromArray(SPECIES, filterRadius, at);
      FloatVector x = FloatVector.fromArray(SPECIES, draws.points, point);
      FloatVector y = FloatVector.fromArray(SPECIES, draws.points, point + LENGTH);
      FloatVector left = FloatVector.fromArray(SPECIES, draws.filterLeft, at);
      left = left.mul(FloatVector.fromArray(SPECIES, draws.points, point + 6 * LENGTH));
      x = x.fma(radius, FloatVector.fromArray(SPECIES, this.x, at));
      y = y.fma(radius, FloatVector.fromArray(SPECIES, this.y, at));
      FloatVector square = left.mul(radius.mul(radius));
      FloatVector off = y.fma(y, square).sqrt();
      FloatVector reciprocal = ONE.div(x.fma(x, off.mul(off)).sqrt());
      x.intoArray(along, at);
      y.intoArray(beside, at);
      square.intoArray(across, at);
      reciprocal.intoArray(perNorm, at);
      x.mul(reciprocal).intoArray(cosine, at);
      off.mul(reciprocal).intoArray(sine, at);
    }
  }

  /** π − φ and g of the perturbed filters. */
  private void turnPerturbed(int vectors) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector cosine = FloatVector.fromArray(SPECIES, this.cosine, at);
      FloatVector sine = FloatVector.fromArray(SPECIES, this.sine, at);
      FloatVector left = FloatLanes.atan2(sine, cosine.neg());
      left.intoArray(angleLeft, at);
      left.fma(cosine, sine).intoArray(g, at);
    }
  }

  private void stepFilters(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      int point = (v * FloatNoiseTile.WORDS + 2) * LENGTH;
      FloatVector radius = FloatVector.fromArray(SPECIES, outputRadius, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, draws.points, point);
      FloatVector contrast = FloatVector.fromArray(SPECIES, draws.points, point + LENGTH);
      mean = mean.fma(radius, FloatVector.fromArray(SPECIES, this.mean, at));
      contrast = contrast.fma(radius, FloatVector.fromArray(SPECIES, this.contrast, at));
      FloatVector h = mean.mul(teacherMean).add(contrast.mul(teacherContrast));
      h = h.mul(FloatVector.fromArray(SPECIES, rate, at));
      h = h.mul(FloatVector.fromArray(SPECIES, angleLeft, at));
      FloatVector perNorm = FloatVector.fromArray(SPECIES, this.perNorm, at);
      h = h.mul(perNorm);
      FloatVector sine = FloatVector.fromArray(SPECIES, this.sine, at);
      FloatVector turn = h.mul(FloatVector.fromArray(SPECIES, cosine, at)).mul(perNorm);
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector off = turn.neg().fma(FloatVector.fromArray(SPECIES, beside, at), y);
      FloatVector square = turn.mul(turn).mul(FloatVector.fromArray(SPECIES, across, at));
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      h.mul(sine).fma(sine, x).blend(x, held).intoArray(this.x, at);
      off.fma(off, square).sqrt().blend(y, held).intoArray(this.y, at);
      FloatVector left = FloatVector.fromArray(SPECIES, this.left, at);
      left.sub(1f).blend(left, held).intoArray(this.left, at);
    }
  }

  private void stepOutputs(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      int point = (v * FloatNoiseTile.WORDS + 2) * LENGTH;
      FloatVector radius = FloatVector.fromArray(SPECIES, outputRadius, at);
      FloatVector rate = FloatVector.fromArray(SPECIES, this.rate, at);
      FloatVector g = FloatVector.fromArray(SPECIES, this.g, at);
      FloatVector mean = FloatVector.fromArray(SPECIES, this.mean, at);
      FloatVector contrast = FloatVector.fromArray(SPECIES, this.contrast, at);
      FloatVector meanSeen = FloatVector.fromArray(SPECIES, draws.points, point);
      FloatVector contrastSeen = FloatVector.fromArray(SPECIES, draws.points, point + LENGTH);
      meanSeen = meanSeen.fma(radius, mean).mul(meanPull);
      contrastSeen = contrastSeen.fma(radius, contrast).mul((float) (Math.PI - 1));
      FloatVector meanPush = g.mul(teacherMean).add(meanShift).sub(meanSeen);
      FloatVector contrastPush = g.sub(1f).mul(teacherContrast).sub(contrastSeen);
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      rate.fma(meanPush, mean).blend(mean, held).intoArray(this.mean, at);
      rate.fma(contrastPush, contrast).blend(contrast, held).intoArray(this.contrast, at);
    }
  }

  /** What is beside the teacher's axes moves along itself and across. */
  private void stepRest(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      int point = (v * FloatNoiseTile.WORDS + 4) * LENGTH;
      FloatVector radius = FloatVector.fromArray(SPECIES, draws.outputLeft, at).sqrt();
      radius = radius.mul(FloatVector.fromArray(SPECIES, outputRadius, at));
      FloatVector along = FloatVector.fromArray(SPECIES, draws.points, point);
      FloatVector across = FloatVector.fromArray(SPECIES, draws.points, point + LENGTH);
      FloatVector left = FloatVector.fromArray(SPECIES, draws.restLeft, at);
      left = left.mul(FloatVector.fromArray(SPECIES, draws.points, point + 3 * LENGTH));
      FloatVector rest = FloatVector.fromArray(SPECIES, this.rest, at);
      FloatVector shrink = FloatVector.fromArray(SPECIES, rate, at).mul((float) (Math.PI - 1));
      FloatVector kept = shrink.neg().fma(along.fma(radius, rest), rest);
      FloatVector moved = shrink.mul(radius);
      FloatVector square = across.fma(across, left).mul(moved.mul(moved));
      FloatVector norm = kept.fma(kept, square).sqrt();
      // Subnormal numbers cost a hundred times more than others: what is next to nothing is 0.
      norm = norm.blend(ZERO, norm.compare(LT, NOTHING));
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      norm.blend(rest, held).intoArray(this.rest, at);
    }
  }
}
