package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;

/**
 * A batch of restarts of over-parameterized networks on a device, in step with one another: {@code
 * deep.h} says what each of the calls computes. For one thread, the session's.
 */
final class DeepRun implements AutoCloseable {

  /** What outputs are multiplied by on their way back: 1, −η r, r. */
  enum Seed {
    UNIT,
    STEP,
    GRADIENT
  }

  private final GpuSession session;
  private final GpuDevice device;
  private final DeepPlan plan;
  private final DeepShape shape;
  private final int restarts;
  private final List<GpuBuffer> buffers = new ArrayList<>();
  private final List<NativeNumbers> staged = new ArrayList<>();
  private final Map<List<Integer>, GpuBuffer> numbers = new HashMap<>();
  private final Map<String, GpuKernel> entries = new HashMap<>();
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
  private final BatchedGemm gemm;

  /**
   * @param session whose thread this is
   * @param gradients whether gradients will be asked for
   * @throws OutOfDeviceMemory where the device has not enough for this plan
   */
  DeepRun(GpuSession session, DeepPlan plan, boolean gradients) {
    this.session = session;
    this.device = session.device();
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
      this.gemm =
          device
              .matrices()
              .<BatchedGemm>map(library -> new LibraryGemm(library, plan.precision()))
              .orElseGet(() -> new OwnGemm(session, plan.precision(), idle));
      compile();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Compiles every kernel before the first launch: PoCL's compiler does not stand the work that it
   * leaves to a launch beside another compilation.
   */
  private void compile() {
    List.of("activate", "output", "residuals", "judge", "seed", "output_step", "sensitivities")
        .forEach(this::kernel);
    if (shape.asksForKernels()) {
      kernel("gram");
      gemm.prepare(squares(1));
    }
    if (shape.unfolds()) {
      kernel("unfold");
      kernel("fold");
    }
    if (plan.fused()) {
      whole();
    }
    for (int h = 1; h <= shape.depth(); h++) {
      gemm.prepare(activating(h));
      gemm.prepare(returning(h));
      gemm.prepare(stepping(h));
    }
  }

  /** Z_h = Φ_h W_hᵀ. */
  private Product activating(int h) {
    return new Product(shape.rows(), shape.network().width(), shape.fanIn(h), false, true, false);
  }

  /** D_h W_h; added to B_h where x^(h−1) was added. */
  private Product returning(int h) {
    boolean adds = shape.skips() && !shape.unfolds();
    return new Product(shape.rows(), shape.fanIn(h), shape.network().width(), false, false, adds);
  }

  /** W_h + D_hᵀ Φ_h. */
  private Product stepping(int h) {
    return new Product(shape.network().width(), shape.fanIn(h), shape.rows(), true, false, true);
  }

  /** Inner products of all rows. */
  private Product squares(int inner) {
    return new Product(shape.rows(), shape.rows(), inner, false, true, false);
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

  /** Activations, slopes and residuals of the weights as they are. */
  void forward() {
    for (int h = 1; h <= shape.depth(); h++) {
      Operand phi = phi(h);
      Product product =
          new Product(shape.rows(), shape.network().width(), shape.fanIn(h), false, true, false);
      gemm.multiply(product, restarts, phi, weights(weights, h), state(slopes, h));
      launch("activate", shape.state(), h);
    }
    launch("output", shape.samples() * DeepShape.LANES, 0);
    launch("residuals", shape.samples(), 0);
  }

  /** What layer h multiplies by W^(h). */
  private Operand phi(int h) {
    if (shape.unfolds()) {
      launch("unfold", shape.scratch(), h);
      return new Operand(scratch, 0, shape.scratch());
    }
    return h == 1
        ? new Operand(inputs, 0, shape.sharesData() ? 0 : shape.inputs())
        : state(states, h - 1);
  }

  private Operand state(GpuBuffer of, int h) {
    return new Operand(of, shape.state(h), shape.states());
  }

  private Operand weights(GpuBuffer of, int h) {
    return new Operand(of, shape.layer(h), shape.weights());
  }

  /** Takes a step, or adds gradients to the target, or leaves ∂f∕∂z where slopes were. */
  private void backward(Seed seed) {
    boolean changes = seed != Seed.UNIT;
    launch("seed", shape.state(), seed.ordinal());
    if (changes && shape.network().trainsOutput()) {
      launch("output_step", shape.network().outputs(), seed.ordinal());
    }
    for (int h = shape.depth(); h >= 1; h--) {
      launch("sensitivities", shape.state(), h);
      Operand sensitivities = state(slopes, h);
      if (h > 1) {
        Operand before =
            shape.unfolds()
                ? new Operand(scratch, 0, shape.scratch())
                : new Operand(back, 0, shape.state());
        gemm.multiply(returning(h), restarts, sensitivities, weights(weights, h), before);
        if (shape.unfolds()) {
          launch("fold", shape.state(), h);
        }
      }
      if (changes) {
        gemm.multiply(stepping(h), restarts, sensitivities, phi(h), weights(target(seed), h));
      }
    }
  }

  private GpuBuffer target(Seed seed) {
    return seed == Seed.GRADIENT ? target : weights;
  }

  /** The gradients of the residuals that {@link #forward} left, into the target. */
  void gradients() {
    try (NativeNumbers zeros =
        NativeNumbers.ofReals(plan.precision(), (long) restarts * shape.weights())) {
      device.upload(target, zeros.segment());
    }
    backward(Seed.GRADIENT);
  }

  /**
   * Steps, the loss before each of them noted; restarts that their rule ends stay as they are.
   *
   * @param count at most {@link DeepShape#MOST_STEPS}
   * @param stepsAfterLast whether a step follows the last loss
   */
  void steps(int count, boolean stepsAfterLast) {
    if (plan.fused()) {
      GpuBuffer number = number(count, stepsAfterLast ? 1 : 0);
      device.launch(whole(), restarts, plan.fusedGroup(), arguments(number, weights));
      return;
    }
    for (int t = 0; t < count; t++) {
      forward();
      judge(t);
      if (t + 1 < count || stepsAfterLast) {
        backward(Seed.STEP);
      }
    }
  }

  private void judge(int t) {
    int group = plan.group();
    device.launch(
        kernel("judge"), Math.ceilDiv(restarts, group), group, arguments(number(t), weights));
  }

  /** Θ and G^(H) of the state that {@link #forward} left; slopes are used up. */
  void tangentKernels() {
    backward(Seed.UNIT);
    long gram = shape.gram();
    Operand before = new Operand(grams, 0, 2 * gram);
    Operand behind = new Operand(grams, gram, 2 * gram);
    for (int h = 1; h <= shape.depth(); h++) {
      Operand phi = phi(h);
      Operand sensitivities = state(slopes, h);
      gemm.multiply(squares(shape.fanIn(h)), restarts, phi, phi, before);
      gemm.multiply(
          squares(shape.network().width()), restarts, sensitivities, sensitivities, behind);
      launch("gram", shape.kernel(), h);
    }
    if (shape.network().trainsOutput()) {
      Operand last = state(states, shape.depth());
      gemm.multiply(squares(shape.network().width()), restarts, last, last, before);
      launch("gram", shape.kernel(), 0);
    }
  }

  private GpuKernel whole() {
    String words = "deep, whole steps, " + plan.precision().word();
    return entries.computeIfAbsent("", name -> session.kernel(plan.fusedSource(), words));
  }

  private GpuKernel kernel(String entry) {
    String words = "deep, %s, %s".formatted(entry, plan.precision().word());
    return entries.computeIfAbsent(entry, name -> session.kernel(plan.source(name), words));
  }

  /** Launches a kernel that goes through so many numbers of each restart. */
  private void launch(String entry, int count, int number) {
    GpuBuffer aim = entry.equals("output_step") ? target(Seed.values()[number]) : weights;
    device.launch(
        kernel(entry),
        Math.multiplyExact(plan.parts(count), restarts),
        plan.group(),
        arguments(number(number), aim));
  }

  /** Integers that a kernel reads, uploaded when they are first asked for. */
  private GpuBuffer number(Integer... content) {
    return numbers.computeIfAbsent(
        List.of(content), all -> ints(all.stream().mapToInt(i -> i).toArray()));
  }

  private List<GpuBuffer> arguments(GpuBuffer number, GpuBuffer aim) {
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

  @Override
  public void close() {
    try {
      if (gemm != null) {
        gemm.close();
      }
      // What a lost device refuses to free goes with the device.
      buffers.reversed().forEach(GpuBuffer::close);
    } finally {
      staged.forEach(NativeNumbers::close);
    }
  }
}
