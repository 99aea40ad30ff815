package org.basinsim.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The keys that every study has, whatever its system. */
final class CommonKeys {
  static final String KIND = "system.kind";
  static final String PER_CELL = "restarts.per_cell";
  static final String RECORD = "restarts.record";
  static final String WITHIN = "table.within";
  static final String MEAN = "table.mean";

  /** Restarts are numbered in 48 bits of the generator's counter. */
  private static final long MOST_RESTARTS = 1L << 48;

  private CommonKeys() {}

  /** The key that says which kind a study's system is of. */
  static Key kind(List<SystemKind> kinds) {
    List<String> names = kinds.stream().map(SystemKind::name).toList();
    return Key.standard(KIND, new Form.Word(names, List.of()), names.getFirst(), "which system")
        .unswept();
  }

  /**
   * All other common keys, in the order of documentation.
   *
   * @param quantities what can be recorded beside outcome and steps
   * @param recorded what is recorded beside them where a study does not say
   * @param averages columns whose mean the table may have
   */
  static List<Key> of(List<String> quantities, List<String> recorded, List<String> averages) {
    List<String> record = new ArrayList<>(List.of("outcome", "steps"));
    List<String> standard = Stream.concat(record.stream(), recorded.stream()).toList();
    record.addAll(quantities);
    return Stream.of(
            Key.standard("schema", new Form.Whole(1, 1), 1L, "version of the file format")
                .unswept(),
            Key.required(
                    "name",
                    new Form.Text(
                        "[A-Za-z0-9._-]{1,100}",
                        "up to 100 letters, digits, dots, underscores and hyphens"),
                    "names the results file")
                .unswept(),
            Key.standard(
                    "title",
                    new Form.Text("\\P{Cntrl}{0,300}", "one line of up to 300 characters"),
                    "",
                    "one line for people")
                .unswept(),
            Key.required(
                    "seed",
                    new Form.Whole(Long.MIN_VALUE, Long.MAX_VALUE),
                    "all randomness follows from it")
                .unswept(),
            Key.required(PER_CELL, new Form.Whole(1, MOST_RESTARTS), "restarts a cell").unswept(),
            Key.standard(
                "restarts.streams",
                Form.Word.of("independent", "common"),
                "independent",
                "whether equal indices share randomness between cells"),
            Key.standard(
                    RECORD,
                    new Form.Words(new Form.Word(record, List.of())),
                    standard,
                    "what is kept of a restart; an empty list keeps counts only")
                .unswept(),
            Key.standard(
                    "restarts.precision",
                    Form.Word.of("double", "single"),
                    "double",
                    "type the descent is carried out in")
                .unswept(),
            Key.standard(
                    "restarts.interval",
                    Form.Word.of("wilson", "clopper-pearson", "jeffreys"),
                    "wilson",
                    "method of the intervals")
                .unswept(),
            Key.standard(
                    "restarts.confidence",
                    new Form.Real(0.5, 0.999999),
                    0.95,
                    "confidence of the intervals")
                .unswept(),
            Key.standard(
                    WITHIN,
                    new Form.Wholes(new Form.Whole(1, Integer.MAX_VALUE - 1)),
                    List.of(),
                    "steps within which the table gives the probability, too")
                .unswept(),
            Key.standard(
                    MEAN,
                    new Form.Words(new Form.Word(averages, List.of())),
                    List.of(),
                    "columns whose mean over restarts the table gives, too")
                .unswept(),
            later("restarts.half_width"),
            later("restarts.max"))
        .toList();
  }

  private static Key later(String name) {
    return Key.off(name, new Form.Later("restarts.per_cell"), "stopping by precision");
  }
}
