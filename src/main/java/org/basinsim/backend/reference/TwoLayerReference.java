package org.basinsim.backend.reference;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRows;
import org.basinsim.model.twolayer.TwoLayerState;
import org.basinsim.start.TwoLayerStart;

/** Two layers with orthogonal teachers (SS18): descent on the population loss. */
public final class TwoLayerReference implements ReferenceSystem {

  @Override
  public Optional<Prepared> prepare(Experiment experiment) {
    return experiment instanceof TwoLayerExperiment twoLayer
        ? Optional.of(new Descent(twoLayer))
        : Optional.empty();
  }

  private static final class Descent implements Prepared {
    private final TwoLayerExperiment experiment;
    private final TwoLayer network;
    private final TwoLayerStart start;

    Descent(TwoLayerExperiment experiment) {
      this.experiment = experiment;
      this.network = new TwoLayer(experiment.teachers());
      this.start = new TwoLayerStart(experiment);
    }

    @Override
    public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
      TwoLayerRows rows = new TwoLayerRows(outcomes);
      for (int row = 0; row < outcomes.rows(); row++) {
        if (!train(outcomes.range().first() + row, row, rows, stopped)) {
          return false;
        }
      }
      return true;
    }

    private boolean train(long restart, int row, TwoLayerRows rows, BooleanSupplier stopped) {
      double[][] w = start.students(restart);
      double ceiling = Double.POSITIVE_INFINITY;
      for (int t = 0; !stopped.getAsBoolean(); t++) {
        double[][] gradient = network.gradient(w);
        TwoLayerState state = network.state(w, gradient);
        assert !(state.loss() > ceiling) : "a step below 2∕L raised the loss";
        Outcome outcome = experiment.rule().established(state);
        if (outcome != Outcome.UNDECIDED || t == experiment.maxSteps()) {
          rows.finish(row, outcome, t, state);
          return true;
        }
        ceiling = ceiling(w, gradient, state.loss());
        w = step(w, gradient);
      }
      return false;
    }

    /** W − η ∂F∕∂W. */
    private double[][] step(double[][] w, double[][] gradient) {
      double[][] next = new double[w.length][w[0].length];
      for (int i = 0; i < w.length; i++) {
        for (int c = 0; c < w[i].length; c++) {
          next[i][c] = w[i][c] - experiment.stepSize() * gradient[i][c];
        }
      }
      return next;
    }

    /** What the loss is at most after a step, infinite where the step is larger than 2∕L. */
    private double ceiling(double[][] w, double[][] gradient, double loss) {
      double curvature = network.curvature(w, gradient, experiment.stepSize());
      // A sum of n(n + k) kernels of order one, each off by a few roundings.
      double rounding = 1e-15 * w.length * (w.length + w[0].length);
      return experiment.stepSize() <= 2 / curvature ? loss + rounding : Double.POSITIVE_INFINITY;
    }

    @Override
    public double[] gradient(long restart) {
      return Arrays.stream(network.gradient(start.students(restart)))
          .flatMapToDouble(Arrays::stream)
          .toArray();
    }

    @Override
    public double[][] trajectory(long restart, int steps) {
      double[][] states = new double[steps + 1][];
      double[][] w = start.students(restart);
      for (int t = 0; t <= steps; t++) {
        double[][] gradient = network.gradient(w);
        states[t] = network.state(w, gradient).toArray();
        w = step(w, gradient);
      }
      return states;
    }

    @Override
    public Outcome[] verdicts(double[][] starts) {
      throw new IllegalArgumentException("two layers have no absorbing verdict");
    }
  }
}
