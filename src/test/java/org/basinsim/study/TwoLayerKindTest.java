package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.basinsim.model.Experiment;
import org.basinsim.model.Streams;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of two layers. */
class TwoLayerKindTest {
  private static final String HEAD =
      """
      name = "t"
      seed = 9
      restarts.per_cell = 10
      system.kind = "two-layer"
      """;

  private static Study parse(String text) {
    return new StudyReader(Systems.builtIn()).parse(HEAD + text, "s", Path.of(""), List.of());
  }

  private static void assertRefused(String text, String... messages) {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> parse(text));
    assertEquals(List.of(messages), e.messages());
  }

  private static Experiment only(String text) {
    return parse("system.teachers = 6\nsystem.students = 7\n" + text)
        .cells()
        .getFirst()
        .experiment();
  }

  @Test
  void defaultsAreThoseOfThePaper() {
    assertEquals(
        new TwoLayerExperiment(
            6,
            7,
            0.1,
            200_000,
            new TwoLayerRule(1e-3, 1e-6),
            EnumSet.allOf(Recorded.class),
            9,
            Streams.INDEPENDENT),
        only(""));
  }

  @Test
  void everyKeyArrives() {
    assertEquals(
        new TwoLayerExperiment(
            6, 7, 0.05, 500, new TwoLayerRule(1e-4, 1e-9), Set.of(), 9, Streams.COMMON),
        only(
            """
            descent.step_size = 0.05
            descent.max_steps = 500
            outcome.loss = 1e-4
            outcome.gradient = 1e-9
            restarts.record = ["outcome", "steps"]
            restarts.streams = "common"
            """));
  }

  @ParameterizedTest
  @CsvSource({
    "descent.step_size=0.05, true",
    "descent.max_steps=500, true",
    "outcome.loss=1e-4, true",
    "outcome.gradient=1e-9, true",
    "restarts.streams='common', true",
    "restarts.record=['outcome'], false",
    "restarts.interval='jeffreys', false",
  })
  void whatInfluencesAnOutcomeIsInTheIdentity(String key, boolean changes) {
    assertEquals(changes, !only(key).identity().equals(only("").identity()));
  }

  @Test
  void teachersAndStudentsHaveToBeGiven() {
    assertRefused(
        "",
        "s: system.teachers is missing: orthogonal teachers and inputs, k; allowed: a whole number"
            + " from 1 to 128",
        "s: system.students is missing: students, n; allowed: a whole number from 1 to 128");
  }

  @Test
  void singlePrecisionIsRefusedWithTheReason() {
    assertRefused(
        "system.teachers = 6\nsystem.students = 6\nrestarts.precision = \"single\"\n",
        "s:7: restarts.precision = \"single\": two layers settle where gradients are below what"
            + " single precision resolves; allowed: \"double\"");
  }

  @Test
  void whatCannotSucceedIsRefused() {
    assertRefused(
        "system.teachers = 20\nsystem.students = [19, 20]\ndescent.step_size = 0.628\n",
        "s:6: system.students = 19: fewer students than teachers cannot be those; allowed: at"
            + " least 20, the teachers",
        "s:7: descent.step_size = 0.628: descent cannot settle at the teachers at teachers = 20;"
            + " allowed: less than 0.3602049600307228");
  }

  @Test
  void keysOfOtherSystemsAreNamedAsSuch() {
    assertRefused(
        "system.teachers = 6\nsystem.students = 6\nsystem.patches = 6\nsystem.techers = 3\n",
        "s:7: system.patches = 6: only systems of kind \"conv\" have this key; allowed: leaving it"
            + " out",
        "s:8: system.techers = 3: unknown key; did you mean \"system.teachers\"?");
  }

  @Test
  void theBuiltInStudyHasThePublishedCells() {
    Study study = new StudyReader(Systems.builtIn()).readBuiltIn("safran2018-spurious", List.of());
    assertEquals(List.of("system.teachers", "system.students"), study.sweptKeys());
    assertEquals(8, study.cells().size());
    assertEquals(List.of(15L, 16L), study.cells().getLast().values());
    assertEquals(List.of(), study.warnings());
  }
}
