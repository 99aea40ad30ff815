package org.basinsim.model.conv;

import java.util.Arrays;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.TrajectorySteps;

/**
 * Fills the columns of an experiment from what a backend knows of a restart: where it started, how
 * it ended, and what it was asked to note on the way. Every backend writes its rows through this
 * class, so that a column means the same everywhere.
 */
public final class ConvRows {
  private final ConvExperiment experiment;
  private final Outcomes outcomes;
  private final LearnedReduction learned;
  private final Average average;
  private final Overlap overlap;
  private final int[] sampled;

  // What every end of a restart needs, looked up once; null where it is not recorded.
  private final byte[] outcome;
  private final int[] steps;
  private final byte[] basin;
  private final double[] loss;
  private final double[] angle;
  private final boolean trajectory;
  private final boolean phases;
  private final boolean last;

  /**
   * @param outcomes rows to fill, in the columns of the experiment
   */
  public ConvRows(ConvExperiment experiment, Outcomes outcomes) {
    this.experiment = experiment;
    this.outcomes = outcomes;
    this.learned = LearnedReduction.of(experiment);
    this.average = Average.of(experiment);
    this.overlap = experiment.overlaps() ? Overlap.of(experiment) : null;
    this.sampled = TrajectorySteps.upTo(experiment.maxSteps());
    this.outcome = outcomes.bytes("outcome");
    this.steps = outcomes.ints("steps");
    this.basin = outcomes.has("basin") ? outcomes.bytes("basin") : null;
    this.loss = outcomes.has("loss") ? outcomes.reals("loss") : null;
    this.angle = outcomes.has("angle") ? outcomes.reals("angle") : null;
    this.trajectory = experiment.records(Recorded.TRAJECTORY);
    this.phases = experiment.records(Recorded.PHASES);
    this.last = experiment.records(Recorded.FINAL);
    if (outcomes.has(Column.MINIMUM.name())) {
      Arrays.fill(outcomes.ints(Column.MINIMUM.name()), -1);
    }
    if (trajectory) {
      if (experiment.hasLoss()) {
        Arrays.fill(outcomes.reals("trajectory_loss"), Double.NaN);
      }
      Arrays.fill(outcomes.reals("trajectory_angle"), Double.NaN);
    }
    if (phases) {
      Arrays.fill(outcomes.ints("phase_one_steps"), -1);
      Arrays.fill(outcomes.ints("phase_two_steps"), -1);
    }
  }

  /** The steps at which {@link #sample} is due, where trajectories are recorded. */
  public int[] sampledSteps() {
    return sampled.clone();
  }

  /**
   * Population loss of a student: what the network's closed form says.
   *
   * @param filter of the student, which its invariants stand for unless patches overlap
   */
  public double populationLoss(ConvState state, double[] filter) {
    return overlap == null ? populationLoss(state) : overlap.loss(filter);
  }

  /** The same where patches do not overlap. */
  public double populationLoss(ConvState state) {
    return experiment.learned() ? learned.loss(state) : average.loss(state);
  }

  /** Notes the start of a restart, in double. Without effect where starts are not recorded. */
  public void start(int row, ConvState state) {
    if (!experiment.records(Recorded.START)) {
      return;
    }
    outcomes.reals("start_angle")[row] = state.angle();
    outcomes.reals("start_filter_norm")[row] = state.filterNorm();
    if (experiment.learned()) {
      outcomes.reals("start_mean")[row] = state.mean();
      outcomes.reals("start_contrast")[row] = state.contrast();
      outcomes.reals("start_rest")[row] = state.rest();
    }
  }

  /**
   * Whether phase one is over: the filter is within π∕4 of the teacher's direction with aᵀb* ≥
   * ½‖b*‖², or within π∕4 of the opposite one. DU18 proves two phases, slow until angle and overlap
   * are of order one; these bounds are this program's choice of what that means.
   */
  public boolean phaseOneOver(ConvState state) {
    double angle = state.angle();
    double enough = experiment.learned() ? 0.5 * learned.teacherNorm() * learned.teacherNorm() : 0;
    return angle >= 0.75 * Math.PI
        || angle <= 0.25 * Math.PI && (!experiment.learned() || learned.product(state) >= enough);
  }

  /** Notes the first step at which {@link #phaseOneOver}. */
  public void phaseOne(int row, int step) {
    outcomes.ints("phase_one_steps")[row] = step;
  }

