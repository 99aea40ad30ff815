package org.basinsim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets are the same numbers whether they are drawn or read. */
class DataSetsTest {
  private static final int SETS = 3;
  private static final int SAMPLES = 7;
  private static final int K = 5;
  private static final int P = 3;
  private static final int LENGTH = SAMPLES * K * P;

  @TempDir Path folder;

  private static ConvExperiment experiment(Oracle oracle) {
    return experiment(oracle, new Inputs.Gaussian());
  }

  private static ConvExperiment experiment(int samples, Inputs inputs) {
    return experiment(new Oracle.Empirical(samples, SETS), inputs);
  }

  private static ConvExperiment experiment(Oracle oracle, Inputs inputs) {
    Teacher teacher = Teacher.ofRatio(K, P, 1, 1, 2);
    return new ConvExperiment(
        new Network(ConvOutput.LEARNED, P),
        teacher,
        new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 1, false),
        inputs,
        oracle,
        new Descent(0.05, 10),
        new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.05, 0.1, 0.05, 1e-6, 1e-6),
        Set.of(),
        42,
        Streams.COMMON,
        Precision.DOUBLE);
  }

  private static DataSets drawn() {
    return DataSets.of(experiment(SAMPLES, new Inputs.Gaussian()));
  }

  private static DataSets read(Path path, String dataset) {
    String sha256 = InputFile.read(path, dataset).sha256();
    return DataSets.of(experiment(SAMPLES, new Inputs.File(path, dataset, sha256)));
  }

  private static void assertSameAsDrawn(DataSets other) {
    for (int set = 0; set < SETS; set++) {
      assertArrayEquals(drawn().inputs(set), other.inputs(set));
    }
  }

  @Test
  void drawnInputsAreDifferentNormals() {
    DataSets sets = drawn();
    double[] all =
        IntStream.range(0, SETS).mapToObj(sets::inputs).flatMapToDouble(Arrays::stream).toArray();
    assertEquals(SETS * LENGTH, all.length);
    assertEquals(SETS * LENGTH, Arrays.stream(all).distinct().count());
    // The sum of 315 squares is chi-square with deviation √630 = 25.1: five of them either way.
    double squares = Arrays.stream(all).map(x -> x * x).sum();
    assertEquals(SETS * LENGTH, squares, 5 * Math.sqrt(2.0 * SETS * LENGTH));
    assertSame(sets.inputs(1), sets.inputs(1));
  }

  @Test
  void aLongerDataSetBeginsWithTheShorterOne() {
    DataSets longer = DataSets.of(experiment(2 * SAMPLES, new Inputs.Gaussian()));
    assertArrayEquals(drawn().inputs(2), Arrays.copyOf(longer.inputs(2), LENGTH));
  }

  @Test
  void hdf5GivesTheDrawnNumbersInEveryShape() {
    double[][][][] four = new double[SETS][SAMPLES][K][P];
    double[][][] three = new double[SETS * SAMPLES][K][P];
    double[][] two = new double[SETS * SAMPLES][K * P];
    DataSets drawn = drawn();
    for (int i = 0; i < SETS * LENGTH; i++) {
      double number = drawn.inputs(i / LENGTH)[i % LENGTH];
      int row = i / (K * P);
      int patch = i / P % K;
      four[row / SAMPLES][row % SAMPLES][patch][i % P] = number;
      three[row][patch][i % P] = number;
      two[row][i % (K * P)] = number;
    }
    Path path = folder.resolve("inputs.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putDataset("four", four);
      file.putDataset("three", three);
      file.putGroup("group").putDataset("two", two);
    }
    assertSameAsDrawn(read(path, "/four"));
    assertSameAsDrawn(read(path, "three"));
    assertSameAsDrawn(read(path, "/group/two"));
  }

  @Test
  void csvGivesTheDrawnNumbersWithAndWithoutHeader() throws IOException {
    DataSets drawn = drawn();
    List<String> lines =
        IntStream.range(0, SETS * SAMPLES)
            .mapToObj(row ->
                IntStream.range(0, K * P)
                    .mapToObj(i ->
                        "%.17g".formatted(drawn.inputs(row / SAMPLES)[row % SAMPLES * K * P + i]))
                    .collect(Collectors.joining(",")))
            .toList();
    Path plain = Files.write(folder.resolve("plain.csv"), lines);
    assertSameAsDrawn(read(plain, ""));
    String header =
        IntStream.range(0, K * P).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
    Path headed =
        Files.writeString(
            folder.resolve("headed.CSV"), header + "\r\n" + String.join("\r\n", lines));
    assertSameAsDrawn(read(headed, ""));
    assertEquals(InputFile.read(plain, "").sha256(), InputFile.read(headed, "").sha256());
  }

  @Test
  void singlePrecisionIsWidened() {
    Path path = folder.resolve("single.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putDataset("inputs", new float[][] {{0.1f, 2}, {3, 4}});
    }
    assertArrayEquals(new double[] {0.1f, 2, 3, 4}, InputFile.read(path, "/inputs").numbers(0, 4));
  }

  @Test
  void aFileThatChangedIsRefused() throws IOException {
    String row = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n";
    Path path = Files.writeString(folder.resolve("x.csv"), row.repeat(SETS * SAMPLES));
    ConvExperiment experiment =
        experiment(SAMPLES, new Inputs.File(path, "", InputFile.read(path, "").sha256()));
    assertTrue(DataSets.of(experiment).inputs(0)[14] == 15);
    Files.writeString(path, row.repeat(SETS * SAMPLES).replaceFirst("1", "2"));
    BrokenInputs e = assertThrows(BrokenInputs.class, () -> DataSets.of(experiment));
    assertEquals(path + ": changed since the study was read", e.getMessage());
  }

  @Test
  void otherOraclesHaveNoDataSets() {
    ConvExperiment population = experiment(new Oracle.Population());
    assertThrows(IllegalArgumentException.class, () -> DataSets.of(population));
  }

  @Test
  void theHashIsOfTheNumbers() throws IOException {
    Path one = Files.writeString(folder.resolve("one.csv"), "1,2\n3,4\n");
    Path other = Files.writeString(folder.resolve("other.csv"), "1.0, 2e0\n3,4");
    Path differs = Files.writeString(folder.resolve("differs.csv"), "1,2\n3,5\n");
    String sha256 = InputFile.read(one, "").sha256();
    assertEquals(64, sha256.length());
    assertEquals(sha256, InputFile.read(other, "").sha256());
    assertFalse(sha256.equals(InputFile.read(differs, "").sha256()));
  }
}
