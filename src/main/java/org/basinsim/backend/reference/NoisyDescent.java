package org.basinsim.backend.reference;

import java.util.List;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.Perturbation;
import org.basinsim.random.Elementary;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.random.Uniform;
import org.basinsim.start.ConvStart;

/**
 * Population descent whose gradients are taken at perturbed points, in the coordinates of the exact
 * reduction: {@link Noise} says the step, {@link LearnedReduction} what it sees of it.
 *
 * <p>Of a point uniform in the unit ball of R^d, d > 2, the squared radius in a plane is Beta(1,
 * d∕2), that is 1 − U^(2∕d); its angle is uniform; and given both the rest is uniform in the ball
 * of R^(d−2) whose squared radius is U^(2∕d), of which the squared norm is V^(2∕(d−2)). So ξ needs
 * one plane, spanned by w* and the filter's part beside it; ε the plane of the teacher's axes and,
 * in the ball that is left, another plane, with the output weights' rest along its first axis.
 *
 * <p>Words (stream of the restart, purpose {@code NOISE}, number of the step): 0 and 1 radius and
 * angle of the filter's plane, 2 and 3 of the first plane of the output weights, 4 and 5 of the
 * second; 6 and 7 the norms of what is left of filter and output weights. A ball of R^1 is 2U − 1
 * of the word of its radius.
 */
final class NoisyDescent implements ConvDescent {
  private static final int WORDS = 8;

  private final ConvExperiment experiment;
  private final LearnedReduction learned;
  private final Noise noise;
  private final List<Noise.Epoch> schedule;
  private final long key;
  private final long restart;
  private ConvState state;

  NoisyDescent(ConvExperiment experiment, ConvStart start, long restart) {
    this.experiment = experiment;
    this.learned = LearnedReduction.of(experiment);
    this.noise = experiment.descent().noise().orElseThrow();
    this.schedule = noise.schedule(experiment.stepSize(), experiment.maxSteps());
    this.key = experiment.key();
    this.restart = restart;
    this.state = start.state(restart);
  }

  @Override
  public ConvState state() {
    return state;
  }

  @Override
  public double[] filter() {
    return new double[0];
  }

  @Override
  public Outcome established(int step) {
    return experiment.rule().near(learned, state);
  }

  @Override
  public double loss(int step) {
    return learned.loss(state);
  }

  @Override
  public double[] gradient(int step) {
    return new double[0];
  }

  @Override
  public void step(int step) {
    Noise.Epoch epoch = schedule.get(noise.epoch(step, schedule.size()));
    state = learned.step(state, perturbation(step, epoch), epoch.stepSize());
  }

  private Perturbation perturbation(int step, Noise.Epoch epoch) {
    int[] words = new int[WORDS];
    for (int lane = 0; lane < WORDS / 4; lane++) {
      Philox.block(key, restart, Purpose.NOISE, step, lane, words, 4 * lane);
    }
    double[] filter = ball(experiment.patchSize(), words[0], words[1]);
    double across = left(experiment.patchSize() - 2, words[6]) * filter[2];
    int k = experiment.patches();
    double[] output = ball(k, words[2], words[3]);
    double[] rest = ball(k - 2, words[4], words[5]);
    double beside = left(k - 4, words[7]) * rest[2];
    double w = epoch.filter();
    double a = epoch.output();
    double r = a * output[2];
    return new Perturbation(
        w * filter[0],
        w * filter[1],
        w * across,
        a * output[0],
        a * output[1],
        r * rest[0],
        r * Math.sqrt(rest[1] * rest[1] + beside * beside));
  }

  /**
   * Of a point uniform in the unit ball of R^d: two components, and the radius of the ball that is
   * left beside them; what there is no room for is 0.
   */
  private static double[] ball(int d, int radius, int turn) {
    if (d < 2) {
      return new double[] {d < 1 ? 0 : 2 * Uniform.of(radius) - 1, 0, 0};
    }
    double part = -powerComplement(radius, 2.0 / d);
    double inPlane = Math.sqrt(part);
    return new double[] {
      inPlane * Elementary.cosineOfTurn(turn),
      inPlane * Elementary.sineOfTurn(turn),
      d == 2 ? 0 : Math.sqrt(1 - part)
    };
  }

  /** The norm of a point uniform in the unit ball of R^d, 0 where there is no room. */
  private static double left(int d, int word) {
    return d < 1 ? 0 : Math.sqrt(1 + powerComplement(word, 2.0 / d));
  }

  /** U^power − 1 for the uniform U of a word, accurate also where it is small. */
  private static double powerComplement(int word, double power) {
    return Elementary.expm1(-0.5 * power * Gaussian.exponential(word));
  }
}
