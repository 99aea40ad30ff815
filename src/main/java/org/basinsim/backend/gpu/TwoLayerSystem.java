package org.basinsim.backend.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRows;
import org.basinsim.model.twolayer.TwoLayerState;

/** Two layers with orthogonal teachers. */
final class TwoLayerSystem implements GpuSystem {

  @Override
  public List<String> files() {
    return TwoLayerForm.FILES;
  }

  @Override
  public Optional<Prepared> prepare(
      Experiment experiment, GpuDescription device, WorkSizing sizing) {
    return experiment instanceof TwoLayerExperiment twoLayer
        ? Optional.of(new PreparedTwoLayer(twoLayer, device, sizing))
        : Optional.empty();
  }

  private record PreparedTwoLayer(
      TwoLayerExperiment experiment, GpuDescription device, WorkSizing sizing) implements Prepared {
    /** TWO_LAYER_INTS, and the numbers of {@code two_layer_cell}. */
    private static final CellNumbers.Room ROOM = new CellNumbers.Room(3, 5, 0, 0);

    private static final double NEVER = -1;

    @Override
    public LaunchPlan plan(Use use, int samples) {
      if (use == Use.GIVEN_STARTS) {
        throw new IllegalArgumentException("two layers have no absorbing verdict");
      }
      if (!device.doubles()) {
        throw new BackendUnavailable(
            "device "
                + device.info().name()
                + " has no double precision, in which two layers are computed");
      }
      TwoLayerForm form = new TwoLayerForm(experiment.teachers(), experiment.students());
      ArraysPerLane lanes =
          ArraysPerLane.of(
              device,
              sizing,
              Precision.DOUBLE,
              Double.BYTES * form.numbers(),
              "teachers = %d and students = %d"
                  .formatted(experiment.teachers(), experiment.students()),
              ArraysPerLane.ITEMS);
      SequencedMap<String, String> constants =
          new LinkedHashMap<>(KernelConstants.of(Precision.DOUBLE, lanes.width()));
      ArraysPerLane.put(constants, "BASIN_TEACHERS", experiment.teachers());
      ArraysPerLane.put(constants, "BASIN_STUDENTS", experiment.students());
      ArraysPerLane.put(constants, "BASIN_PHASES", 0);
      lanes.put(constants, samples);
      return lanes.plan(form, constants, Precision.DOUBLE, form.weights(), samples, sizing);
    }

    @Override
    public CellNumbers.Room room(LaunchPlan plan) {
      return ROOM;
    }

    @Override
    public void write(CellNumbers to, LaunchPlan plan, int budget) {
      boolean endless = budget > 0;
      to.ints().add((int) experiment.key());
      to.ints().add((int) (experiment.key() >>> 32));
      to.ints().add(endless ? budget : experiment.maxSteps());
      to.reals().add(experiment.stepSize());
      to.reals().add(new TwoLayer(experiment.teachers()).teachersAlone());
      to.reals().add(endless ? Double.NEGATIVE_INFINITY : experiment.rule().loss());
      to.reals().add(endless ? NEVER : experiment.rule().gradient());
      to.reals().add(endless ? Double.POSITIVE_INFINITY : Outcome.DIVERGENCE_NORM);
    }

    @Override
    public int gradientNumbers(LaunchPlan plan) {
      return experiment.students() * experiment.teachers();
    }

    @Override
    public Rows rows(LaunchPlan plan, Outcomes outcomes) {
      TwoLayerRows rows = new TwoLayerRows(outcomes);
      return (row, restart, ended) -> {
        TwoLayerState state = TwoLayerForm.state(ended);
        boolean finite = Double.isFinite(state.loss() + state.gradient() + state.norm());
        if (ended.outcome() != Outcome.DIVERGED && !finite) {
          return false;
        }
        rows.finish(row, ended.outcome(), ended.steps(), state);
        return true;
      };
    }
  }
}
