package org.basinsim.toy;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.basinsim.backend.reference.ReferenceSystem;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;

/** The double well's reference step. */
final class DoubleWellReference implements ReferenceSystem {
  private static final double FLAT = 1e-9;

  @Override
  public Optional<Prepared> prepare(Experiment experiment) {
    return experiment instanceof DoubleWell well
        ? Optional.of(new Descent(well))
        : Optional.empty();
  }

  private record Descent(DoubleWell well) implements Prepared {

    private double start(long restart) {
      double[] normal = new double[1];
      Gaussian.fill(normal, 0, 1, well.key(), restart, Purpose.FILTER_START, 0, 0);
      return normal[0];
    }

    @Override
    public boolean train(Outcomes outcomes, BooleanSupplier stopped) {
      for (int row = 0; row < outcomes.rows(); row++) {
        if (stopped.getAsBoolean()) {
          return false;
        }
        double x = start(outcomes.range().first() + row);
        int t = 0;
        while (Math.abs(well.slope(x)) > FLAT && t < well.maxSteps()) {
          x -= well.stepSize() * well.slope(x);
          t++;
        }
        boolean flat = Math.abs(well.slope(x)) <= FLAT;
        Outcome outcome = x > 0 ? Outcome.GLOBAL : Outcome.SPURIOUS;
        outcomes.bytes("outcome")[row] = (flat ? outcome : Outcome.UNDECIDED).code();
        outcomes.ints("steps")[row] = t;
        outcomes.reals("position")[row] = x;
      }
      return true;
    }

    @Override
    public double[] gradient(long restart) {
      return new double[] {well.slope(start(restart))};
    }

    @Override
    public double[][] trajectory(long restart, int steps) {
      double[][] states = new double[steps + 1][];
      double x = start(restart);
      for (int t = 0; t <= steps; t++) {
        states[t] = new double[] {x};
        x -= well.stepSize() * well.slope(x);
      }
      return states;
    }

    @Override
    public Outcome[] verdicts(double[][] starts) {
      throw new IllegalArgumentException("the double well has no verdict");
    }
  }
}
