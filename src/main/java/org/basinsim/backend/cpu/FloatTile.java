package org.basinsim.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.ConvExperiment;

/**
 * Some restarts of direct descent side by side, one a lane: four vectors of filters and output
 * weights, and the arithmetic of a step that does not depend on where inputs come from.
 *
 * <p>f(Z) = Σ_j a_j σ(w·Z_j) with w = v∕‖v‖ where output weights are learned and w = v where they
 * are averaged. With e_b the residual of input b, a step needs
 *
 * <pre>
 *   ∂a_j = Σ_b e_b σ(w·Z_bj)        G = Σ_b e_b Σ_j a_j 1[w·Z_bj > 0] Z_bj
 * </pre>
 *
 * which are gathered a chunk of inputs at a time: activations are written to {@link #hidden} by
 * whoever has the inputs, {@link #weigh} replaces them by e_b a_j 1[·], and whoever has the inputs
 * adds these times Z_bj to {@link #gradient}. Lanes never mix and every sum has a fixed order, so a
 * restart does not depend on its lane or its neighbours.
 *
 * <p>Layout: number n of a restart in lane l of vector i is at {@code FIRST + n·LANES + i·LENGTH +
 * l}.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatTile {
  static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
  static final int LENGTH = SPECIES.length();

  /** Vectors side by side: with as many patches they make a block that the registers hold. */
  static final int VECTORS = 4;

  /** Restarts in a tile, at most 64. */
  static final int LANES = VECTORS * LENGTH;

  /**
   * Index of the first number: 64 bytes after the start of an array, whose header takes 16. Where
   * the JVM places objects at multiples of 64 bytes, as the launcher asks, no vector then crosses a
   * cache line: up to 15 % faster.
   */
  static final int FIRST = 48 / Float.BYTES;

  private final int p;
  private final int k;
  private final boolean learned;
  private final float[] inverseNorm = new float[FIRST + LANES];
  private final float[] squaredResiduals = new float[FIRST + LANES];
  private final float[] outputGradient;
  private final FloatOptimizerTile optimizer;

  /** α of the activation, 0 for ReLU. */
  final float slope;

  /** v, p numbers a restart. */
  final float[] filter;

  /** a, k numbers a restart. */
  final float[] output;

  /** w, p numbers a restart. */
  final float[] unit;

  /** G, p numbers a restart, rounded up to blocks of four. */
  final float[] gradient;

  /** Activations of a chunk, then their weights in G: patches numbers a restart. */
  final float[] hidden;

  /** Minus the labels of a chunk, then its residuals: inputs numbers a restart. */
  final float[] residual;

  /**
   * A tile with scratch memory of its own.
   *
   * @param inputs inputs in a chunk at most
   */
  FloatTile(ConvExperiment experiment, int inputs) {
    this(
        experiment,
        new float[FIRST + (inputs * experiment.patches() + 3) / 4 * 4 * LANES],
        new float[FIRST + inputs * LANES]);
  }

  /** A tile that takes turns with another, so that their scratch memory stays in the L1 cache. */
  FloatTile(ConvExperiment experiment, FloatTile other) {
    this(experiment, other.hidden, other.residual);
  }

  private FloatTile(ConvExperiment experiment, float[] hidden, float[] residual) {
    this.p = experiment.patchSize();
    this.k = experiment.patches();
    this.learned = experiment.learned();
    this.slope = (float) experiment.network().slope();
    this.filter = new float[FIRST + p * LANES];
    this.output = new float[FIRST + k * LANES];
    this.unit = new float[FIRST + p * LANES];
    this.gradient = new float[FIRST + (p + 3) / 4 * 4 * LANES];
    this.outputGradient = new float[FIRST + k * LANES];
    this.optimizer = new FloatOptimizerTile(experiment.descent(), learned ? p + k : p);
    this.hidden = hidden;
    this.residual = residual;
  }

  /** Puts a restart into a lane. */
  void load(int lane, double[] v, double[] a) {
    for (int c = 0; c < p; c++) {
      filter[c * LANES + lane + FIRST] = (float) v[c];
    }
    for (int j = 0; j < k; j++) {
      output[j * LANES + lane + FIRST] = (float) a[j];
    }
    optimizer.forget(lane);
  }

  /** v of a lane, length p. */
  double[] filter(int lane) {
    return column(filter, p, lane);
  }

  /** a of a lane, length k. */
  double[] output(int lane) {
    return column(output, k, lane);
  }

  /** The gradient of a lane after {@link #finishGradient}: p numbers, then k where learned. */
  double[] wholeGradient(int lane) {
    double[] whole = Arrays.copyOf(column(gradient, p, lane), learned ? p + k : p);
    if (learned) {
      System.arraycopy(column(outputGradient, k, lane), 0, whole, p, k);
    }
    return whole;
  }

  /** Σ_b e_b² of a lane over all inputs since {@link #begin}. */
  double squaredResiduals(int lane) {
    return squaredResiduals[FIRST + lane];
  }

  private static double[] column(float[] array, int length, int lane) {
    double[] column = new double[length];
    for (int n = 0; n < length; n++) {
      column[n] = array[n * LANES + lane + FIRST];
    }
    return column;
  }

  /** Starts a step: w from v, all sums from zero. */
  void begin() {
    Arrays.fill(gradient, 0);
    Arrays.fill(outputGradient, 0);
    Arrays.fill(squaredResiduals, 0);
    if (!learned) {
      System.arraycopy(filter, 0, unit, 0, filter.length);
      return;
    }
    for (int i = FIRST; i < FIRST + LANES; i += LENGTH) {
      FloatVector square = squaredNorm(filter, p, i);
      FloatVector inverse = FloatVector.broadcast(SPECIES, 1f).div(square.sqrt());
      inverse.intoArray(inverseNorm, i);
      for (int at = i; at < FIRST + p * LANES; at += LANES) {
        FloatVector.fromArray(SPECIES, filter, at).mul(inverse).intoArray(unit, at);
      }
    }
  }

  /** From activations and labels of a chunk to residuals, ∂a and the weights in G. */
  void weigh(int inputs) {
    residuals(inputs);
    for (int j = 0; j < k && leaks(); j++) {
      weighLeaking(j, inputs);
    }
    for (int j = 0; j < k && !leaks(); j++) {
      weigh(j, inputs);
    }
  }

  /** Whether whoever has the inputs leaves w·Z as it is: {@link #leak} makes σ(w·Z) of it. */
  boolean leaks() {
    return slope != 0;
  }

  /**
   * From w·Z to σ(w·Z) where the activation leaks.
   *
   * @param from index of the first
   * @param width restarts side by side
   */
  void leak(int from, int patches, int width) {
    if (!leaks()) {
      return;
    }
    for (int n = from; n < from + patches * LANES; n += LANES) {
      for (int at = n; at < n + width; at += LENGTH) {
        FloatVector z = FloatVector.fromArray(SPECIES, hidden, at);
        z.mul(slope).blend(z, z.compare(VectorOperators.GT, 0)).intoArray(hidden, at);
      }
    }
  }

  /** As {@link #weigh(int, int)}, with e_b a_j α where h_bj is not above 0. */
  private void weighLeaking(int j, int inputs) {
    for (int i = FIRST; i < FIRST + LANES; i += LENGTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, output, i + j * LANES);
      FloatVector g = FloatVector.fromArray(SPECIES, outputGradient, i + j * LANES);
      for (int b = 0; b < inputs; b++) {
        int at = i + (b * k + j) * LANES;
        FloatVector e = FloatVector.fromArray(SPECIES, residual, i + b * LANES);
        FloatVector h = FloatVector.fromArray(SPECIES, hidden, at);
        FloatVector weight = e.mul(a);
        g = e.fma(h, g);
        weight.mul(slope).blend(weight, h.compare(VectorOperators.GT, 0)).intoArray(hidden, at);
      }
      g.intoArray(outputGradient, i + j * LANES);
    }
  }

  private void residuals(int inputs) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, squaredResiduals, FIRST);
    FloatVector s1 = FloatVector.fromArray(SPECIES, squaredResiduals, FIRST + LENGTH);
    FloatVector s2 = FloatVector.fromArray(SPECIES, squaredResiduals, FIRST + 2 * LENGTH);
    FloatVector s3 = FloatVector.fromArray(SPECIES, squaredResiduals, FIRST + 3 * LENGTH);
    for (int b = 0; b < inputs; b++) {
      int at = FIRST + b * LANES;
      FloatVector e0 = FloatVector.fromArray(SPECIES, residual, at);
      FloatVector e1 = FloatVector.fromArray(SPECIES, residual, at + LENGTH);
      FloatVector e2 = FloatVector.fromArray(SPECIES, residual, at + 2 * LENGTH);
      FloatVector e3 = FloatVector.fromArray(SPECIES, residual, at + 3 * LENGTH);
      int h = b * k * LANES;
      for (int a = FIRST; a < FIRST + k * LANES; a += LANES) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, output, a);
        e0 = a0.fma(FloatVector.fromArray(SPECIES, hidden, h + a), e0);
        FloatVector a1 = FloatVector.fromArray(SPECIES, output, a + LENGTH);
        e1 = a1.fma(FloatVector.fromArray(SPECIES, hidden, h + a + LENGTH), e1);
        FloatVector a2 = FloatVector.fromArray(SPECIES, output, a + 2 * LENGTH);
        e2 = a2.fma(FloatVector.fromArray(SPECIES, hidden, h + a + 2 * LENGTH), e2);
        FloatVector a3 = FloatVector.fromArray(SPECIES, output, a + 3 * LENGTH);
        e3 = a3.fma(FloatVector.fromArray(SPECIES, hidden, h + a + 3 * LENGTH), e3);
      }
      e0.intoArray(residual, at);
      e1.intoArray(residual, at + LENGTH);
      e2.intoArray(residual, at + 2 * LENGTH);
      e3.intoArray(residual, at + 3 * LENGTH);
      s0 = e0.fma(e0, s0);
      s1 = e1.fma(e1, s1);
      s2 = e2.fma(e2, s2);
      s3 = e3.fma(e3, s3);
    }
    s0.intoArray(squaredResiduals, FIRST);
    s1.intoArray(squaredResiduals, FIRST + LENGTH);
    s2.intoArray(squaredResiduals, FIRST + 2 * LENGTH);
    s3.intoArray(squaredResiduals, FIRST + 3 * LENGTH);
  }

  /** ∂a_j, and e_b a_j 1[h_bj > 0] in place of h_bj, for one patch of every input. */
  private void weigh(int j, int inputs) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int at = FIRST + j * LANES;
    FloatVector a0 = FloatVector.fromArray(SPECIES, output, at);
    FloatVector a1 = FloatVector.fromArray(SPECIES, output, at + LENGTH);
    FloatVector a2 = FloatVector.fromArray(SPECIES, output, at + 2 * LENGTH);
    FloatVector a3 = FloatVector.fromArray(SPECIES, output, at + 3 * LENGTH);
    FloatVector g0 = FloatVector.fromArray(SPECIES, outputGradient, at);
    FloatVector g1 = FloatVector.fromArray(SPECIES, outputGradient, at + LENGTH);
    FloatVector g2 = FloatVector.fromArray(SPECIES, outputGradient, at + 2 * LENGTH);
    FloatVector g3 = FloatVector.fromArray(SPECIES, outputGradient, at + 3 * LENGTH);
    for (int b = 0; b < inputs; b++) {
      int r = FIRST + b * LANES;
      int h = FIRST + (b * k + j) * LANES;
      FloatVector e0 = FloatVector.fromArray(SPECIES, residual, r);
      FloatVector e1 = FloatVector.fromArray(SPECIES, residual, r + LENGTH);
      FloatVector e2 = FloatVector.fromArray(SPECIES, residual, r + 2 * LENGTH);
      FloatVector e3 = FloatVector.fromArray(SPECIES, residual, r + 3 * LENGTH);
      FloatVector h0 = FloatVector.fromArray(SPECIES, hidden, h);
      FloatVector h1 = FloatVector.fromArray(SPECIES, hidden, h + LENGTH);
      FloatVector h2 = FloatVector.fromArray(SPECIES, hidden, h + 2 * LENGTH);
      FloatVector h3 = FloatVector.fromArray(SPECIES, hidden, h + 3 * LENGTH);
      g0 = e0.fma(h0, g0);
      g1 = e1.fma(h1, g1);
      g2 = e2.fma(h2, g2);
      g3 = e3.fma(h3, g3);
      zero.blend(e0.mul(a0), h0.compare(VectorOperators.GT, zero)).intoArray(hidden, h);
      zero.blend(e1.mul(a1), h1.compare(VectorOperators.GT, zero)).intoArray(hidden, h + LENGTH);
      zero.blend(e2.mul(a2), h2.compare(VectorOperators.GT, zero))
          .intoArray(hidden, h + 2 * LENGTH);
      zero.blend(e3.mul(a3), h3.compare(VectorOperators.GT, zero))
          .intoArray(hidden, h + 3 * LENGTH);
    }
    g0.intoArray(outputGradient, at);
    g1.intoArray(outputGradient, at + LENGTH);
    g2.intoArray(outputGradient, at + 2 * LENGTH);
    g3.intoArray(outputGradient, at + 3 * LENGTH);
  }

  /**
   * Turns the sums over a batch into the gradient of the loss: (1∕2B) Σ e² through the
   * normalization where output weights are learned, (1∕B) Σ e² otherwise.
   *
   * @param batch B
   */
  void finishGradient(int batch) {
    float scale = (learned ? 1f : 2f) / batch;
    for (int i = FIRST; i < FIRST + LANES; i += LENGTH) {
      if (learned) {
        throughNormalization(i, scale);
        for (int at = i; at < FIRST + k * LANES; at += LANES) {
          FloatVector.fromArray(SPECIES, outputGradient, at)
              .mul(scale)
              .intoArray(outputGradient, at);
        }
      } else {
        for (int at = i; at < FIRST + p * LANES; at += LANES) {
          FloatVector.fromArray(SPECIES, gradient, at).mul(scale).intoArray(gradient, at);
        }
      }
    }
  }

  /** The gradient in v is (I − wwᵀ)∕‖v‖ times that in w. */
  private void throughNormalization(int i, float scale) {
    FloatVector radial = FloatVector.zero(SPECIES);
    for (int at = i; at < FIRST + p * LANES; at += LANES) {
      radial =
          FloatVector.fromArray(SPECIES, gradient, at)
              .fma(FloatVector.fromArray(SPECIES, unit, at), radial);
    }
    FloatVector minusRadial = radial.neg();
    FloatVector factor = FloatVector.fromArray(SPECIES, inverseNorm, i).mul(scale);
    for (int at = i; at < FIRST + p * LANES; at += LANES) {
      FloatVector w = FloatVector.fromArray(SPECIES, unit, at);
      FloatVector tangent = w.fma(minusRadial, FloatVector.fromArray(SPECIES, gradient, at));
      tangent.mul(factor).intoArray(gradient, at);
    }
  }

  /** Lets a lane whose restart was just put there stay where it is in the next step. */
  void clearGradient(int lane) {
    for (int c = 0; c < p; c++) {
      gradient[c * LANES + lane + FIRST] = 0;
    }
    for (int j = 0; j < k; j++) {
      outputGradient[j * LANES + lane + FIRST] = 0;
    }
    optimizer.rest(lane);
  }

  /** Steps against the gradient. */
  void step() {
    optimizer.begin();
    optimizer.step(filter, gradient, 0, p);
    if (learned) {
      optimizer.step(output, outputGradient, p, k);
    }
  }

  /** The gradient's norm of a lane, output weights included where they are learned. */
  double gradientNorm(int lane) {
    double sum = 0;
    for (int c = 0; c < p; c++) {
      double x = gradient[c * LANES + lane + FIRST];
      sum += x * x;
    }
    for (int j = 0; learned && j < k; j++) {
      double x = outputGradient[j * LANES + lane + FIRST];
      sum += x * x;
    }
    return Math.sqrt(sum);
  }

  private static FloatVector squaredNorm(float[] array, int count, int i) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int at = i; at < FIRST + count * LANES; at += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, array, at);
      sum = x.fma(x, sum);
    }
    return sum;
  }
}
