package org.basinsim.model.conv;

import java.util.Arrays;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;

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
  private final int[] sampled;

  /**
   * @param outcomes rows to fill, in the columns of the experiment
   */
  public ConvRows(ConvExperiment experiment, Outcomes outcomes) {
    this.experiment = experiment;
    this.outcomes = outcomes;
    this.learned = new LearnedReduction(experiment.teacher(), experiment.stepSize());
    this.average = new Average(experiment.teacher());
    this.sampled = TrajectorySteps.upTo(experiment.maxSteps());
    if (experiment.records(Recorded.TRAJECTORY)) {
      Arrays.fill(outcomes.reals("trajectory_loss"), Double.NaN);
      Arrays.fill(outcomes.reals("trajectory_angle"), Double.NaN);
    }
    if (experiment.records(Recorded.PHASES)) {
      Arrays.fill(outcomes.ints("phase_one_steps"), -1);
      Arrays.fill(outcomes.ints("phase_two_steps"), -1);
    }
  }

  /** The steps at which {@link #sample} is due, where trajectories are recorded. */
  public int[] sampledSteps() {
    return sampled.clone();
  }

  /** Population loss of a state: what the network's closed form says. */
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
   * ½‖b*‖², or within π∕4 of the opposite one (DU18, the two phases of theorem 3.3).
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
    outcomes.reals("trajectory_loss")[at] = loss;
    outcomes.reals("trajectory_angle")[at] = state.angle();
  }

  /** Ends a restart of the population or the online oracle. */
  public void finish(int row, Outcome outcome, int steps, ConvState state) {
    boolean needed = experiment.records(Recorded.LOSS);
    finish(row, outcome, steps, state, needed ? populationLoss(state) : Double.NaN);
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
   * Ends a restart whose angle is known, as by a backend that computes many at once.
   *
   * @param angle φ of the last state
   */
  public void finish(
      int row, Outcome outcome, int steps, ConvState state, double loss, double angle) {
    outcomes.bytes("outcome")[row] = outcome.code();
    outcomes.ints("steps")[row] = steps;
    if (outcomes.has("basin")) {
      Outcome basin =
          outcome == Outcome.UNDECIDED ? learned.descend(state, experiment.maxSteps()) : outcome;
      outcomes.bytes("basin")[row] = basin.code();
    }
    if (experiment.records(Recorded.LOSS)) {
      outcomes.reals("loss")[row] = loss;
    }
    if (experiment.records(Recorded.ANGLE)) {
      outcomes.reals("angle")[row] = angle;
    }
    int position = Arrays.binarySearch(sampled, steps);
    if (experiment.records(Recorded.TRAJECTORY) && position >= 0) {
      // The end of the trajectory is the end of the restart, to the last bit.
      outcomes.reals("trajectory_loss")[row * sampled.length + position] = loss;
      outcomes.reals("trajectory_angle")[row * sampled.length + position] = angle;
    }
    if (experiment.oracle() instanceof Oracle.Empirical) {
      finishEmpirical(row, state);
    }
    if (experiment.records(Recorded.FINAL)) {
      outcomes.reals("final_filter_norm")[row] = state.filterNorm();
      if (experiment.learned()) {
        outcomes.reals("final_mean")[row] = state.mean();
        outcomes.reals("final_contrast")[row] = state.contrast();
        outcomes.reals("final_rest")[row] = state.rest();
      }
    }
    if (experiment.records(Recorded.PHASES)) {
      int one = outcomes.ints("phase_one_steps")[row];
      outcomes.ints("phase_two_steps")[row] = one < 0 ? -1 : steps - one;
    }
  }

  private void finishEmpirical(int row, ConvState state) {
    outcomes.reals("population_loss")[row] = populationLoss(state);
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
