package org.basinsim.model.deep;

import java.util.Arrays;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.TrajectorySteps;

/**
 * Fills the columns of an experiment. Every backend writes its rows through this class, so that a
 * column means the same everywhere. Rows are independent: several threads may each fill their own.
 */
public final class DeepRows {
  private final DeepExperiment experiment;
  private final LimitKernels limits;
  private final Outcomes outcomes;
  private final int[] sampled;

  /**
   * @param limits of the experiment
   * @param outcomes rows to fill, in the columns of the experiment
   */
  public DeepRows(DeepExperiment experiment, LimitKernels limits, Outcomes outcomes) {
    this.experiment = experiment;
    this.limits = limits;
    this.outcomes = outcomes;
    this.sampled = TrajectorySteps.upTo(experiment.maxSteps());
  }

  /**
   * How a restart's weights have changed from start to end.
   *
   * @param layers ‖W(T) − W(0)‖_F ∕ √m of each, the output weights last where they are trained
   * @param flipped share of (input, unit) pairs whose pre-activation has changed sides; two layers
   * @param largest max_r ‖w_r(T) − w_r(0)‖; two layers
   */
  public record Movement(double[] layers, double flipped, double largest) {}

  /** Begins the row of a restart. */
  public Row begin(int row) {
    return new Row(row);
  }

  /** One restart's row: its start, the loss at each step, its end. */
  public final class Row {
    private final int row;
    private final double[] losses = new double[sampled.length];
    private TangentKernel startKernel;
    private double startLoss;
    private double stepSize;
    private int next;

    private Row(int row) {
      this.row = row;
      Arrays.fill(losses, Double.NaN);
    }

    /**
     * Takes the state at step 0.
     *
     * @param residuals f(x_i) − y_i
     * @param kernel that of the start; null where the experiment asks for none
     * @return the step size η of the restart
     */
    public double start(double[] residuals, TangentKernel kernel) {
      long restart = outcomes.range().first() + row;
      startKernel = kernel;
      startLoss = Arrays.stream(residuals).map(r -> r * r).sum() / 2;
      double largest = kernel == null ? Double.NaN : kernel.extremes()[1];
      stepSize = experiment.stepSize().of(largest);
      outcomes.reals("step_size")[row] = stepSize;
      put("start_loss", startLoss);
      if (experiment.records(Recorded.RATE)) {
        double left = 1 - stepSize * kernel.extremes()[0];
        put("rate_predicted", left * left);
      }
      if (experiment.records(Recorded.PREDICTION)) {
        predict("trajectory_predicted", new KernelDescent(kernel.tangent(), residuals, stepSize));
      }
      if (experiment.records(Recorded.LIMIT)) {
        TangentKernel limit = limits.of(experiment.dataStream(restart));
        put("tangent_min_limit", limit.extremes()[0]);
        put("tangent_max_limit", limit.extremes()[1]);
        put("gram_min_limit", limit.lastExtremes()[0]);
        put("gram_max_limit", limit.lastExtremes()[1]);
        predict("trajectory_limit", new KernelDescent(limit.tangent(), residuals, stepSize));
      }
      return stepSize;
    }

    /**
     * Takes the loss at step t = 0, 1, …, one after the other.
     *
     * @return what it establishes
     */
    public Outcome loss(int t, double loss) {
      if (next < sampled.length && sampled[next] == t) {
        losses[next++] = loss;
      }
      return experiment.rule().established(loss, startLoss);
    }

    /**
     * Ends the restart.
     *
     * @param steps taken
     * @param loss that of the last step
     * @param kernel that of the end; null where the experiment asks for none
     * @param movement of the weights
     */
    public void end(
        Outcome outcome, int steps, double loss, TangentKernel kernel, Movement movement) {
      outcomes.bytes("outcome")[row] = outcome.code();
      outcomes.ints("steps")[row] = steps;
      put("loss", loss);
      if (experiment.records(Recorded.RATE)) {
        put("rate", outcome == Outcome.DIVERGED ? Double.NaN : rate(steps, loss));
      }
      if (experiment.records(Recorded.KERNELS)) {
        putKernels("start", startKernel);
        putKernels("end", kernel);
        put("tangent_change", kernel == null ? Double.NaN : kernel.distance(startKernel));
      }
      if (experiment.records(Recorded.MOVEMENT)) {
        int size = movement.layers().length;
        System.arraycopy(movement.layers(), 0, outcomes.reals("movement"), row * size, size);
      }
      if (experiment.records(Recorded.PATTERNS)) {
        put("flipped", movement.flipped());
        put("largest_movement", movement.largest());
      }
      if (experiment.records(Recorded.TRAJECTORY)) {
        System.arraycopy(
            losses, 0, outcomes.reals("trajectory_loss"), row * losses.length, losses.length);
      }
    }

    /**
     * The exponential of the slope of ln L against t, by least squares over the sampled steps of
     * the second half and the last; NaN where they are fewer than two or a loss is zero or not
     * finite. What diverged has none: it would outweigh all others in a mean.
     */
    private double rate(int steps, double loss) {
      double n = 0;
      double t = 0;
      double l = 0;
      double tt = 0;
      double tl = 0;
      for (int i = 0; i <= next; i++) {
        boolean last = i == next;
        if (last ? next > 0 && sampled[next - 1] == steps : 2L * sampled[i] < steps) {
          continue;
        }
        // Counted from the middle, so that sums of squares keep their digits.
        double at = (last ? steps : sampled[i]) - 0.75 * steps;
        double value = Math.log(last ? loss : losses[i]);
        if (!Double.isFinite(value)) {
          return Double.NaN;
        }
        n++;
        t += at;
        l += value;
        tt += at * at;
        tl += at * value;
      }
      return Math.exp((n * tl - t * l) / (n * tt - t * t));
    }

    private void predict(String column, KernelDescent descent) {
      double[] predicted = outcomes.reals(column);
      for (int i = 0; i < sampled.length; i++) {
        predicted[row * sampled.length + i] = descent.loss(sampled[i]);
      }
    }

    private void putKernels(String when, TangentKernel kernel) {
      double[] none = {Double.NaN, Double.NaN};
      double[] tangent = kernel == null ? none : kernel.extremes();
      double[] gram = kernel == null ? none : kernel.lastExtremes();
      put("tangent_min_" + when, tangent[0]);
      put("tangent_max_" + when, tangent[1]);
      put("gram_min_" + when, gram[0]);
      put("gram_max_" + when, gram[1]);
    }

    private void put(String column, double value) {
      if (outcomes.has(column)) {
        outcomes.reals(column)[row] = value;
      }
    }
  }
}
