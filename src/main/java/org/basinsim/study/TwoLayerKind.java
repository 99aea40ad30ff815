package org.basinsim.study;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.basinsim.model.Precision;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;

/** Studies of two layers with orthogonal teachers. */
final class TwoLayerKind implements SystemKind {
  /** A step takes time as students² · teachers. */
  private static final int LARGEST = 128;

  private static final Form.Real SMALL = new Form.Real(1e-12, 1);

  @Override
  public String name() {
    return "two-layer";
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required(
            "system.teachers", new Form.Whole(1, LARGEST), "orthogonal teachers and inputs, k"),
        Key.required("system.students", new Form.Whole(1, LARGEST), "students, n"),
        Key.standard("descent.step_size", new Form.Real(1e-12, 1e3), 0.1, "η"),
        // The published threshold of 1e-9 takes up to 180,000 steps.
        Key.standard(
            "descent.max_steps", new Form.Whole(1, Integer.MAX_VALUE - 1), 200_000L, "step budget"),
        Key.standard("outcome.loss", SMALL, 1e-3, "loss below which a restart is global"),
        Key.standard("outcome.gradient", SMALL, 1e-6, "2π·gradient that counts as zero"));
  }

  @Override
  public List<String> quantities() {
    return Arrays.stream(Recorded.values()).map(Recorded::word).toList();
  }

  @Override
  public List<String> averages() {
    return quantities();
  }

  @Override
  public void check(Values cell) {
    if (cell.sound("restarts.precision") && cell.precision() != Precision.DOUBLE) {
      cell.refuse(
          "restarts.precision",
          "two layers settle where gradients are below what single precision resolves",
          "\"double\"");
    }
    if (!cell.sound("system.teachers")) {
      return;
    }
    int teachers = cell.number("system.teachers");
    if (cell.sound("system.students") && cell.number("system.students") < teachers) {
      cell.refuse(
          "system.students",
          "fewer students than teachers cannot be those",
          "at least " + teachers + ", the teachers");
    }
    double unstable = new TwoLayer(teachers).unstableStepSize();
    if (cell.sound("descent.step_size") && cell.real("descent.step_size") >= unstable) {
      cell.refuse(
          "descent.step_size",
          "descent cannot settle at the teachers at teachers = " + teachers,
          "less than " + Rendering.number(unstable));
    }
  }

  @Override
  public TwoLayerExperiment build(Values cell) {
    List<String> words = cell.words("restarts.record");
    return new TwoLayerExperiment(
        cell.number("system.teachers"),
        cell.number("system.students"),
        cell.real("descent.step_size"),
        cell.number("descent.max_steps"),
        new TwoLayerRule(cell.real("outcome.loss"), cell.real("outcome.gradient")),
        Arrays.stream(Recorded.values())
            .filter(quantity -> words.contains(quantity.word()))
            .collect(Collectors.toSet()),
        cell.seed(),
        cell.streams());
  }
}
