package org.basinsim.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The keys of a study with their places, before anybody asks what they mean.
 *
 * @param text the TOML, with the settings of the command line written into it
 * @param entries by dotted key, in the order of the text
 * @param blocks the {@code [[cells]]} blocks, each like entries
 */
record Document(String text, Map<String, Entry> entries, List<Block> blocks) {

  /** A {@code [[cells]]} block. */
  record Block(Place place, Map<String, Entry> entries) {}

  static final String CELLS = "cells";

  private static final String PLAIN_KEY = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";
  private static final String BARE_WORD = "[^\\s\\p{Cntrl}\"'\\[\\]{}#=,]+";

  /** A key with its value and its position, and those of the elements where it is a list. */
  private record Leaf(
      String key, Object value, TomlPosition position, List<TomlPosition> elements) {}

  /**
   * Parses a study.
   *
   * @param file as messages name it
   * @param settings of the command line; the last of a key counts
   * @param paths keys of paths: one that the command line gives starts from the working folder
   * @param problems is told of settings that cannot be made
   * @throws BrokenStudy with one message if it is not TOML
   */
  static Document parse(
      String text, String file, List<Setting> settings, Set<String> paths, Problems problems) {
    TomlParseResult table = toml(text, file);
    List<Leaf> original = leaves(table);
    List<Block> blocks = blocks(table, file);
    if (settings.isEmpty()) {
      return new Document(text, entries(original, leaf -> inFile(leaf, file)), blocks);
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (Setting setting : settings) {
      set(table, setting, paths, options, problems);
    }
    // The rewritten text decides on the order of axes: it is what is read again later.
    String rewritten = table.toToml();
    Map<String, Leaf> places =
        original.stream().collect(Collectors.toMap(Leaf::key, Function.identity()));
    return new Document(
        rewritten,
        entries(
            leaves(toml(rewritten, file)),
            leaf ->
                options.containsKey(leaf.key())
                    ? atOption(leaf, options.get(leaf.key()))
                    : inFile(places.get(leaf.key()), file)),
        blocks);
  }

  private static TomlParseResult toml(String text, String file) {
    TomlParseResult result = Toml.parse(text);
    if (result.hasErrors()) {
      TomlParseError error =
          result.errors().stream()
              .min(
                  Comparator.comparingInt((TomlParseError e) -> e.position().line())
                      .thenComparingInt(e -> e.position().column()))
              .orElseThrow();
      Place place = Place.in(file, error.position().line());
      throw new BrokenStudy(
          List.of(
              place.label()
                  + ": "
                  + Rendering.oneLine(source(text, place.line()))
                  + ": not TOML: "
                  + error.getMessage()));
    }
    return result;
  }

  /** The line, or the last one before it that names a key: a list may go over many lines. */
  private static String source(String text, int line) {
    List<String> lines = text.lines().limit(line).toList();
    return lines.reversed().stream()
        .filter(source -> source.contains("="))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.getLast())
        .strip();
  }

  private static void set(
      TomlParseResult table,
      Setting setting,
      Set<String> paths,
      Map<String, String> options,
      Problems problems) {
    Place place = new Place(setting.option(), 0);
    String key = setting.key();
    String shown = Rendering.oneLine(setting.value());
    if (!key.matches(PLAIN_KEY)) {
      problems.add(
          place, Rendering.oneLine(key), shown, "not a key; allowed: names joined by dots");
      return;
    }
    if (key.equals(CELLS) || key.startsWith(CELLS + ".")) {
      problems.add(place, key, shown, "cells stand in the file; allowed: any other key");
      return;
    }
    TomlParseResult parsed = Toml.parse("value = " + setting.value());
    boolean one = !parsed.hasErrors() && parsed.keySet().size() == 1;
    Object value = one ? parsed.get("value") : setting.value();
    if (!one && !setting.value().matches(BARE_WORD) || value instanceof TomlTable) {
      problems.add(
          place, key, shown, "not a value; allowed: for example 3, 0.5, [1, 2] or \"some text\"");
      return;
    }
    if (paths.contains(key) && value instanceof String path) {
      value = Path.of(path.replace("\0", "?")).toAbsolutePath().toString();
    }
    try {
      table.set(key, value);
      options.put(key, setting.option());
    } catch (TomlInvalidTypeException e) {
      problems.add(
          place,
          key,
          shown,
          "the file gives a value to what would have to be a table; allowed: changing the file");
    }
  }

  private static Map<String, Entry> entries(List<Leaf> leaves, Function<Leaf, Entry> entry) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Leaf leaf : leaves) {
      entries.put(leaf.key(), entry.apply(leaf));
    }
    return entries;
  }

  private static Entry inFile(Leaf leaf, String file) {
    return new Entry(
        leaf.key(),
        leaf.value(),
        Place.in(file, leaf.position().line()),
        leaf.elements().stream().map(position -> Place.in(file, position.line())).toList());
  }

  private static Entry atOption(Leaf leaf, String option) {
    Place place = new Place(option, 0);
    return new Entry(
        leaf.key(), leaf.value(), place, leaf.elements().stream().map(any -> place).toList());
  }

  private static List<Block> blocks(TomlTable table, String file) {
    List<Block> blocks = new ArrayList<>();
    if (isBlocks(table.get(List.of(CELLS)))) {
      TomlArray array = table.getArray(List.of(CELLS));
      for (int i = 0; i < array.size(); i++) {
        blocks.add(
            new Block(
                Place.in(file, array.inputPositionOf(i).line()),
                entries(sorted(array.getTable(i), List.of()), leaf -> inFile(leaf, file))));
      }
    }
    return blocks;
  }

  private static boolean isBlocks(Object value) {
    return value instanceof TomlArray array
        && !array.isEmpty()
        && array.toList().stream().allMatch(TomlTable.class::isInstance);
  }

  private static List<Leaf> leaves(TomlTable table) {
    return sorted(table, List.of()).stream()
        .filter(leaf -> !(leaf.key().equals(CELLS) && isBlocks(leaf.value())))
        .toList();
  }

  private static List<Leaf> sorted(TomlTable table, List<String> path) {
    List<Leaf> leaves = new ArrayList<>();
    collect(table, path, leaves);
    leaves.sort(
        Comparator.comparingInt((Leaf leaf) -> leaf.position().line())
            .thenComparingInt(leaf -> leaf.position().column()));
    return leaves;
  }

  private static void collect(TomlTable table, List<String> path, List<Leaf> leaves) {
    for (String name : table.keySet()) {
      Object value = table.get(List.of(name));
      List<String> inner = new ArrayList<>(path);
      inner.add(name);
      if (value instanceof TomlTable below && !below.isEmpty()) {
        collect(below, inner, leaves);
      } else {
        List<TomlPosition> elements =
            value instanceof TomlArray array
                ? IntStream.range(0, array.size()).mapToObj(array::inputPositionOf).toList()
                : List.of();
        leaves.add(
            new Leaf(
                Toml.joinKeyPath(inner), value, table.inputPositionOf(List.of(name)), elements));
      }
    }
  }
}
