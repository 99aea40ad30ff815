package org.basinsim.toy;

import java.util.List;
import org.basinsim.model.Experiment;
import org.basinsim.study.Form;
import org.basinsim.study.Key;
import org.basinsim.study.SystemKind;
import org.basinsim.study.Values;

/** The double well's study keys. */
final class DoubleWellKind implements SystemKind {

  @Override
  public String name() {
    return "double-well";
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required("well.tilt", new Form.Real(-1, 1), "slope added to the symmetric well"),
        Key.standard("descent.step_size", new Form.Real(1e-6, 1), 0.1, "step size"),
        Key.standard("descent.max_steps", new Form.Whole(1, 1_000_000), 1000L, "step budget"));
  }

  @Override
  public List<String> quantities() {
    return List.of("position");
  }

  @Override
  public void check(Values cell) {
    if (cell.sound("well.tilt") && cell.real("well.tilt") == 0) {
      cell.refuse("well.tilt", "both wells are equally deep", "any other tilt");
    }
  }

  @Override
  public Experiment build(Values cell) {
    return new DoubleWell(
        cell.real("well.tilt"),
        cell.real("descent.step_size"),
        cell.number("descent.max_steps"),
        cell.seed(),
        cell.streams(),
        cell.precision());
  }
}
