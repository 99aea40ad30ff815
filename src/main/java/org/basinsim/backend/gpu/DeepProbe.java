package org.basinsim.backend.gpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.basinsim.model.RestartRange;
import org.basinsim.model.deep.TangentKernel;

/** Answers the small questions about over-parameterized networks: a batch of one restart. */
final class DeepProbe {
  private final GpuSession session;
  private final DeepCell cell;
  private final DeepShape shape;

  DeepProbe(GpuSession session, DeepCell cell) {
    this.session = session;
    this.cell = cell;
    this.shape = cell.plan().shape();
  }

  /** ∂L∕∂θ of everything trained, layer after layer, at the start of a restart. */
  double[] gradient(long restart) {
    return session.ask(() -> {
      try (DeepRun run = new DeepRun(session, cell.plan().with(1), true)) {
        new DeepBatch(cell, new RestartRange(0, restart, 1), run).load();
        run.forward();
        return gradient(run, run.memory().roomForWeights());
      }
    });
  }

  private double[] gradient(DeepRun run, NativeNumbers read) {
    run.gradients();
    run.memory().readGradients(read);
    int layers = shape.depth() + (shape.network().trainsOutput() ? 1 : 0);
    return IntStream.rangeClosed(1, layers)
        .mapToObj(h -> read.reals(shape.layer(h), count(h)))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private int count(int h) {
    return h <= shape.depth() ? shape.network().weights(h) : shape.network().outputs();
  }

  /** Loss and norm of the gradient at the first steps of a restart. */
  double[][] trajectory(long restart, int steps) {
    return session.ask(() -> {
      try (DeepRun run = new DeepRun(session, cell.plan().with(1), true)) {
        DeepBatch batch = new DeepBatch(cell, new RestartRange(0, restart, 1), run);
        batch.load();
        run.forward();
        TangentKernel kernel = batch.kernels(cell.experiment().stepSize().relative())[0];
        double largest = kernel == null ? Double.NaN : kernel.extremes()[1];
        NativeNumbers rule = run.memory().roomForRule();
        rule.add(cell.experiment().stepSize().of(largest));
        // No loss is below zero, none above infinity: nothing ends the restart.
        rule.add(-1);
        rule.add(Double.POSITIVE_INFINITY);
        run.memory().loadRule(rule);
        return states(run, steps);
      }
    });
  }

  private double[][] states(DeepRun run, int steps) {
    NativeNumbers gradients = run.memory().roomForWeights();
    NativeNumbers losses = run.memory().roomForLosses();
    double[][] states = new double[steps + 1][];
    for (int t = 0; t <= steps; t++) {
      run.forward();
      double squares = Arrays.stream(gradient(run, gradients)).map(g -> g * g).sum();
      run.steps(1, true);
      run.memory().readLosses(losses);
      states[t] = new double[] {losses.real(0), Math.sqrt(squares)};
    }
    return states;
  }
}
