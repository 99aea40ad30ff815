package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.basinsim.data.InputFile;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of over-parameterized networks. */
class DeepKindTest {
  private static final String HEAD =
      """
      name = "t"
      seed = 9
      restarts.per_cell = 10
      system.kind = "deep"
      """;

  @TempDir Path folder;

  private Study parse(String text) {
    return new StudyReader(Systems.builtIn()).parse(HEAD + text, "s", folder, List.of());
  }

  private void assertRefused(String text, String... messages) {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> parse(text));
    assertEquals(List.of(messages), e.messages());
  }

  private DeepExperiment only(String text) {
    return (DeepExperiment) parse("system.width = 64\n" + text).cells().getFirst().experiment();
  }

  @Test
  void defaults() {
    assertEquals(
        new DeepExperiment(
            new DeepNetwork(
                Architecture.FULLY_CONNECTED, 64, 2, 20, 1, 1, Activation.SOFTPLUS, 0.5),
            new Samples.Sphere(20, Labels.NORMAL),
            Varies.BOTH,
            new StepSize(0.5, true),
            1000,
            new DeepRule(1e-3),
            EnumSet.of(Recorded.LOSS, Recorded.RATE, Recorded.KERNELS, Recorded.MOVEMENT),
            9,
            Streams.INDEPENDENT,
            Precision.DOUBLE),
        only(""));
    assertEquals(1, only("system.architecture = \"two-layer\"\n").network().depth());
  }

  @Test
  void everyKeyArrives() {
    assertEquals(
        new DeepExperiment(
            new DeepNetwork(Architecture.CONV_RESNET, 64, 5, 21, 7, 5, Activation.TANH, 0.25),
            new Samples.Sphere(3, Labels.TEACHER),
            Varies.DATA,
            new StepSize(0.01, false),
            50,
            new DeepRule(0.1),
            Set.of(Recorded.TRAJECTORY, Recorded.PREDICTION, Recorded.LIMIT),
            9,
            Streams.COMMON,
            Precision.SINGLE),
        only(
            """
            system.architecture = "conv-resnet"
            system.depth = 5
            system.activation = "tanh"
            system.residual_scale = 0.25
            system.positions = 7
            system.window = 5
            system.input_size = 21
            system.samples = 3
            system.labels = "teacher"
            start.varies = "data"
            descent.step_size = 0.01
            descent.max_steps = 50
            outcome.tolerance = 0.1
            restarts.streams = "common"
            restarts.precision = "single"
            restarts.record = ["trajectory", "prediction", "limit"]
            """));
    DeepExperiment patterns =
        only(
            """
            system.architecture = "two-layer"
            system.activation = "relu"
            restarts.record = ["patterns"]
            descent.step_size.relative = 0.1
            """);
    assertEquals(Set.of(Recorded.PATTERNS), patterns.recorded());
    assertEquals(new StepSize(0.1, true), patterns.stepSize());
  }

  private static final String CONVOLUTION =
      "system.architecture='conv-resnet'\nsystem.positions=5\n";

  @ParameterizedTest
  @CsvSource({
    "system.architecture='resnet', true",
    "system.depth=3, true",
    "system.activation='relu', true",
    "system.input_size=40, true",
    "system.samples=21, true",
    "system.labels='signs', true",
    "start.varies='weights', true",
    "descent.step_size=0.5, true",
    "descent.step_size.relative=0.4, true",
    "descent.max_steps=999, true",
    "outcome.tolerance=1e-4, true",
    "restarts.streams='common', true",
    "restarts.record=['loss'], false",
    "restarts.interval='jeffreys', false",
    "system.trained='hidden', true",
    // The defaults themselves.
    "system.trained='all', false",
    "system.depth=2, false",
    "descent.step_size.relative=0.5, false",
  })
  void whatInfluencesAnOutcomeIsInTheIdentity(String key, boolean changes) {
    assertEquals(changes, !only(key).identity().equals(only("").identity()));
  }

  @ParameterizedTest
  @CsvSource({
    "system.residual_scale=0.4, true",
    "system.window=5, true",
    "system.window=3, false",
    "system.residual_scale=0.5, false",
  })
  void whatConvolutionHasIsInItsIdentity(String key, boolean changes) {
    assertEquals(changes, !only(CONVOLUTION + key).identity().equals(only(CONVOLUTION).identity()));
  }

  @Test
  void widthAndPositionsAreInTheIdentity() {
    assertNotEquals(
        only("").identity(), parse("system.width=65").cells().getFirst().experiment().identity());
    assertNotEquals(
        only(CONVOLUTION).identity(),
        only(CONVOLUTION.replace("positions=5", "positions=4")).identity());
  }

  @Test
  void theWidthHasToBeGiven() {
    assertRefused(
        "",
        "s: system.width is missing: units of a layer, m; allowed: a whole number from 1 to 16384");
  }

  @Test
  void whatAnArchitectureHasNotIsRefused() {
    assertRefused(
        "system.width = 8\nsystem.architecture = \"two-layer\"\nsystem.depth = 2\n",
        "s:7: system.depth = 2: two layers have one that is hidden; allowed: 1, or leaving it out");
    assertRefused(
        "system.width = 8\nsystem.positions = 2\nsystem.window = 3\nsystem.residual_scale = 0.1\n",
        "s:6: system.positions = 2: only convolution has it; allowed: leaving it out, or"
            + " \"conv-resnet\"",
        "s:7: system.window = 3: only convolution has it; allowed: leaving it out, or"
            + " \"conv-resnet\"",
        "s:8: system.residual_scale = 0.1: only residual layers have it; allowed: leaving it out,"
            + " \"resnet\" or \"conv-resnet\"");
    assertRefused(
        "system.width = 8\nrestarts.record = [\"patterns\"]\n",
        "s:6: restarts.record = [\"patterns\"]: patterns are those of two layers with ReLU;"
            + " allowed: leaving them out, or \"two-layer\" with \"relu\"");
  }

  @Test
  void positionsDivideTheInputAndWindowsAreOdd() {
    String base = "system.width = 8\nsystem.architecture = \"conv-resnet\"\n";
    assertRefused(
        base,
        "s: system.positions is missing: \"conv-resnet\" needs it; allowed: a divisor of input_size");
    assertRefused(
        base + "system.positions = 3\nsystem.window = 4\n",
        "s:7: system.positions = 3: an input has as many numbers at each position; allowed: a"
            + " divisor of 20, input_size",
        "s:8: system.window = 4: a window reaches as far to both sides; allowed: an odd number");
  }

  /** TOML itself forbids both in one file, and the command line sets no part of a number. */
  @Test
  void aStepSizeIsOneOrTheOther() {
    assertRefused(
        "system.width = 8\ndescent.step_size = 0.1\ndescent.step_size.relative = 0.1\n",
        "s:7: descent.step_size.relative = 0.1: not TOML: descent.step_size is not a table"
            + " (previously defined at line 6, column 1)");
    String text = HEAD + "system.width = 8\ndescent.step_size = 0.1\n";
    List<Setting> settings = List.of(Setting.parse("descent.step_size.relative=0.1"));
    StudyReader reader = new StudyReader(Systems.builtIn());
    BrokenStudy e =
        assertThrows(BrokenStudy.class, () -> reader.parse(text, "s", folder, settings));
    assertEquals(
        List.of(
            "--set: descent.step_size.relative = 0.1: the file gives a value to what would have to"
                + " be a table; allowed: changing the file"),
        e.messages());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused(
        "system.width = 16384\nsystem.depth = 3\n",
        "s:5: system.width = 16384: a restart has more than 268435456 weights; allowed: fewer"
            + " units or layers");
    assertRefused(
        "system.width = 8\nsystem.architecture = \"conv-resnet\"\nsystem.positions = 4\n"
            + "system.samples = 1025\n",
        "s:8: system.samples = 1025: kernels would be matrices of order 4100, samples × positions;"
            + " allowed: up to 1024");
  }

  @Test
  void samplesComeFromAFile() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "1,2,3,0.5\n".repeat(6));
    try (WritableHdfFile file = HdfFile.write(folder.resolve("x.h5"))) {
      file.putDataset("samples", new double[7][4]);
      file.putDataset("deep", new double[2][3][4]);
    }
    String base = "system.input_size = 3\nstart.varies = \"weights\"\n";
    String csv = base + "system.inputs.file = \"x.csv\"\n";
    String hdf5 = base + "system.inputs.file = \"x.h5\"\n";
    assertEquals(
        new Samples.File(
            folder.resolve("x.csv"), "", InputFile.read(folder.resolve("x.csv"), "").sha256(), 6),
        only(csv).samples());
    assertEquals(7, only(hdf5).samples().count());
    assertEquals(6, only(csv + "system.samples = 6\n").samples().count());

    String before = only(csv).identity();
    Files.copy(folder.resolve("x.csv"), folder.resolve("same.csv"));
    assertEquals(before, only(csv.replace("x.csv", "same.csv")).identity());
    Files.writeString(folder.resolve("x.csv"), "1,2,3,0.25\n".repeat(6));
    assertNotEquals(before, only(csv).identity());

    String width = "system.width = 8\n";
    assertRefused(
        width + csv + "system.samples = 5\n",
        "s:9: system.samples = 5: system.inputs.file has 6; allowed: 6, or leaving it out");
    assertRefused(
        width + csv + "system.labels = \"signs\"\n",
        "s:9: system.labels = \"signs\": labels stand in the file; allowed: leaving it out");
    assertRefused(
        width + csv.replace("weights", "both"),
        "s:7: start.varies = \"both\": the data of a file are the same for all; allowed:"
            + " \"weights\"");
    assertRefused(
        width + csv.replace("= 3", "= 4"),
        "s:8: system.inputs.file = \"x.csv\": it has shape [6, 4]; allowed: a shape [samples, 5],"
            + " inputs of input_size numbers and a label");
    assertRefused(
        width + hdf5 + "system.inputs.dataset = \"deep\"\n",
        "s:8: system.inputs.file = \"x.h5\": it has shape [2, 3, 4]; allowed: a shape [samples,"
            + " 4], inputs of input_size numbers and a label");
    assertRefused(
        width + hdf5 + "system.inputs.dataset = \"none\"\n",
        "s:8: system.inputs.file = \"x.h5\": "
            + folder.resolve("x.h5")
            + ": no data set none; allowed: a file of samples");
  }

  /** Where the file does not say, restarts vary by weights alone. */
  @Test
  void aFileLeavesOnlyTheWeightsToVary() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "1,2,3,0.5\n".repeat(6));
    assertRefused(
        "system.width = 8\nsystem.input_size = 3\nsystem.inputs.file = \"x.csv\"\n",
        "s: start.varies = \"both\" (default): the data of a file are the same for all; allowed:"
            + " \"weights\"");
  }

  @Test
  void valuesOutsideTheirRangesAreRefused() {
    assertRefused(
        "system.width = 0\nsystem.activation = \"sine\"\noutcome.tolerance = 1\n",
        "s:5: system.width = 0: out of range; allowed: a whole number from 1 to 16384",
        "s:6: system.activation = \"sine\": not a known word; allowed: \"softplus\", \"relu\", \"tanh\","
            + " \"erf\"",
        "s:7: outcome.tolerance = 1: out of range; allowed: a number from 1e-12 to 0.999999");
  }
}
