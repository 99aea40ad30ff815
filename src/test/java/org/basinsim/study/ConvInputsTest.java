package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.basinsim.data.DataSets;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Oracle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of inputs gives samples and data sets, and has to agree with what the study says. */
class ConvInputsTest {
  private static final String BASE =
      """
      name = "t"
      seed = 1
      restarts.per_cell = 10
      system.patches = 2
      system.patch_size = 3
      teacher.output_ratio = 1
      descent.oracle = "empirical"
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "1,2,3,4,5,6\n7,8,9,10,11,12\n".repeat(6));
    double[][][][] four = new double[3][4][2][3];
    four[2][3][1][2] = 5;
    try (WritableHdfFile file = HdfFile.write(folder.resolve("x.h5"))) {
      file.putDataset("inputs", four);
      file.putDataset("wide", new double[12][7]);
    }
  }

  private Study parse(String text, Setting... settings) {
    return new StudyReader(Systems.builtIn())
        .parse(BASE + text, "study.toml", folder, List.of(settings));
  }

  private Oracle.Empirical oracle(String text) {
    ConvExperiment experiment = (ConvExperiment) parse(text).cells().getFirst().experiment();
    return assertInstanceOf(Oracle.Empirical.class, experiment.oracle());
  }

  private void assertRefused(String text, String message) {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> parse(text));
    assertEquals(List.of("study.toml:" + message), e.messages());
  }

  private static final String CSV = "system.inputs = { file = \"x.csv\" }\n";
  private static final String HDF5 = "system.inputs.file = \"x.h5\"\n";

  @Test
  void samplesAndDataSetsComeFromTheFile() {
    assertEquals(12, oracle(CSV).samples());
    assertEquals(1, oracle(CSV).dataSets());
    assertEquals(4, oracle(HDF5).samples());
    assertEquals(3, oracle(HDF5).dataSets());
  }

  @Test
  void rowsAreDividedAsTheStudySays() {
    assertEquals(2, oracle(CSV + "descent.data_sets = 6\n").samples());
    assertEquals(3, oracle(CSV + "descent.samples = 4\n").dataSets());
    assertEquals(4, oracle(CSV + "descent.samples = 4\ndescent.data_sets = 3\n").samples());
  }

  @Test
  void theExperimentFindsItsFile() {
    ConvExperiment experiment = (ConvExperiment) parse(HDF5).cells().getFirst().experiment();
    assertEquals(5, DataSets.of(experiment).inputs(2)[23]);
  }

  @Test
  void theIdentityIsOfTheContent() throws IOException {
    String before = parse(CSV).cells().getFirst().experiment().identity();
    Files.copy(folder.resolve("x.csv"), folder.resolve("same.csv"));
    String same = "system.inputs.file = \"same.csv\"\n";
    assertEquals(before, parse(same).cells().getFirst().experiment().identity());
    Files.writeString(folder.resolve("x.csv"), "1,2,3,4,5,6\n7,8,9,10,11,13\n".repeat(6));
    assertNotEquals(before, parse(CSV).cells().getFirst().experiment().identity());
  }

  @Test
  void aPathOfTheCommandLineStartsFromTheWorkingFolder() {
    Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("x.csv"));
    Study study = parse("", Setting.parse("system.inputs.file=" + relative));
    Study again =
        new StudyReader(Systems.builtIn())
            .parse(study.text(), "study.toml", Path.of("elsewhere"), List.of());
    ConvExperiment experiment = (ConvExperiment) again.cells().getFirst().experiment();
    assertInstanceOf(Inputs.File.class, experiment.inputs());
    assertEquals(study.cells().getFirst().experiment().identity(), experiment.identity());
  }

  @Test
  void fewInputsDrawAWarning() {
    assertEquals(List.of(), parse(CSV).warnings());
    assertEquals(
        List.of(
            "study.toml:8: system.inputs.file = \"x.h5\": 4 inputs for 5 parameters: zero training"
                + " loss need not mean the teacher"),
        parse(HDF5).warnings());
  }

  @Test
  void disagreementsAreRefused() {
    assertRefused(
        CSV + "descent.data_sets = 5\n",
        "9: descent.data_sets = 5: system.inputs.file has shape [12, 6]; allowed: a divisor of"
            + " 12");
    assertRefused(
        CSV + "descent.samples = 7\n",
        "9: descent.samples = 7: system.inputs.file has shape [12, 6]; allowed: a divisor of 12");
    assertRefused(
        CSV + "descent.samples = 24\n",
        "9: descent.samples = 24: system.inputs.file has shape [12, 6]; allowed: a divisor of 12");
    assertRefused(
        HDF5 + "descent.samples = 6\n",
        "9: descent.samples = 6: system.inputs.file has shape [3, 4, 2, 3]; allowed: 4");
    assertRefused(
        HDF5 + "descent.data_sets = 16\n",
        "9: descent.data_sets = 16: system.inputs.file has shape [3, 4, 2, 3]; allowed: 3");
    assertRefused(
        HDF5 + "system.inputs.dataset = \"/wide\"\n",
        "8: system.inputs.file = \"x.h5\": its inputs have shape [12, 7]; allowed: a shape that"
            + " ends in [2, 3] or [6], as patches and patch_size say");
    assertRefused(
        HDF5 + "system.inputs.dataset = \"/none\"\n",
        "8: system.inputs.file = \"x.h5\": "
            + folder.resolve("x.h5")
            + ": no data set /none; allowed: a file of inputs");
  }
}