  /**
   * Notes a point of a trajectory.
   *
   * @param position in {@link #sampledSteps()}
   * @param loss as in column {@code loss}
   */
  public void sample(int row, int position, ConvState state, double loss) {
    int at = row * sampled.length + position;
    if (experiment.hasLoss()) {
      outcomes.reals("trajectory_loss")[at] = loss;
    }
    outcomes.reals("trajectory_angle")[at] = state.angle();
  }

  /** Ends a restart of the population or the online oracle. */
  public void finish(int row, Outcome outcome, int steps, ConvState state) {
    finish(row, outcome, steps, state, loss == null ? Double.NaN : populationLoss(state));
  }

  /**
   * Ends a restart.
   *
   * @param steps steps taken when the outcome was established
   * @param state the last state
   * @param loss the value of column {@code loss}
   */
  public void finish(int row, Outcome outcome, int steps, ConvState state, double loss) {
    finish(row, outcome, steps, state, loss, state.angle());
  }

  /**
   * Ends a restart where patches may overlap.
   *
   * @param filter the last filter, length p; used where they do
   */
  public void finish(
      int row, Outcome outcome, int steps, ConvState state, double loss, double[] filter) {
    finish(row, outcome, steps, state, loss);
    if (outcomes.has(Column.POSITION)) {
      System.arraycopy(
          filter, 0, outcomes.reals(Column.POSITION), row * filter.length, filter.length);
    }
    if (overlap != null && outcomes.has("population_loss")) {
      outcomes.reals("population_loss")[row] = overlap.loss(filter);
    }
  }

  /**
   * Ends a restart whose angle is known, as by a backend that computes many at once.
   *
   * @param angle φ of the last state
   */
  public void finish(
      int row, Outcome end, int lastStep, ConvState state, double lastLoss, double lastAngle) {
    outcome[row] = end.code();
    steps[row] = lastStep;
    if (basin != null) {
      Outcome verdict =
          end == Outcome.UNDECIDED ? learned.descend(state, experiment.maxSteps()) : end;
      basin[row] = verdict.code();
    }
    if (loss != null) {
      loss[row] = lastLoss;
    }
    if (angle != null) {
      angle[row] = lastAngle;
    }
    if (trajectory) {
      endTrajectory(row, lastStep, lastLoss, lastAngle);
    }
    if (experiment.oracle() instanceof Oracle.Empirical && experiment.seeksTeacher()) {
      finishEmpirical(row, state);
    }
    if (last) {
      finishState(row, state);
    }
    if (phases) {
      int one = outcomes.ints("phase_one_steps")[row];
      outcomes.ints("phase_two_steps")[row] = one < 0 ? -1 : lastStep - one;
    }
  }

  /** The end of the trajectory is the end of the restart, to the last bit. */
  private void endTrajectory(int row, int lastStep, double lastLoss, double lastAngle) {
    int position = Arrays.binarySearch(sampled, lastStep);
    if (position >= 0) {
      if (experiment.hasLoss()) {
        outcomes.reals("trajectory_loss")[row * sampled.length + position] = lastLoss;
      }
      outcomes.reals("trajectory_angle")[row * sampled.length + position] = lastAngle;
    }
  }

  private void finishState(int row, ConvState state) {
    outcomes.reals("final_filter_norm")[row] = state.filterNorm();
    if (experiment.learned()) {
      outcomes.reals("final_mean")[row] = state.mean();
      outcomes.reals("final_contrast")[row] = state.contrast();
      outcomes.reals("final_rest")[row] = state.rest();
    }
  }

  private void finishEmpirical(int row, ConvState state) {
    if (experiment.gaussian()) {
      outcomes.reals("population_loss")[row] = populationLoss(state);
    }
    boolean recovered;
    double error;
    if (experiment.learned()) {
      recovered = experiment.rule().near(learned, state) == Outcome.GLOBAL;
      error = learned.outputDistance(state) / learned.teacherNorm();
    } else {
      error = average.distance(state) / experiment.teacher().filterNorm();
      recovered = error <= experiment.rule().distance();
    }
    outcomes.reals("teacher_error")[row] = error;
    outcomes.bytes("recovered")[row] = (byte) (recovered ? 1 : 0);
  }
}
