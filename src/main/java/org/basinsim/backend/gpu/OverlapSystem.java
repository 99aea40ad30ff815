package org.basinsim.backend.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/** Patches that overlap, population descent. */
final class OverlapSystem implements GpuSystem {

  @Override
  public List<String> files() {
    return OverlapForm.FILES;
  }

  @Override
  public Optional<Prepared> prepare(
      Experiment experiment, GpuDescription device, WorkSizing sizing) {
    return experiment instanceof ConvExperiment conv
            && conv.overlaps()
            && conv.oracle() instanceof Oracle.Population
        ? Optional.of(new PreparedOverlap(conv, device, sizing))
        : Optional.empty();
  }

  private record PreparedOverlap(
      ConvExperiment experiment, GpuDescription device, WorkSizing sizing) implements Prepared {
    /** OVERLAP_INTS and the numbers of {@code overlap_cell}. */
    private static final int INTS = 5;

    private static final int REALS = 11;

    /** Beside them, with leaky ReLU. */
    private static final int LEAKY_REALS = 2;

    private static final double NEVER = -1;

    /** Filters of so many words lie in a GPU's registers, loops over them unrolled. */
    private static final int IN_REGISTERS = 6;

    @Override
    public LaunchPlan plan(Use use, int samples) {
      if (use == Use.GIVEN_STARTS) {
        throw new IllegalArgumentException("patches that overlap have no absorbing verdict");
      }
      ConvPlans.requireServed(experiment, device);
      Precision precision = experiment.precision();
      int p = experiment.patchSize();
      int words = precision == Precision.DOUBLE ? 2 : 1;
      boolean unrolled = device.kind() == Kind.GPU && p * words <= IN_REGISTERS;
      // Unrolled in double precision a step takes more than 128 registers.
      int items = unrolled && words == 2 ? ArraysPerLane.FEW_ITEMS : ArraysPerLane.ITEMS;
      ArraysPerLane lanes =
          ArraysPerLane.of(device, sizing, precision, bytes(), "filters of " + p, items);
      int reach = overlap().reach();
      boolean phases = use == Use.TRACE || experiment.records(Recorded.PHASES);
      SequencedMap<String, String> constants =
          new LinkedHashMap<>(KernelConstants.of(precision, lanes.width()));
      constants.putAll(KernelConstants.start(experiment.start(), false));
      ArraysPerLane.put(constants, "BASIN_P", p);
      ArraysPerLane.put(constants, "BASIN_STRIDE", experiment.network().stride());
      ArraysPerLane.put(constants, "BASIN_REACH", reach);
      ArraysPerLane.put(constants, "BASIN_UNROLL_FILTER", unrolled ? p : 1);
      ArraysPerLane.put(constants, "BASIN_UNROLL_SHIFTS", unrolled ? 2 * reach + 1 : 1);
      ArraysPerLane.put(constants, "BASIN_LEAKY", leaky() ? 1 : 0);
      ArraysPerLane.put(constants, "OVERLAP_QUIET_STEPS", Overlap.QUIET_STEPS);
      ArraysPerLane.put(constants, "BASIN_PHASES", phases ? 1 : 0);
      lanes.put(constants, samples);
      return lanes.plan(new OverlapForm(p), constants, precision, p + 1, samples, sizing);
    }

    private Overlap overlap() {
      return Overlap.of(experiment);
    }

    private boolean leaky() {
      return experiment.network().slope() != 0;
    }

    /** Of the arrays of a restart: second derivatives and a few filters. */
    private long bytes() {
      long p = experiment.patchSize();
      int real = experiment.precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
      return (p * p + 10 * p) * real;
    }

    @Override
    public CellNumbers.Room room(LaunchPlan plan) {
      int reals = leaky() ? REALS + LEAKY_REALS : REALS;
      return new CellNumbers.Room(INTS, reals, 2L * experiment.patchSize(), 0);
    }

    @Override
    public void write(CellNumbers to, LaunchPlan plan, int budget) {
      boolean endless = budget > 0;
      to.ints().add((int) experiment.key());
      to.ints().add((int) (experiment.key() >>> 32));
      to.ints().add(endless ? budget : experiment.maxSteps());
      to.ints().add(experiment.patches());
      to.ints().add(Math.toIntExact(to.vectors().size()));
      Teacher teacher = experiment.teacher();
      to.vectors().add(teacher.unitFilter());
      to.vectors().add(teacher.filter());
      Overlap overlap = overlap();
      double roundoff = experiment.precision().unitRoundoff();
      to.reals().add(experiment.stepSize());
      to.reals().add(experiment.patches());
      to.reals().add(overlap.pairsApart());
      to.reals().add(teacher.filterNorm());
      to.reals().add(overlap.labels());
      double distance = experiment.rule().distance() * teacher.filterNorm();
      to.reals().add(endless ? NEVER : distance * distance);
      double stationary = overlap.stationaryGradient(roundoff);
      to.reals().add(endless ? NEVER : stationary * stationary);
      to.reals().add(overlap.badLoss());
      double limit = Outcome.DIVERGENCE_NORM * Outcome.DIVERGENCE_NORM;
      to.reals().add(endless ? Double.POSITIVE_INFINITY : limit);
      to.reals().add(Overlap.difference(roundoff));
      to.reals().add(Overlap.LEAST_CURVATURE);
      if (leaky()) {
        Activation activation = new Activation(experiment.network().slope());
        to.reals().add(activation.tilt());
        to.reals().add(activation.bent());
      }
    }

    @Override
    public int gradientNumbers(LaunchPlan plan) {
      return experiment.patchSize();
    }

    @Override
    public Rows rows(LaunchPlan plan, Outcomes outcomes) {
      ConvRows rows = new ConvRows(experiment, outcomes);
      ConvStart start = new ConvStart(experiment);
      List<Integer> sampled = experiment.sampledSteps();
      return (row, restart, ended) -> {
        double[] filter = new double[experiment.patchSize()];
        double sum = 0;
        for (int c = 0; c < filter.length; c++) {
          filter[c] = ended.real(1 + c);
          sum += filter[c];
        }
        if (ended.outcome() != Outcome.DIVERGED && !Double.isFinite(sum)) {
          return false;
        }
        if (experiment.records(Recorded.START)) {
          rows.start(row, start.state(restart));
        }
        if (ended.phase() >= 0 && experiment.records(Recorded.PHASES)) {
          rows.phaseOne(row, ended.phase());
        }
        for (int i = 0; i < sampled.size() && sampled.get(i) <= ended.steps(); i++) {
          int at = 1 + filter.length + i * plan.form().sampleReals();
          ConvState state = new ConvState(ended.real(at), ended.real(at + 1), 0, 0, 0);
          rows.sample(row, i, state, ended.real(at + ConvState.SIZE));
        }
        rows.finish(
            row,
            ended.outcome(),
            ended.steps(),
            experiment.teacher().project(filter),
            ended.real(0),
            filter);
        return true;
      };
    }
  }
}
