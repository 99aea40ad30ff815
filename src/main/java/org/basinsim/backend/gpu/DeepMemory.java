package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a batch of {@link DeepRun} has on the device, and room on the host for what goes there and
 * comes back. {@code deep.h} says what lies in which buffer.
 */
final class DeepMemory implements AutoCloseable {
  private final GpuDevice device;
  private final DeepPlan plan;
  private final DeepShape shape;
  private final int restarts;
  private final List<GpuBuffer> buffers = new ArrayList<>();
  private final List<NativeNumbers> staged = new ArrayList<>();
  private final Map<List<Integer>, GpuBuffer> numbers = new HashMap<>();
  private final GpuBuffer idle;
  private final GpuBuffer weights;
  private final GpuBuffer target;
  private final GpuBuffer states;
  private final GpuBuffer slopes;
  private final GpuBuffer back;
  private final GpuBuffer scratch;
  private final GpuBuffer inputs;
  private final GpuBuffer labels;
  private final GpuBuffer outputs;
  private final GpuBuffer rule;
  private final GpuBuffer losses;
  private final GpuBuffer grams;
  private final GpuBuffer kernels;
  private final GpuBuffer shapeNumbers;
  private final GpuBuffer gains;

  /**
   * @param gradients whether gradients get room beside the weights
   * @throws OutOfDeviceMemory where the device has not enough for this plan
   */
  DeepMemory(GpuDevice device, DeepPlan plan, boolean gradients) {
    this.device = device;
    this.plan = plan;
    this.shape = plan.shape();
    this.restarts = plan.restarts();
    int places = plan.places();
    int data = shape.sharesData() ? 1 : places;
    try {
      this.shapeNumbers = ints(shape.ints(restarts));
      this.idle = ints(new int[restarts]);
      this.gains = reals(2);
      upload(gains, shape.gains());
      this.weights = reals((long) places * shape.weights());
      this.target = gradients ? reals((long) places * shape.weights()) : weights;
      this.states = reals((long) places * shape.states());
      this.slopes = reals((long) places * shape.states());
      this.back = reals((long) places * shape.state());
      this.scratch = reals((long) places * shape.scratch());
      this.inputs = reals((long) data * shape.inputs());
      this.labels = reals((long) data * shape.labels());
      this.outputs = reals((long) restarts * shape.outputs());
      this.rule = reals((long) restarts * DeepShape.RULE);
      this.losses = reals((long) restarts * DeepShape.MOST_STEPS);
      this.grams = reals(2L * places * shape.gram());
      this.kernels = reals(2L * restarts * shape.kernel());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Which restarts take no part any more, an integer each. */
  GpuBuffer idle() {
    return idle;
  }

  /** All weights of all restarts. */
  GpuBuffer weights() {
    return weights;
  }

  /** What gradients are added to; the weights themselves where there is no room for gradients. */
  GpuBuffer target() {
    return target;
  }

  /** x^(1) … x^(H). */
  GpuBuffer states() {
    return states;
  }

  /** z, then slopes, then ∂f∕∂z, one after the other in the same place. */
  GpuBuffer slopes() {
    return slopes;
  }

  /** ∂f∕∂x of the layer at hand. */
  GpuBuffer back() {
    return back;
  }

  /** φ(x) where it is not x itself. */
  GpuBuffer scratch() {
    return scratch;
  }

  /** x^(0). */
  GpuBuffer inputs() {
    return inputs;
  }

  /** Inner products of rows, two matrices a restart. */
  GpuBuffer grams() {
    return grams;
  }

  /** Room for so many numbers and a vector that runs over their end. */
  private GpuBuffer reals(long count) {
    return keep(device.allocate(plan.realBytes() * (count + DeepShape.PADDING)));
  }

  private GpuBuffer keep(GpuBuffer buffer) {
    buffers.add(buffer);
    return buffer;
  }

  private GpuBuffer ints(int... content) {
    try (NativeNumbers sent = NativeNumbers.ofInts(content.length)) {
      for (int number : content) {
        sent.add(number);
      }
      GpuBuffer buffer = keep(device.allocate(sent.segment().byteSize()));
      device.upload(buffer, sent.segment());
      return buffer;
    }
  }

  private void upload(GpuBuffer to, double[] content) {
    try (NativeNumbers sent = NativeNumbers.ofReals(plan.precision(), content.length)) {
      sent.add(content);
      device.upload(to, sent.segment());
    }
  }

  /** Room on the host for so many numbers of the plan's precision; closed with this. */
  private NativeNumbers room(long count) {
    NativeNumbers room = NativeNumbers.ofReals(plan.precision(), Math.max(1, count));
    staged.add(room);
    return room;
  }

  /** Room for the weights of all restarts, {@link DeepShape#weights} apart. */
  NativeNumbers roomForWeights() {
    return room((long) restarts * shape.weights());
  }

  /** Room for the inputs of all data sets, {@link DeepShape#inputs} apart. */
  NativeNumbers roomForInputs() {
    return room((long) (shape.sharesData() ? 1 : restarts) * shape.inputs());
  }

  /** Room for the labels of all data sets, {@link DeepShape#labels} apart. */
  NativeNumbers roomForLabels() {
    return room((long) (shape.sharesData() ? 1 : restarts) * shape.labels());
  }

  /** Room for the slopes of all layers of all restarts, {@link DeepShape#states} apart. */
  NativeNumbers roomForSlopes() {
    return room((long) restarts * shape.states());
  }

  /** Room for residuals and what they were made of, {@link DeepShape#outputs} apart. */
  NativeNumbers roomForOutputs() {
    return room((long) restarts * shape.outputs());
  }

  /** Room for losses, {@link DeepShape#MOST_STEPS} apart. */
  NativeNumbers roomForLosses() {
    return room((long) restarts * DeepShape.MOST_STEPS);
  }

  /** Room for rules: step size, and the losses that end a restart from below and from above. */
  NativeNumbers roomForRule() {
    return room((long) restarts * DeepShape.RULE);
  }

  /** Room for Θ and behind it G^(H), {@link DeepShape#kernel} each. */
  NativeNumbers roomForKernels() {
    return room(2L * restarts * shape.kernel());
  }

  void loadWeights(NativeNumbers from) {
    device.upload(weights, from.segment());
  }

  void loadData(NativeNumbers newInputs, NativeNumbers newLabels) {
    device.upload(inputs, newInputs.segment());
    device.upload(labels, newLabels.segment());
  }

  void loadRule(NativeNumbers from) {
    device.upload(rule, from.segment());
  }

  void readWeights(NativeNumbers to) {
    device.download(weights, to.segment());
  }

  void readGradients(NativeNumbers to) {
    device.download(target, to.segment());
  }

  void readOutputs(NativeNumbers to) {
    device.download(outputs, to.segment());
  }

  void readLosses(NativeNumbers to) {
    device.download(losses, to.segment());
  }

  /** Those of the last {@link #forward}, unless {@link #backward} came after it. */
  void readSlopes(NativeNumbers to) {
    device.download(slopes, to.segment());
  }

  void readKernels(NativeNumbers to) {
    device.download(kernels, to.segment());
  }

  /** Sets which restarts take no part any more. */
  void idle(boolean[] which) {
    try (NativeNumbers sent = NativeNumbers.ofInts(restarts)) {
      for (boolean one : which) {
        sent.add(one ? 1 : 0);
      }
      device.upload(idle, sent.segment());
    }
  }

  /** Integers that a kernel reads, uploaded when they are first asked for. */
  GpuBuffer number(Integer... content) {
    return numbers.computeIfAbsent(
        List.of(content), all -> ints(all.stream().mapToInt(i -> i).toArray()));
  }

  /**
   * In the order of the kernels' parameters.
   *
   * @param number of {@link #number}
   * @param aim the weights that a step or a gradient goes to
   */
  List<GpuBuffer> arguments(GpuBuffer number, GpuBuffer aim) {
    return List.of(
        shapeNumbers,
        gains,
        number,
        idle,
        weights,
        aim,
        states,
        slopes,
        back,
        scratch,
        inputs,
        labels,
        outputs,
        rule,
        losses,
        grams,
        kernels);
  }

  /** Fills the target with zeros. */
  void clearTarget() {
    try (NativeNumbers zeros =
        NativeNumbers.ofReals(plan.precision(), (long) restarts * shape.weights())) {
      device.upload(target, zeros.segment());
    }
  }

  @Override
  public void close() {
    try {
      // What a lost device refuses to free goes with the device.
      buffers.reversed().forEach(GpuBuffer::close);
    } finally {
      staged.forEach(NativeNumbers::close);
    }
  }
}
