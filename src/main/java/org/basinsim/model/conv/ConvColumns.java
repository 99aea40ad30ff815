package org.basinsim.model.conv;

import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Column;
import org.basinsim.model.Column.Tolerance;
import org.basinsim.model.Precision;
import org.basinsim.model.TrajectorySteps;

/** The columns that an experiment declares. */
final class ConvColumns {
  /**
   * Instances of set splitting end at kinks of the activation, where rounding decides on which side
   * a step falls: two descents stay near each other by no more than such steps, which AdaGrad has
   * made small by then.
   */
  private static final Tolerance KINKS = new Tolerance(1e-4, 1e-4);

  private ConvColumns() {}

  static List<Column> of(ConvExperiment e) {
    Tolerance tolerance = tolerance(e);
    List<Column> columns = new ArrayList<>();
    columns.add(Column.OUTCOME);
    columns.add(Column.steps(stepsMeaning(e), stepsTolerance(e)));
    boolean restless = e.oracle() instanceof Oracle.Online || e.noisy();
    if (e.learned() && restless && e.gaussian()) {
      columns.add(
          new Column(
              "basin",
              Column.Type.UINT8,
              1,
              "1",
              "outcome; where undecided, that of population descent from the last state",
              Tolerance.EXACT));
    }
    boolean empirical = e.oracle() instanceof Oracle.Empirical;
    if (e.records(Recorded.LOSS) && e.hasLoss()) {
      columns.add(
          Column.real(
              "loss",
              "1",
              (empirical ? "training" : "population") + " loss at the end",
              tolerance));
    }
    if (e.records(Recorded.ANGLE)) {
      columns.add(
          Column.real("angle", "rad", "angle between filter and teacher at the end", tolerance));
    }
    if (empirical && e.seeksTeacher()) {
      addEmpirical(columns, e, tolerance);
    }
    if (e.records(Recorded.START)) {
      addStart(columns, e);
    }
    if (e.records(Recorded.FINAL)) {
      addFinal(columns, e, tolerance);
    }
    if (e.overlaps() && e.oracle() instanceof Oracle.Population) {
      columns.add(Column.position(e.patchSize(), "the filter at the end", tolerance));
      columns.add(Column.MINIMUM);
    }
    if (e.records(Recorded.PHASES)) {
      columns.add(phase("phase_one_steps", "first step within π/4 of the limit; -1 if never", e));
      columns.add(phase("phase_two_steps", "steps after phase one; -1 if never", e));
    }
    if (e.records(Recorded.TRAJECTORY)) {
      int length = TrajectorySteps.upTo(e.maxSteps()).length;
      if (e.hasLoss()) {
        columns.add(
            trajectory("trajectory_loss", "1", "loss at the sampled steps", length, tolerance));
      }
      columns.add(
          trajectory("trajectory_angle", "rad", "angle at the sampled steps", length, tolerance));
    }
    return List.copyOf(columns);
  }

  /**
   * Rounding grows by the expansion of the slow phase, which leaves a saddle at a rate that a
   * factor of 10⁷ in double and 10⁴ in single covers: 10⁷·2⁻⁵³ ≈ 10⁻⁹, 10⁴·2⁻²⁴ ≈ 6·10⁻⁴.
   */
  private static Tolerance tolerance(ConvExperiment e) {
    if (e.inputs() instanceof Inputs.SetSplitting) {
      return KINKS;
    }
    Precision precision = e.precision();
    double growth = precision == Precision.DOUBLE ? 1e7 : 1e4;
    return new Tolerance(growth * precision.unitRoundoff(), growth * precision.unitRoundoff());
  }

  /** A first hit moves by as many steps as the state lags: the same relative error, one more. */
  private static Tolerance stepsTolerance(ConvExperiment e) {
    if (e.inputs() instanceof Inputs.SetSplitting) {
      return new Tolerance(10, 0.1);
    }
    Precision precision = e.precision();
    return precision == Precision.DOUBLE
        ? Tolerance.EXACT
        : new Tolerance(1, 1e4 * precision.unitRoundoff());
  }

  private static String stepsMeaning(ConvExperiment e) {
    return e.stopsByVerdict()
        ? "steps until the verdict was certain"
        : "steps until the outcome was reached";
  }

  private static void addEmpirical(List<Column> columns, ConvExperiment e, Tolerance tolerance) {
    if (e.gaussian()) {
      columns.add(Column.real("population_loss", "1", "population loss at the end", tolerance));
    }
    columns.add(
        Column.real(
            "teacher_error",
            "1",
            e.learned() ? "‖a − b*‖ / ‖b*‖ at the end" : "‖w − w*‖ / ‖w*‖ at the end",
            tolerance));
    columns.add(
        new Column(
            "recovered",
            Column.Type.UINT8,
            1,
            "1",
            "1 where the teacher itself was found, within outcome.angle and outcome.output or"
                + " outcome.distance",
            Tolerance.EXACT));
  }

  private static void addStart(List<Column> columns, ConvExperiment e) {
    Tolerance rounding = new Tolerance(1e-12, 1e-12);
    columns.add(Column.real("start_angle", "rad", "angle between filter and teacher", rounding));
    columns.add(Column.real("start_filter_norm", "1", "norm of the filter", rounding));
    if (e.learned()) {
      columns.add(
          Column.real("start_mean", "1", "output weights along the teacher's mean", rounding));
      columns.add(
          Column.real(
              "start_contrast", "1", "output weights along the teacher's contrast", rounding));
      columns.add(Column.real("start_rest", "1", "norm of the other output weights", rounding));
    }
  }

  private static void addFinal(List<Column> columns, ConvExperiment e, Tolerance tolerance) {
    columns.add(Column.real("final_filter_norm", "1", "norm of the filter", tolerance));
    if (e.learned()) {
      columns.add(
          Column.real("final_mean", "1", "output weights along the teacher's mean", tolerance));
      columns.add(
          Column.real(
              "final_contrast", "1", "output weights along the teacher's contrast", tolerance));
      columns.add(Column.real("final_rest", "1", "norm of the other output weights", tolerance));
    }
  }

  private static Column phase(String name, String longName, ConvExperiment e) {
    return new Column(name, Column.Type.INT32, 1, "step", longName, stepsTolerance(e));
  }

  private static Column trajectory(
      String name, String unit, String longName, int length, Tolerance tolerance) {
    return new Column(name, Column.Type.FLOAT64, length, unit, longName, tolerance);
  }
}
