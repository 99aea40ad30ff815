package org.basinsim.backend.gpu;

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
  private final Map<String, GpuKernel> entries = new HashMap<>();
  private final DeepMemory memory;
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
    this.memory = new DeepMemory(device, plan, gradients);
    try {
      this.gemm =
          device
              .matrices()
              .<BatchedGemm>map(library -> new LibraryGemm(library, plan.precision()))
              .orElseGet(() -> new OwnGemm(session, plan.precision(), memory.idle()));
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

  /** What the batch has on the device. */
  DeepMemory memory() {
    return memory;
  }

  /** Activations, slopes and residuals of the weights as they are. */
  void forward() {
    for (int h = 1; h <= shape.depth(); h++) {
      Operand phi = phi(h);
      Product product =
          new Product(shape.rows(), shape.network().width(), shape.fanIn(h), false, true, false);
      gemm.multiply(
          product, restarts, phi, weights(memory.weights(), h), state(memory.slopes(), h));
      launch("activate", shape.state(), h);
    }
    launch("output", shape.samples() * DeepShape.LANES, 0);
    launch("residuals", shape.samples(), 0);
  }

  /** What layer h multiplies by W^(h). */
  private Operand phi(int h) {
    if (shape.unfolds()) {
      launch("unfold", shape.scratch(), h);
      return new Operand(memory.scratch(), 0, shape.scratch());
    }
    return h == 1
        ? new Operand(memory.inputs(), 0, shape.sharesData() ? 0 : shape.inputs())
        : state(memory.states(), h - 1);
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
      Operand sensitivities = state(memory.slopes(), h);
      if (h > 1) {
        Operand before =
            shape.unfolds()
                ? new Operand(memory.scratch(), 0, shape.scratch())
                : new Operand(memory.back(), 0, shape.state());
        gemm.multiply(returning(h), restarts, sensitivities, weights(memory.weights(), h), before);
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
    return seed == Seed.GRADIENT ? memory.target() : memory.weights();
  }

  /** The gradients of the residuals that {@link #forward} left, into the target. */
  void gradients() {
    memory.clearTarget();
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
      GpuBuffer number = memory.number(count, stepsAfterLast ? 1 : 0);
      device.launch(
          whole(), restarts, plan.fusedGroup(), memory.arguments(number, memory.weights()));
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
        kernel("judge"),
        Math.ceilDiv(restarts, group),
        group,
        memory.arguments(memory.number(t), memory.weights()));
  }

  /** Θ and G^(H) of the state that {@link #forward} left; slopes are used up. */
  void tangentKernels() {
    backward(Seed.UNIT);
    long gram = shape.gram();
    Operand before = new Operand(memory.grams(), 0, 2 * gram);
    Operand behind = new Operand(memory.grams(), gram, 2 * gram);
    for (int h = 1; h <= shape.depth(); h++) {
      Operand phi = phi(h);
      Operand sensitivities = state(memory.slopes(), h);
      gemm.multiply(squares(shape.fanIn(h)), restarts, phi, phi, before);
      gemm.multiply(
          squares(shape.network().width()), restarts, sensitivities, sensitivities, behind);
      launch("gram", shape.kernel(), h);
    }
    if (shape.network().trainsOutput()) {
      Operand last = state(memory.states(), shape.depth());
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
    GpuBuffer aim = entry.equals("output_step") ? target(Seed.values()[number]) : memory.weights();
    device.launch(
        kernel(entry),
        Math.multiplyExact(plan.parts(count), restarts),
        plan.group(),
        memory.arguments(memory.number(number), aim));
  }

  @Override
  public void close() {
    try {
      if (gemm != null) {
        gemm.close();
      }
    } finally {
      memory.close();
    }
  }
}
