package org.basinsim.backend.cpu;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.basinsim.data.DeepData;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.LimitKernels;

/** Descent of over-parameterized networks: a thread trains one restart after the other. */
final class DeepDescent implements CpuDescent {
  /** Multiply-adds of a launch: about a second of one core. */
  private static final double WORK = 3e10;

  private static final int MOST = 1 << 10;

  private final DeepExperiment experiment;
  private final DeepData data;
  private final LimitKernels limits;

  DeepDescent(DeepExperiment experiment) {
    this.experiment = experiment;
    this.data = DeepData.of(experiment);
    this.limits = new LimitKernels(experiment.network(), stream -> data.set(stream).inputs());
  }

  @Override
  public int launch() {
    DeepNetwork network = experiment.network();
    double weights = 0;
    for (int h = 1; h <= network.depth(); h++) {
      weights += network.weights(h);
    }
    double step = 3 * weights * experiment.samples().count() * network.positions();
    return (int) Math.clamp(WORK / step / experiment.maxSteps(), 1, MOST);
  }

  @Override
  public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
    DeepRows rows = new DeepRows(experiment, limits, outcomes);
    DeepPasses passes = passes();
    for (int row = 0; row < outcomes.rows(); row++) {
      passes.start(outcomes.range().first() + row);
      if (!train(passes, rows.begin(row), stopped)) {
        return false;
      }
    }
    return true;
  }

  private boolean train(DeepPasses passes, DeepRows.Row row, BooleanSupplier stopped) {
    double stepSize =
        row.start(passes.residuals(), experiment.asksForStartKernel() ? passes.kernel() : null);
    for (int t = 0; !stopped.getAsBoolean(); t++) {
      double loss = passes.loss();
      Outcome outcome = row.loss(t, loss);
      if (outcome != Outcome.UNDECIDED || t == experiment.maxSteps()) {
        boolean asked = experiment.asksForEndKernel() && outcome != Outcome.DIVERGED;
        row.end(outcome, t, loss, asked ? passes.kernel() : null, passes.movement());
        return true;
      }
      passes.step(stepSize);
    }
    return false;
  }

  @Override
  public double[] gradient(long restart) {
    DeepPasses passes = passes();
    passes.start(restart);
    return passes.gradient();
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    DeepPasses passes = passes();
    passes.start(restart);
    double largest = experiment.stepSize().relative() ? passes.kernel().extremes()[1] : Double.NaN;
    double stepSize = experiment.stepSize().of(largest);
    double[][] states = new double[steps + 1][];
    for (int t = 0; t <= steps; t++) {
      double squares = Arrays.stream(passes.gradient()).map(g -> g * g).sum();
      states[t] = new double[] {passes.loss(), Math.sqrt(squares)};
      passes.step(stepSize);
    }
    return states;
  }

  private DeepPasses passes() {
    return experiment.precision() == Precision.SINGLE
        ? new FloatDeepDescent(experiment, data)
        : new DoubleDeepDescent(experiment, data);
  }
}
