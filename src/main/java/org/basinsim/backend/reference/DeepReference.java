package org.basinsim.backend.reference;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.basinsim.data.DeepData;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.LimitKernels;
import org.basinsim.start.DeepStart;

/** Over-parameterized networks (DU19, DZ19): full-batch descent on all layers. */
public final class DeepReference implements ReferenceSystem {

  @Override
  public Optional<Prepared> prepare(Experiment experiment) {
    return experiment instanceof DeepExperiment deep
        ? Optional.of(new PreparedDeep(deep))
        : Optional.empty();
  }

  private static final class PreparedDeep implements Prepared {
    private final DeepExperiment experiment;
    private final DeepStart start;
    private final DeepData data;
    private final LimitKernels limits;

    PreparedDeep(DeepExperiment experiment) {
      this.experiment = experiment;
      this.start = new DeepStart(experiment);
      this.data = DeepData.of(experiment);
      this.limits = new LimitKernels(experiment.network(), stream -> data.set(stream).inputs());
    }

    private DeepDescent descent(long restart) {
      return new DeepDescent(experiment, start, data.set(experiment.dataStream(restart)), restart);
    }

    @Override
    public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
      DeepRows rows = new DeepRows(experiment, limits, outcomes);
      for (int row = 0; row < outcomes.rows(); row++) {
        if (!train(descent(outcomes.range().first() + row), rows.begin(row), stopped)) {
          return false;
        }
      }
      return true;
    }

    private boolean train(DeepDescent descent, DeepRows.Row row, BooleanSupplier stopped) {
      double stepSize =
          row.start(descent.residuals(), experiment.asksForStartKernel() ? descent.kernel() : null);
      for (int t = 0; !stopped.getAsBoolean(); t++) {
        double loss = descent.loss();
        Outcome outcome = row.loss(t, loss);
        if (outcome != Outcome.UNDECIDED || t == experiment.maxSteps()) {
          boolean asked = experiment.asksForEndKernel() && outcome != Outcome.DIVERGED;
          row.end(outcome, t, loss, asked ? descent.kernel() : null, descent.movement());
          return true;
        }
        descent.step(stepSize);
      }
      return false;
    }

    @Override
    public double[] gradient(long restart) {
      return descent(restart).gradient();
    }

    @Override
    public double[][] trajectory(long restart, int steps) {
      DeepDescent descent = descent(restart);
      double largest =
          experiment.stepSize().relative() ? descent.kernel().extremes()[1] : Double.NaN;
      double stepSize = experiment.stepSize().of(largest);
      double[][] states = new double[steps + 1][];
      for (int t = 0; t <= steps; t++) {
        states[t] = descent.state();
        descent.step(stepSize);
      }
      return states;
    }

    @Override
    public Outcome[] verdicts(double[][] starts) {
      throw new IllegalArgumentException("over-parameterized networks have no absorbing verdict");
    }
  }
}
