package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.basinsim.data.DataSets;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Data sets read from a file give every column the bytes that the same data sets drawn give it.
 * Streams are common, so that starts do not depend on the identity, which names the inputs.
 */
@Tag("validation")
class DrawnOrReadTest {
  private static final int SETS = 3;
  private static final int SAMPLES = 31;
  private static final int K = 3;
  private static final int P = 5;
  private static final long SEED = 31415;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void sameBytesInEveryColumn(Precision precision) throws IOException {
    double[][][][] inputs = drawn();
    try (WritableHdfFile file = HdfFile.write(folder.resolve("inputs.h5"))) {
      file.putDataset("inputs", inputs);
    }
    Files.write(folder.resolve("inputs.csv"), lines(inputs));

    Map<String, String> drawn = restarts("drawn", "", precision);
    assertTrue(drawn.containsKey("/restarts/loss"), drawn.keySet()::toString);
    assertEquals(drawn, restarts("hdf5", "inputs.file = \"inputs.h5\"", precision));
    assertEquals(drawn, restarts("csv", "inputs.file = \"inputs.csv\"", precision));

    inputs[SETS - 1][0][0][0] += 1e-3;
    Files.write(folder.resolve("inputs.csv"), lines(inputs));
    assertNotEquals(drawn, restarts("other", "inputs.file = \"inputs.csv\"", precision));
  }

  /** The inputs that a study of this seed draws, [data set][sample][patch][coordinate]. */
  private static double[][][][] drawn() {
    DataSets drawn =
        DataSets.of(
            ConvCell.learned(K, P, 1)
                .seed(SEED)
                .streams(Streams.COMMON)
                .empirical(SAMPLES, SETS)
                .build());
    double[][][][] inputs = new double[SETS][SAMPLES][K][P];
    for (int set = 0; set < SETS; set++) {
      for (int i = 0; i < SAMPLES * K; i++) {
        System.arraycopy(drawn.inputs(set), i * P, inputs[set][i / K][i % K], 0, P);
      }
    }
    return inputs;
  }

  private static List<String> lines(double[][][][] inputs) {
    List<String> lines = new ArrayList<>();
    for (double[][][] set : inputs) {
      for (double[][] sample : set) {
        lines.add(
            Arrays.stream(sample)
                .flatMapToDouble(Arrays::stream)
                .mapToObj(Double::toString)
                .collect(Collectors.joining(",")));
      }
    }
    return lines;
  }

  /** The data sets of {@code /restarts}, hexadecimal. */
  private Map<String, String> restarts(String name, String inputs, Precision precision)
      throws IOException {
    String study =
        """
        schema = 1
        name = "inputs"
        seed = %d

        [system]
        kind = "conv"
        patches = %d
        patch_size = %d
        output = "learned"
        %s

        [teacher]
        output_ratio = 1

        [descent]
        oracle = "empirical"
        samples = %d
        data_sets = %d
        max_steps = 60

        [restarts]
        per_cell = 50
        streams = "common"
        precision = "%s"
        record = ["outcome", "steps", "loss", "angle", "start", "final", "trajectory"]
        """
            .formatted(SEED, K, P, inputs, SAMPLES, SETS, precision.word());
    Path file = CommandLine.run(folder, name, study);
    return org.basinsim.results.DataSets.of(file).entrySet().stream()
        .filter(column -> column.getKey().startsWith("/restarts/"))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }
}
