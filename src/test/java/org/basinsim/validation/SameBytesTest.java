package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.basinsim.model.Precision;
import org.basinsim.results.DataSets;
import org.basinsim.results.ResultsFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Same study, same seed: the same bytes, however the work is cut and whatever stands beside it. */
@Tag("validation")
class SameBytesTest {
  /** Odd, and a multiple of neither a share nor a data set nor a vector. */
  private static final int RESTARTS = 131;

  @TempDir private Path folder;
  private int studies;

  /** One study of every form of descent, so easily content that some restarts end before others. */
  enum Form {
    POPULATION("learned", "oracle = \"population\"", "max_steps = 100"),
    POPULATION_TO_ACCURACY("learned", "oracle = \"population\"", "max_steps = 100"),
    POPULATION_AVERAGE("average", "oracle = \"population\"", "max_steps = 100"),
    PROJECTED("learned", "oracle = \"online\"", "batch = 5", "max_steps = 15"),
    PROJECTED_AVERAGE("average", "oracle = \"online\"", "batch = 5", "max_steps = 15"),
    DIRECT(
        "learned", "oracle = \"online\"", "sampling = \"direct\"", "batch = 5", "max_steps = 15"),
    DIRECT_AVERAGE(
        "average", "oracle = \"online\"", "sampling = \"direct\"", "batch = 5", "max_steps = 15"),
    SHARE_5("learned", "oracle = \"online\"", "share = 5", "batch = 5", "max_steps = 15"),
    SHARE_64("learned", "oracle = \"online\"", "share = 64", "batch = 5", "max_steps = 15"),
    SHARE_64_AVERAGE("average", "oracle = \"online\"", "share = 64", "batch = 5", "max_steps = 15"),
    EMPIRICAL(
        "learned", "oracle = \"empirical\"", "samples = 31", "data_sets = 3", "max_steps = 15"),
    EMPIRICAL_AVERAGE(
        "average", "oracle = \"empirical\"", "samples = 31", "data_sets = 3", "max_steps = 15");

    private final String output;
    private final String descent;

    Form(String output, String... descent) {
      this.output = output;
      this.descent = String.join("\n", descent);
    }

    /** A study of cells with these numbers of patches, in this order. */
    String study(Precision precision, Integer... patches) {
      String cells =
          Arrays.stream(patches)
              .map(k ->
                  "[[cells]]\nsystem.patches = %d\n%s"
                      .formatted(k, output.equals("learned") ? "teacher.output_ratio = 1.0\n" : ""))
              .collect(Collectors.joining());
      return """
      schema = 1
      name = "same"
      seed = 271828

      [system]
      kind = "conv"
      patch_size = 5
      output = "%s"

      [descent]
      step_size = 0.3
      %s

      [outcome]
      stop = "%s"
      angle = 0.9
      output = 1.0
      distance = 0.9
      loss = 0.3

      [restarts]
      per_cell = %d
      precision = "%s"
      record = ["outcome", "steps", "loss", "angle", "start", "final", "trajectory"]

      %s\
      """
          .formatted(
              output,
              descent,
              this == POPULATION_TO_ACCURACY ? "accuracy" : "verdict",
              RESTARTS,
              precision.word(),
              cells);
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void howeverTheWorkIsCut(Form form) throws IOException {
    for (Precision precision : Precision.values()) {
      String study = form.study(precision, 7, 2);
      Map<String, String> expected = DataSets.of(CommandLine.run(folder, precision + "", study));
      assertTrue(expected.containsKey("/restarts/final_filter_norm"), expected.keySet()::toString);
      String steps = expected.get("/restarts/steps");
      String first = steps.substring(0, 8);
      assertNotEquals(
          first.repeat(2 * RESTARTS), steps, "all end at once: nothing is taken up late");
      for (String cut :
          List.of(
              "--threads 1",
              "--threads 2",
              "--threads 3",
              "--launch 1",
              "--launch 7",
              "--launch 64",
              "--launch 4096",
              "--threads 3 --launch 7")) {
        Path file = CommandLine.run(folder, precision + cut, study, cut.split(" "));
        // Not assertEquals: its message would hold every byte.
        assertTrue(expected.equals(DataSets.of(file)), precision + " " + cut);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void whateverCellsStandBesideAndInWhicheverOrder(Form form) throws IOException {
    for (Precision precision : Precision.values()) {
      Map<String, Map<String, Object>> two = cells(form.study(precision, 7, 2));
      Map<String, Map<String, Object>> more = cells(form.study(precision, 2, 3, 11, 7));
      Map<String, Map<String, Object>> less = cells(form.study(precision, 2));
      assertEquals(2, two.size());
      assertEquals(4, more.size());
      same(two, more);
      same(less, two);
    }
  }

  private static void same(
      Map<String, Map<String, Object>> cells, Map<String, Map<String, Object>> others) {
    cells.forEach((identity, columns) ->
        columns.forEach((name, values) ->
            assertTrue(Objects.deepEquals(values, others.get(identity).get(name)), name)));
  }

  /** The columns of {@code /restarts}, by identity of the cell. */
  private Map<String, Map<String, Object>> cells(String study) throws IOException {
    ResultsFile file = ResultsFile.open(CommandLine.run(folder, "study" + ++studies, study));
    String[] identities = (String[]) file.cellColumn("identity");
    Map<String, Map<String, Object>> cells = new HashMap<>();
    file.forEachRows(rows -> {
      assertEquals(RESTARTS, rows.count(), "a cell at once");
      Map<String, Object> columns = new HashMap<>();
      rows.columns().forEach(column -> columns.put(column.name(), rows.array(column.name())));
      cells.put(identities[rows.ranges().getFirst().cell()], columns);
    });
    return cells;
  }
}
