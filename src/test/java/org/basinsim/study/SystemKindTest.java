package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.junit.jupiter.api.Test;

/** A system of which the reader has never heard. */
class SystemKindTest {

  /** Descent on x²: the start is uniform on [−width, width]. */
  record Parabola(double width, double stepSize, long seed, Streams streams, Precision precision)
      implements Experiment {
    @Override
    public Map<String, String> mathematics() {
      Map<String, String> keys = new LinkedHashMap<>();
      keys.put("system.kind", "parabola");
      keys.put("start.width", Double.toString(width));
      keys.put("descent.step_size", Double.toString(stepSize));
      return keys;
    }

    @Override
    public List<Column> columns() {
      return List.of(Column.OUTCOME, Column.steps("steps", Column.Tolerance.EXACT));
    }

    @Override
    public Clustering clustering() {
      return Clustering.INDEPENDENT;
    }

    @Override
    public int maxSteps() {
      return 100;
    }

    @Override
    public List<String> invariants() {
      return List.of();
    }
  }

  /** Its study keys. */
  static final class ParabolaKind implements SystemKind {
    @Override
    public String name() {
      return "parabola";
    }

    @Override
    public List<Key> keys() {
      return List.of(
          Key.required("start.width", new Form.Real(0, 10), "of the start"),
          Key.standard("descent.step_size", new Form.Real(0, 2), 0.1, "of a step"));
    }

    @Override
    public List<String> quantities() {
      return List.of("height");
    }

    @Override
    public void check(Values cell) {
      if (cell.sound("descent.step_size") && cell.real("descent.step_size") >= 1) {
        cell.refuse("descent.step_size", "descent diverges", "less than 1");
      }
    }

    @Override
    public Experiment build(Values cell) {
      return new Parabola(
          cell.real("start.width"),
          cell.real("descent.step_size"),
          cell.seed(),
          cell.streams(),
          cell.precision());
    }
  }

  private static Study parse(String text) {
    List<SystemKind> kinds = new ArrayList<>(Systems.builtIn());
    kinds.add(new ParabolaKind());
    return new StudyReader(kinds)
        .parse(
            """
            name = "t"
            seed = 1
            restarts.per_cell = 10
            system.kind = "parabola"
            """
                + text,
            "study.toml",
            Path.of(""),
            List.of());
  }

  @Test
  void isReadLikeAnyOther() {
    Study study = parse("descent.step_size = [0.5, 0.25]\nstart.width = 3\n");
    assertEquals(List.of("descent.step_size"), study.sweptKeys());
    assertEquals(
        new Parabola(3, 0.25, 1, Streams.INDEPENDENT, Precision.DOUBLE),
        study.cells().get(1).experiment());
  }

  @Test
  void isCheckedLikeAnyOther() {
    BrokenStudy e =
        assertThrows(
            BrokenStudy.class,
            () ->
                parse(
                    "descent.step_size = [0.5, 1]\nstart.wdith = 3\nsystem.patches = 3\n"
                        + "restarts.record = [\"hight\"]\n"));
    assertEquals(
        List.of(
            "study.toml:5: descent.step_size = 1: descent diverges; allowed: less than 1",
            "study.toml:6: start.wdith = 3: unknown key; did you mean \"start.width\"?",
            "study.toml:7: system.patches = 3: only systems of kind \"conv\" have this key; allowed:"
                + " leaving it out",
            "study.toml:8: restarts.record = [\"hight\"]: \"hight\" is not a known word; allowed:"
                + " a list of \"outcome\", \"steps\", \"height\"; did you mean \"height\"?"),
        e.messages());
  }

  @Test
  void isNamedAmongTheAllowedKinds() {
    List<SystemKind> kinds = List.of(new ConvKind(), new ParabolaKind());
    BrokenStudy e =
        assertThrows(
            BrokenStudy.class,
            () ->
                new StudyReader(kinds)
                    .parse("system.kind = \"parabole\"", "s", Path.of(""), List.of()));
    assertEquals(
        "s:1: system.kind = \"parabole\": not a known word; allowed: \"conv\", \"parabola\"; did"
            + " you mean \"parabola\"?",
        e.messages().getFirst());
  }
}
