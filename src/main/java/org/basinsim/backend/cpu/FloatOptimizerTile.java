package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Optimizer;

/**
 * The optimizer of a {@link FloatTile}: turns gradients into steps, with what it remembers of each
 * lane's restart between them. Layout as in the tile, filter first, then output weights.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatOptimizerTile {
  private static final VectorSpecies<Float> SPECIES = FloatTile.SPECIES;
  private static final int LENGTH = FloatTile.LENGTH;
  private static final int LANES = FloatTile.LANES;
  private static final int FIRST = FloatTile.FIRST;

  private final Optimizer optimizer;
  private final double stepSize;
  private final int weights;

  /** m of {@link Optimizer}. */
  private final float[] mean;

  /** s of {@link Optimizer}. */
  private final float[] square;

  /** By lane: β₁ᵗ and β₂ᵗ of the last step t; η ∕ (1−β₁ᵗ) and 1 ∕ (1−β₂ᵗ) of the one at hand. */
  private final double[] power1 = new double[LANES];

  private final double[] power2 = new double[LANES];
  private final float[] meanScale = new float[FIRST + LANES];
  private final float[] squareScale = new float[FIRST + LANES];

  /** Lanes that sit the next step out, as bits. */
  private long resting;

  /**
   * @param weights of a restart
   */
  FloatOptimizerTile(Descent descent, int weights) {
    this.optimizer = descent.optimizer();
    this.stepSize = descent.stepSize();
    this.weights = weights;
    boolean means = optimizer instanceof Optimizer.Momentum || optimizer instanceof Optimizer.Adam;
    boolean squares = optimizer instanceof Optimizer.AdaGrad || optimizer instanceof Optimizer.Adam;
    this.mean = new float[means ? FIRST + weights * LANES : 0];
    this.square = new float[squares ? FIRST + weights * LANES : 0];
  }

  /** Forgets the restart of a lane. */
  void forget(int lane) {
    clear(mean, lane);
    clear(square, lane);
    power1[lane] = 1;
    power2[lane] = 1;
  }

  private void clear(float[] array, int lane) {
    for (int n = 0; n < weights && array.length > 0; n++) {
      array[n * LANES + lane + FIRST] = 0;
    }
  }

  /** Lets a lane without gradient and memory sit the next step out: it is none of its restart's. */
  void rest(int lane) {
    resting |= 1L << lane;
  }

  /** Makes ready for a step of all weights. */
  void begin() {
    if (optimizer instanceof Optimizer.Adam adam) {
      for (int lane = 0; lane < LANES; lane++) {
        if ((resting >>> lane & 1) == 0) {
          power1[lane] *= adam.beta1();
          power2[lane] *= adam.beta2();
          meanScale[FIRST + lane] = (float) (stepSize / (1 - power1[lane]));
          squareScale[FIRST + lane] = (float) (1 / (1 - power2[lane]));
        }
      }
      // Whatever the scales of a lane that rests: its mean is 0.
    }
    resting = 0;
  }

  /**
   * Steps a part of the weights.
   *
   * @param array the weights
   * @param gradient as long, or longer
   * @param from number of the first of them among all weights
   * @param count how many
   */
  void step(float[] array, float[] gradient, int from, int count) {
    int end = FIRST + count * LANES;
    int own = from * LANES;
    switch (optimizer) {
      case Optimizer.Gd() -> plain(array, gradient, end, (float) -stepSize);
      case Optimizer.Momentum(double momentum) ->
          heavyBall(array, gradient, own, end, (float) momentum, (float) -stepSize);
      case Optimizer.AdaGrad(double epsilon) ->
          adaGrad(array, gradient, own, end, (float) epsilon, (float) -stepSize);
      case Optimizer.Adam adam -> adam(adam, array, gradient, own, end);
    }
  }

  private static void plain(float[] w, float[] gradient, int end, float minus) {
    FloatVector factor = FloatVector.broadcast(SPECIES, minus);
    for (int at = FIRST; at < end; at += LENGTH) {
      FloatVector.fromArray(SPECIES, gradient, at)
          .fma(factor, FloatVector.fromArray(SPECIES, w, at))
          .intoArray(w, at);
    }
  }

  private void heavyBall(float[] w, float[] gradient, int own, int end, float keep, float minus) {
    FloatVector factor = FloatVector.broadcast(SPECIES, minus);
    FloatVector kept = FloatVector.broadcast(SPECIES, keep);
    for (int at = FIRST; at < end; at += LENGTH) {
      FloatVector m =
          FloatVector.fromArray(SPECIES, mean, own + at)
              .fma(kept, FloatVector.fromArray(SPECIES, gradient, at));
      m.intoArray(mean, own + at);
      m.fma(factor, FloatVector.fromArray(SPECIES, w, at)).intoArray(w, at);
    }
  }

  private void adaGrad(float[] w, float[] gradient, int own, int end, float epsilon, float minus) {
    FloatVector factor = FloatVector.broadcast(SPECIES, minus);
    for (int at = FIRST; at < end; at += LENGTH) {
      FloatVector g = FloatVector.fromArray(SPECIES, gradient, at);
      FloatVector s = g.fma(g, FloatVector.fromArray(SPECIES, square, own + at));
      s.intoArray(square, own + at);
      g.div(s.sqrt().add(epsilon))
          .fma(factor, FloatVector.fromArray(SPECIES, w, at))
          .intoArray(w, at);
    }
  }

  private void adam(Optimizer.Adam adam, float[] w, float[] gradient, int own, int end) {
    FloatVector keep1 = FloatVector.broadcast(SPECIES, (float) adam.beta1());
    FloatVector keep2 = FloatVector.broadcast(SPECIES, (float) adam.beta2());
    FloatVector take1 = FloatVector.broadcast(SPECIES, (float) (1 - adam.beta1()));
    FloatVector take2 = FloatVector.broadcast(SPECIES, (float) (1 - adam.beta2()));
    float epsilon = (float) adam.epsilon();
    for (int i = 0; i < LANES; i += LENGTH) {
      FloatVector scale1 = FloatVector.fromArray(SPECIES, meanScale, FIRST + i);
      FloatVector scale2 = FloatVector.fromArray(SPECIES, squareScale, FIRST + i);
      for (int at = FIRST + i; at < end; at += LANES) {
        FloatVector g = FloatVector.fromArray(SPECIES, gradient, at);
        FloatVector m = g.mul(take1).add(FloatVector.fromArray(SPECIES, mean, own + at).mul(keep1));
        m.intoArray(mean, own + at);
        FloatVector s =
            g.mul(g).mul(take2).add(FloatVector.fromArray(SPECIES, square, own + at).mul(keep2));
        s.intoArray(square, own + at);
        FloatVector change = m.mul(scale1).div(s.mul(scale2).sqrt().add(epsilon));
        FloatVector.fromArray(SPECIES, w, at).sub(change).intoArray(w, at);
      }
    }
  }
}
