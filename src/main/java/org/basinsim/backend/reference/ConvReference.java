package org.basinsim.backend.reference;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.basinsim.data.DataSets;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Recorded;
import org.basinsim.start.ConvStart;

/** The convolutional network, every oracle. */
public final class ConvReference implements ReferenceSystem {

  @Override
  public Optional<Prepared> prepare(Experiment experiment) {
    return experiment instanceof ConvExperiment conv
        ? Optional.of(new PreparedConv(conv))
        : Optional.empty();
  }

  private static final class PreparedConv implements Prepared {
    private final ConvExperiment experiment;
    private final ConvStart start;
    private final DataSets dataSets;

    PreparedConv(ConvExperiment experiment) {
      this.experiment = experiment;
      this.start = new ConvStart(experiment);
      this.dataSets =
          experiment.oracle() instanceof Oracle.Empirical ? DataSets.of(experiment) : null;
    }

    private ConvDescent descent(long restart) {
      return switch (experiment.oracle()) {
        case Oracle.Population() when experiment.noisy() ->
            new NoisyDescent(experiment, start, restart);
        case Oracle.Population() ->
            experiment.overlaps()
                ? new OverlapDescent(experiment, start, restart)
                : new PopulationDescent(experiment, start, restart);
        case Oracle.Online online ->
            online.projected()
                ? new ProjectedDescent(experiment, start, restart)
                : new BatchDescent(experiment, start, restart);
        case Oracle.Empirical e ->
            new BatchDescent(
                experiment, start, restart, dataSets.inputs(experiment.dataSet(restart)));
      };
    }

    @Override
    public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
      ConvRows rows = new ConvRows(experiment, outcomes);
      for (int row = 0; row < outcomes.rows(); row++) {
        if (!train(outcomes.range().first() + row, row, rows, stopped)) {
          return false;
        }
      }
      return true;
    }

    private boolean train(long restart, int row, ConvRows rows, BooleanSupplier stopped) {
      int[] sampled = experiment.records(Recorded.TRAJECTORY) ? rows.sampledSteps() : new int[0];
      boolean phaseOne = experiment.records(Recorded.PHASES);
      ConvDescent descent = descent(restart);
      rows.start(row, start.state(restart));
      for (int t = 0; !stopped.getAsBoolean(); t++) {
        ConvState state = descent.state();
        int position = Arrays.binarySearch(sampled, t);
        if (position >= 0) {
          rows.sample(row, position, state, descent.loss(t));
        }
        if (phaseOne && rows.phaseOneOver(state)) {
          rows.phaseOne(row, t);
          phaseOne = false;
        }
        Outcome outcome = state.diverged() ? Outcome.DIVERGED : descent.established(t);
        if (outcome != Outcome.UNDECIDED || t == experiment.maxSteps()) {
          rows.finish(row, outcome, t, state, descent.loss(t), descent.filter());
          return true;
        }
        descent.step(t);
      }
      return false;
    }

    @Override
    public double[] gradient(long restart) {
      return descent(restart).gradient(0);
    }

    @Override
    public double[][] trajectory(long restart, int steps) {
      ConvDescent descent = descent(restart);
      double[][] states = new double[steps + 1][];
      for (int t = 0; t < steps; t++) {
        states[t] = descent.state().toArray();
        descent.step(t);
      }
      states[steps] = descent.state().toArray();
      return states;
    }

    @Override
    public Outcome[] verdicts(double[][] starts) {
      LearnedReduction reduction = LearnedReduction.of(experiment);
      return Arrays.stream(starts)
          .map(s -> reduction.descend(ConvState.of(s), experiment.maxSteps()))
          .toArray(Outcome[]::new);
    }
  }
}
