package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsEdits() {
    assertEquals(0, Nearest.distance("step", "step"));
    assertEquals(4, Nearest.distance("", "step"));
    assertEquals(1, Nearest.distance("stp", "step"));
    assertEquals(1, Nearest.distance("step", "stepp"));
    assertEquals(1, Nearest.distance("stap", "step"));
    assertEquals(1, Nearest.distance("setp", "step"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
  }

  @Test
  void keepsSilentWhereNothingIsNear() {
    List<String> known = List.of("seed", "descent.batch");
    assertEquals(Optional.of("seed"), Nearest.of("sede", known));
    assertEquals(Optional.of("descent.batch"), Nearest.of("desent.bach", known));
    assertEquals(Optional.empty(), Nearest.of("entirely different", known));
    assertEquals(Optional.empty(), Nearest.of("s".repeat(1000), known));
  }
}
