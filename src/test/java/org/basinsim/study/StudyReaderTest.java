package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Studies that are not broken become the cells that they describe. */
class StudyReaderTest {
  private static final String BASE =
      """
      name = "t"
      seed = -1
      restarts.per_cell = 10
      """;

  private static Study parse(String text, Setting... settings) {
    return new StudyReader(Systems.builtIn())
        .parse(text, "study.toml", Path.of(""), List.of(settings));
  }

  private static ConvExperiment only(Study study) {
    assertEquals(1, study.cells().size());
    return assertInstanceOf(ConvExperiment.class, study.cells().getFirst().experiment());
  }

  private static List<List<Object>> values(Study study) {
    return study.cells().stream().map(Cell::values).toList();
  }

  private static List<String> identities(Study study) {
    return study.cells().stream().map(cell -> cell.experiment().identity()).toList();
  }

  @Test
  void fillsInTheDocumentedDefaults() {
    Study study = parse(BASE + "system.patches = 4\nteacher.output_ratio = 1\n");
    assertEquals("t", study.name());
    assertEquals("", study.title());
    assertEquals(-1, study.seed());
    assertEquals(10, study.perCell());
    assertFalse(study.countsOnly());
    assertEquals("wilson", study.interval());
    assertEquals(0.95, study.confidence());
    assertEquals(List.of(), study.sweptKeys());
    ConvExperiment e = only(study);
    assertEquals(ConvOutput.LEARNED, e.network().output());
    assertEquals(4, e.patches());
    assertEquals(6, e.patchSize());
    assertEquals(1, e.teacher().filterNorm());
    assertEquals(StartLaw.Filter.SPHERE, e.start().filter());
    assertEquals(StartLaw.Output.BALL, e.start().output());
    assertEquals(StartLaw.paperRadius(e.teacher()), e.start().outputRadius());
    assertEquals(new Oracle.Population(), e.oracle());
    assertEquals(0.05, e.stepSize());
    assertEquals(40000, e.maxSteps());
    assertEquals(new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.05, 0.1, 0.05, 1e-6, 1e-6), e.rule());
    assertEquals(Set.of(Recorded.LOSS, Recorded.ANGLE), e.recorded());
  }

  @Test
  void sweepsInFileOrderTheLastFastest() {
    Study study =
        parse(
            """
            name = "t"
            seed = 1
            [teacher]
            output_ratio = [0, 1]
            [restarts]
            per_cell = 5
            [system]
            patches = [9, 4]
            """);
    assertEquals(List.of("teacher.output_ratio", "system.patches"), study.sweptKeys());
    assertEquals(
        List.of(List.of(0.0, 9L), List.of(0.0, 4L), List.of(1.0, 9L), List.of(1.0, 4L)),
        values(study));
    assertEquals(9, ((ConvExperiment) study.cells().get(2).experiment()).patches());
  }

  @Test
  void readsCellsInBlockOrder() {
    Study study =
        parse(
            BASE
                + """
                [[cells]]
                system.patches = 9
                teacher.output_ratio = 2
                [[cells]]
                teacher.output_ratio = 1.5
                system.patches = 4
                """);
    assertEquals(List.of("system.patches", "teacher.output_ratio"), study.sweptKeys());
    assertEquals(List.of(List.of(9L, 2.0), List.of(4L, 1.5)), values(study));
  }

  @Test
  void aCellDoesNotDependOnTheOthers() {
    Study sweep = parse(BASE + "system.patches = [4, 9]\nteacher.output_ratio = [0, 1]\n");
    Study single = parse(BASE + "teacher.output_ratio = 1\nsystem.patches = 9\n");
    assertEquals(identities(sweep).get(3), identities(single).getFirst());
  }

  @Test
  void numbersBesideWordsBecomeText() {
    Study study =
        parse(
            BASE
                + "system.patches = 4\nteacher.output_ratio = 1\n"
                + "start.output_radius = [\"paper\", 1, 0.25]\n");
    assertEquals(List.of(List.of("paper"), List.of("1"), List.of("0.25")), values(study));
  }

  @Test
  void aListOfListsIsAnAxisOfVectors() {
    Study study = parse(BASE + "system.patches = 2\nteacher.output = [[1, 0], [1, 2.5]]\n");
    assertEquals(List.of(List.of("[1.0, 0.0]"), List.of("[1.0, 2.5]")), values(study));
    ConvExperiment e = (ConvExperiment) study.cells().get(1).experiment();
    assertEquals(2.5, e.teacher().output()[1]);
  }

  @Test
  void aWrittenFilterKeepsTheOutputOfTheRatio() {
    String network = "system.patches = 3\nsystem.patch_size = 2\nteacher.output_ratio = 2\n";
    double[] output = only(parse(BASE + network)).teacher().output();
    ConvExperiment e = only(parse(BASE + network + "teacher.filter = [3, 4]\n"));
    assertEquals(5, e.teacher().filterNorm());
    for (int j = 0; j < 3; j++) {
      assertEquals(output[j], e.teacher().output()[j]);
    }
  }

  @Test
  void choosesProjectedInputsWhereTheyAreValid() {
    String online =
        BASE + "system.patches = 4\nteacher.output_ratio = 1\ndescent.oracle = \"online\"\n";
    assertEquals(new Oracle.Online(true, 128, 1), only(parse(online)).oracle());
    assertEquals(
        new Oracle.Online(false, 128, 3), only(parse(online + "descent.share = 3\n")).oracle());
    assertEquals(
        new Oracle.Online(false, 128, 1),
        only(parse(online + "descent.sampling = \"direct\"\n")).oracle());
  }

  @Test
  void averageOutputNeedsNoOutputRatio() {
    ConvExperiment e = only(parse(BASE + "system.patches = 4\nsystem.output = \"average\"\n"));
    assertFalse(e.learned());
    assertEquals(0.25, e.teacher().output()[3]);
  }

  @Test
  void anEmptyRecordKeepsCountsOnly() {
    Study study =
        parse(BASE + "system.patches = 4\nteacher.output_ratio = 1\nrestarts.record = []\n");
    assertTrue(study.countsOnly());
    assertEquals(2, only(study).columns().size());
  }

  @Test
  void warnsOfDataSetsThatDoNotPinTheTeacherDown() {
    String study =
        BASE + "system.patches = 4\nteacher.output_ratio = 1\ndescent.oracle = \"empirical\"\n";
    assertEquals(List.of(), parse(study + "descent.samples = 11\n").warnings());
    assertEquals(
        List.of(
            "study.toml:7: descent.samples = 10: 10 inputs for 10 parameters: zero training loss"
                + " need not mean the teacher"),
        parse(study + "descent.samples = 10\n").warnings());
  }

  @Test
  void keysThatAreNotUsedMayStand() {
    String study = BASE + "system.patches = 4\nteacher.output_ratio = 1\n";
    assertEquals(
        identities(parse(study)),
        identities(
            parse(
                study
                    + "descent.batch = 7\ndescent.samples = 5\ndescent.momentum = 0.9\n"
                    + "system.leaky_slope = 0.1\noutcome.loss = 1e-3\n")));
  }

  @Test
  void settingsReplaceAddAndSweep() {
    Study study =
        parse(
            "# a comment\n" + BASE + "system.patches = 4 # k\nteacher.output_ratio = 1\n",
            Setting.parse("system.patches=[9, 16]"),
            Setting.parse("descent.step_size = 0.1"),
            Setting.parse("start.filter=cube"),
            Setting.parse("descent.step_size=[0.01, 0.02]"),
            Setting.seed(77),
            Setting.restarts(12));
    assertEquals(77, study.seed());
    assertEquals(12, study.perCell());
    assertEquals(4, study.cells().size());
    assertTrue(study.text().startsWith("# a comment\n"), study.text());
    assertEquals(
        StartLaw.Filter.CUBE,
        ((ConvExperiment) study.cells().getFirst().experiment()).start().filter());
    Study again = parse(study.text());
    assertEquals(study.text(), again.text());
    assertEquals(study.sweptKeys(), again.sweptKeys());
    assertEquals(values(study), values(again));
    assertEquals(identities(study), identities(again));
  }

  @Test
  void aSettingThatChangesNothingChangesNoIdentity() {
    String text = BASE + "system.patches = 4\nteacher.output_ratio = 1\n";
    assertEquals(
        identities(parse(text)), identities(parse(text, Setting.parse("system.patches=4"))));
    assertNotEquals(identities(parse(text)), identities(parse(text, Setting.seed(2))));
  }

  @Test
  void settingsAreNamedInMessages() {
    BrokenStudy e =
        assertThrows(
            BrokenStudy.class,
            () ->
                parse(
                    "system.patches = 4\nquux = 1\n",
                    Setting.parse("name=t"),
                    Setting.parse("sed=3"),
                    Setting.parse("descent.step_size=[0.1, 9]"),
                    Setting.parse("descent.batch=[1"),
                    Setting.parse("a b=1"),
                    Setting.parse("cells=1"),
                    Setting.parse("system.patches.x=1"),
                    Setting.restarts(0)));
    assertEquals(
        List.of(
            "--set: descent.batch = [1: not a value; allowed: for example 3, 0.5, [1, 2] or"
                + " \"some text\"",
            "--set: a b = 1: not a key; allowed: names joined by dots",
            "--set: cells = 1: cells stand in the file; allowed: any other key",
            "--set: system.patches.x = 1: the file gives a value to what would have to be a table;"
                + " allowed: changing the file",
            "--set: sed = 3: unknown key; did you mean \"seed\"?",
            "--restarts: restarts.per_cell = 0: out of range; allowed: a whole number from 1 to"
                + " 281474976710656",
            "--set: descent.step_size = 9: descent diverges at patches = 4; allowed: less than"
                + " 2.0461094252179137",
            "study.toml:2: quux = 1: unknown key",
            "study.toml: teacher.output_ratio is missing: learned output needs the teacher's"
                + " (1ᵀa*)² / ‖a*‖²; allowed: a number from 0 to patches"),
        e.messages());
  }

  @Test
  void aSettingNeedsAKeyAndAValue() {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> Setting.parse("system.patches"));
    assertEquals(
        List.of("--set: system.patches: no key and value; allowed: key=value"), e.messages());
  }

  @ParameterizedTest
  @MethodSource("org.basinsim.study.BuiltInStudies#names")
  void builtInStudiesRunAndExplainThemselves(String name) {
    Study study = new StudyReader(Systems.builtIn()).read(name, List.of());
    assertEquals(name, study.name());
    assertEquals(List.of(), study.warnings());
    assertTrue(study.cells().size() >= 4);
    assertTrue(study.text().startsWith("# Asks: "));
    assertTrue(study.text().contains("\n# Theory"));
    assertTrue(study.text().contains("\n# Takes "));
  }

  @Test
  void theRestartsStudyIsThePublishedTable() {
    Study study = new StudyReader(Systems.builtIn()).read("du2018-restarts", List.of());
    assertEquals(36, study.cells().size());
    assertEquals(5000, study.perCell());
    assertEquals(List.of(25L, 4.0), study.cells().get(2).values());
    assertEquals(List.of(100L, 25.0), study.cells().get(35).values());
  }
}
