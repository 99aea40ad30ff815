package org.basinsim.validation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.ConvState;

/** Many restarts after a few steps, as named quantities whose means are compared. */
final class LawSample {
  private final Map<String, double[]> quantities = new LinkedHashMap<>();
  private final int restarts;

  private LawSample(int restarts) {
    this.restarts = restarts;
  }

  /** Of the rows of an experiment that records final state, loss and angle. */
  static LawSample of(Outcomes rows) {
    boolean learned = rows.has("final_mean");
    ConvState[] states = new ConvState[rows.rows()];
    for (int row = 0; row < states.length; row++) {
      double norm = rows.reals("final_filter_norm")[row];
      double angle = rows.reals("angle")[row];
      states[row] =
          new ConvState(
              norm * Math.cos(angle),
              norm * Math.sin(angle),
              learned ? rows.reals("final_mean")[row] : 0,
              learned ? rows.reals("final_contrast")[row] : 0,
              learned ? rows.reals("final_rest")[row] : 0);
    }
    LawSample sample = of(states, learned);
    sample.put("loss", row -> rows.reals("loss")[row]);
    sample.put("success", row -> rows.bytes("outcome")[row] == Outcome.GLOBAL.code() ? 1 : 0);
    sample.put("steps", row -> rows.ints("steps")[row]);
    return sample;
  }

  /** Of states alone. */
  static LawSample of(ConvState[] states, boolean learned) {
    LawSample sample = new LawSample(states.length);
    sample.put("x", row -> states[row].x());
    sample.put("y", row -> states[row].y());
    sample.put("x²", row -> states[row].x() * states[row].x());
    sample.put("y²", row -> states[row].y() * states[row].y());
    sample.put("angle", row -> states[row].angle());
    // A filter starts on the unit sphere and a tangential step makes it longer, by its square.
    sample.put("√|n² − 1|", row -> Math.sqrt(Math.abs(Math.pow(states[row].filterNorm(), 2) - 1)));
    if (learned) {
      sample.put("mean", row -> states[row].mean());
      sample.put("contrast", row -> states[row].contrast());
      sample.put("rest", row -> states[row].rest());
      sample.put("contrast²", row -> states[row].contrast() * states[row].contrast());
      sample.put("mean·x", row -> states[row].mean() * states[row].x());
    }
    return sample;
  }

  private void put(String name, IntToDoubleFunction quantity) {
    double[] values = new double[restarts];
    for (int row = 0; row < restarts; row++) {
      values[row] = quantity.applyAsDouble(row);
    }
    quantities.put(name, values);
  }

  /**
   * Paired z of every mean that both samples have: restarts of equal index have equal starts, so
   * what the starts vary by drops out.
   *
   * @return name and z of each quantity
   */
  Map<String, Double> compare(LawSample other) {
    Map<String, Double> scores = new LinkedHashMap<>();
    quantities.forEach((name, values) -> {
      double[] others = other.quantities.get(name);
      if (others != null) {
        scores.put(name, paired(values, others));
      }
    });
    return scores;
  }

  private static double paired(double[] one, double[] two) {
    int n = one.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += one[i] - two[i];
    }
    double mean = sum / n;
    double square = 0;
    for (int i = 0; i < n; i++) {
      double difference = one[i] - two[i] - mean;
      square += difference * difference;
    }
    // Where nothing varies, as the steps of an endless cell, equal is all there is to ask.
    return mean == 0 ? 0 : mean / Math.sqrt(square / (n - 1.0) / n);
  }
}
