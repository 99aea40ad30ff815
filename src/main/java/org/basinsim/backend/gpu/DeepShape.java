package org.basinsim.backend.gpu;

import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.Varies;

/**
 * Where everything of a restart of over-parameterized networks lies on a device: {@code deep.h} is
 * the other side of it. Strides are in numbers; what a vector may run over is padded.
 *
 * @param network its layers
 * @param samples n
 * @param sharesData whether all restarts have the same inputs and labels
 * @param asksForKernels whether Θ is ever needed
 */
record DeepShape(DeepNetwork network, int samples, boolean sharesData, boolean asksForKernels) {
  /** Numbers in the widest vector: strides are multiples of it. */
  static final int PADDING = 16;

  /** Losses of a restart that are kept until the host reads them. */
  static final int MOST_STEPS = 64;

  /** DEEP_LANES of the text. */
  static final int LANES = 32;

  /** Numbers of a restart's rule: step size, and the losses that end it. */
  static final int RULE = 3;

  /** The order of the shape's numbers in {@code deep.h}. */
  static final int INTS = 20;

  /**
   * The shape of an experiment.
   *
   * @throws ArithmeticException where a restart has arrays of more numbers than an integer counts
   */
  static DeepShape of(DeepExperiment experiment) {
    DeepShape shape =
        new DeepShape(
            experiment.network(),
            experiment.samples().count(),
            experiment.varies() == Varies.WEIGHTS,
            experiment.asksForStartKernel() || experiment.asksForEndKernel());
    Math.multiplyExact(shape.depth(), shape.state());
    Math.addExact(shape.weights(), Math.addExact(shape.scratch(), shape.inputs()));
    Math.multiplyExact(2, Math.addExact(shape.gram(), shape.kernel()));
    return shape;
  }

  private static int padded(int count) {
    return Math.addExact(count, PADDING - 1) / PADDING * PADDING;
  }

  int depth() {
    return network.depth();
  }

  /** Rows of every matrix of activations: a position of a sample each. */
  int rows() {
    return Math.multiplyExact(samples, network.positions());
  }

  int fanIn(int h) {
    return network.layer(h).fanIn();
  }

  /** Whether units see more than one column, so that φ copies. */
  boolean unfolds() {
    return network.window() > 1;
  }

  /** Whether layers beyond the first add what they are given. */
  boolean skips() {
    return depth() > 1 && network.layer(2).skip();
  }

  private int firstWeights() {
    return padded(network.weights(1));
  }

  private int restWeights() {
    return depth() > 1 ? padded(network.weights(2)) : 0;
  }

  /** Where W^(h) begins; for h = H + 1: the output weights. */
  int layer(int h) {
    return h == 1 ? 0 : Math.addExact(firstWeights(), Math.multiplyExact(h - 2, restWeights()));
  }

  /** Stride of weights. */
  int weights() {
    return Math.addExact(layer(depth() + 1), padded(network.outputs()));
  }

  /** Numbers of x^(h) of all samples, h ≥ 1. */
  int state() {
    return padded(Math.multiplyExact(rows(), network.width()));
  }

  /** Where x^(h), h ≥ 1, begins among the states. */
  int state(int h) {
    return (h - 1) * state();
  }

  /** Stride of states: of all layers. */
  int states() {
    return depth() * state();
  }

  /** Numbers of φ(x) of all samples, where it is a copy. */
  int scratch() {
    int largest = Math.max(fanIn(1), depth() > 1 ? fanIn(2) : 0);
    return unfolds() ? padded(Math.multiplyExact(rows(), largest)) : 0;
  }

  /** Numbers of all inputs, padded. */
  int inputs() {
    return padded(Math.multiplyExact(samples, network.inputSize()));
  }

  /** Numbers of all labels, padded. */
  int labels() {
    return padded(samples);
  }

  /** Inner products of all rows; 0 where none are asked for. */
  int gram() {
    return asksForKernels ? padded(Math.multiplyExact(rows(), rows())) : 0;
  }

  /** Numbers of Θ; 0 where it is not asked for. */
  int kernel() {
    return asksForKernels ? padded(Math.multiplyExact(samples, samples)) : 0;
  }

  /** Residuals, and what outputs are summed up of. */
  int outputs() {
    return Math.multiplyExact(samples, 1 + LANES);
  }

  /** Numbers of one restart, its own data among them, with room for a gradient or without. */
  long numbers(boolean gradient) {
    long data = (long) inputs() + labels();
    return (gradient ? 2L : 1L) * weights()
        + 2L * states()
        + state()
        + scratch()
        + (sharesData ? 0 : data)
        + outputs()
        + RULE
        + MOST_STEPS
        + 2L * gram()
        + 2L * kernel();
  }

  /** The shape as kernels read it. */
  int[] ints(int restarts) {
    return new int[] {
      restarts,
      samples,
      network.positions(),
      network.window(),
      network.width(),
      depth(),
      network.channels(0),
      skips() ? 1 : 0,
      network.activation().ordinal(),
      network.trainsOutput() ? 1 : 0,
      weights(),
      firstWeights(),
      restWeights(),
      state(),
      scratch(),
      sharesData ? 0 : inputs(),
      sharesData ? 0 : labels(),
      MOST_STEPS,
      gram(),
      kernel()
    };
  }

  /** γ_h ∕ √m of the first layer and of the rest. */
  double[] gains() {
    double root = Math.sqrt(network.width());
    double first = network.layer(1).gain() / root;
    return new double[] {first, depth() > 1 ? network.layer(2).gain() / root : first};
  }
}
