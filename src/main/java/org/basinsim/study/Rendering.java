package org.basinsim.study;

import java.util.List;
import java.util.stream.Collectors;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Values as people would write them in a study file, on one line. */
final class Rendering {
  private static final int LONGEST = 80;

  private Rendering() {}

  /** A TOML value, shortened where it is long. */
  static String value(Object value) {
    String text =
        switch (value) {
          case String string -> quoted(string);
          case Double number -> number(number);
          case TomlArray array ->
              list(array.toList().stream().limit(LONGEST).map(Rendering::value).toList());
          case TomlTable table ->
              table.entrySet().stream()
                  .limit(LONGEST)
                  .map(entry -> oneLine(entry.getKey()) + " = " + value(entry.getValue()))
                  .collect(Collectors.joining(", ", "{ ", " }"));
          default -> value.toString();
        };
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /** The shortest decimal that reads back as the same number. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    String text = Double.toString(value).replace("E", "e").replace(".0e", "e");
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** Words in quotes, separated by commas. */
  static String words(List<String> words) {
    return words.stream().map(Rendering::quoted).collect(Collectors.joining(", "));
  }

  static String quoted(String text) {
    return '"' + oneLine(text) + '"';
  }

  /** Control characters replaced by {@code ?}, so that a message stays one line. */
  static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\u2028\u2029\u0085]", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private static String list(List<String> values) {
    return values.stream().collect(Collectors.joining(", ", "[", "]"));
  }
}
