package org.basinsim.model.deep;

import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Column;
import org.basinsim.model.Column.Tolerance;
import org.basinsim.model.Precision;
import org.basinsim.model.TrajectorySteps;

/** The columns that an experiment declares. */
final class DeepColumns {
  private DeepColumns() {}

  static List<Column> of(DeepExperiment e) {
    boolean exact = e.precision() == Precision.DOUBLE;
    // Kinks of the activation, taken on one side or the other, let rounding grow: 10⁷ and 10⁴
    // cover.
    double error = (exact ? 1e7 : 1e4) * e.precision().unitRoundoff();
    Tolerance tolerance = new Tolerance(error, error);
    List<Column> columns = new ArrayList<>();
    columns.add(Column.OUTCOME);
    columns.add(
        Column.steps(
            "steps until the outcome was reached",
            exact ? Tolerance.EXACT : new Tolerance(1, error)));
    if (e.records(Recorded.LOSS)) {
      columns.add(real("start_loss", "L(0)", tolerance));
      columns.add(real("loss", "loss L at the end", tolerance));
    }
    columns.add(real("step_size", "step size η", tolerance));
    if (e.records(Recorded.RATE)) {
      columns.add(real("rate", "L(t + 1) / L(t), fitted to the second half of the run", tolerance));
      columns.add(
          real("rate_predicted", "(1 − η λ_min(Θ(0)))², its limit with a fixed kernel", tolerance));
    }
    if (e.records(Recorded.KERNELS)) {
      // The error of an eigenvalue is that of the matrix, whose norm is up to n times its entries.
      addKernels(columns, new Tolerance(error * e.samples().count(), error));
    }
    if (e.records(Recorded.MOVEMENT)) {
      int layers = e.network().depth() + (e.network().trainsOutput() ? 1 : 0);
      columns.add(
          new Column(
              "movement",
              Column.Type.FLOAT64,
              layers,
              "1",
              "‖W(T) − W(0)‖ / √m of each layer, the output weights last",
              tolerance));
    }
    if (e.records(Recorded.PATTERNS)) {
      // Of n·m patterns a few lie within rounding of their kink.
      double few = 4.0 / e.samples().count() / e.network().width();
      columns.add(real("flipped", "share of activation patterns flipped", new Tolerance(few, 0)));
      columns.add(real("largest_movement", "largest ‖w_r(T) − w_r(0)‖ of a unit", tolerance));
    }
    addTrajectories(columns, e, tolerance);
    return List.copyOf(columns);
  }

  private static void addKernels(List<Column> columns, Tolerance tolerance) {
    for (String when : List.of("start", "end")) {
      columns.add(real("tangent_min_" + when, "λ_min of Θ at the " + when, tolerance));
      columns.add(real("tangent_max_" + when, "λ_max of Θ at the " + when, tolerance));
      columns.add(real("gram_min_" + when, "λ_min of G^(H) at the " + when, tolerance));
      columns.add(real("gram_max_" + when, "λ_max of G^(H) at the " + when, tolerance));
    }
    columns.add(real("tangent_change", "‖Θ(T) − Θ(0)‖₂", tolerance));
  }

  private static void addTrajectories(List<Column> columns, DeepExperiment e, Tolerance tolerance) {
    int length = TrajectorySteps.upTo(e.maxSteps()).length;
    if (e.records(Recorded.TRAJECTORY)) {
      columns.add(
          trajectory("loss", "loss at the sampled steps; NaN after the end", length, tolerance));
    }
    if (e.records(Recorded.PREDICTION)) {
      columns.add(trajectory("predicted", "loss of kernel descent with Θ(0)", length, tolerance));
    }
    if (e.records(Recorded.LIMIT)) {
      columns.add(real("tangent_min_limit", "λ_min of Θ at infinite width", tolerance));
      columns.add(real("tangent_max_limit", "λ_max of Θ at infinite width", tolerance));
      columns.add(real("gram_min_limit", "λ_min of G^(H) at infinite width", tolerance));
      columns.add(real("gram_max_limit", "λ_max of G^(H) at infinite width", tolerance));
      columns.add(
          trajectory("limit", "loss of kernel descent at infinite width", length, tolerance));
    }
  }

  private static Column real(String name, String longName, Tolerance tolerance) {
    return Column.real(name, "1", longName, tolerance);
  }

  private static Column trajectory(String name, String longName, int length, Tolerance tolerance) {
    return new Column("trajectory_" + name, Column.Type.FLOAT64, length, "1", longName, tolerance);
  }
}
