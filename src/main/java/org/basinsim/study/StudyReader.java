package org.basinsim.study;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tomlj.TomlArray;

/**
 * Reads studies. Make one from {@link Systems#builtIn()}, then run the {@link Study#cells() cells}
 * of what it reads.
 */
public final class StudyReader {
  private final List<SystemKind> kinds;

  /**
   * @param kinds the systems that studies can be about, at least one; the first is the default
   */
  public StudyReader(List<SystemKind> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  /**
   * Reads what a user names: a file, or else a built-in study.
   *
   * @param settings of the command line; the last of a key counts
   * @throws BrokenStudy with everything that is wrong
   */
  public Study read(String fileOrName, List<Setting> settings) {
    Path file = path(fileOrName);
    boolean name = file.getNameCount() == 1 && !fileOrName.endsWith(".toml");
    return name && !Files.exists(file) ? readBuiltIn(fileOrName, settings) : read(file, settings);
  }

  /**
   * Reads a file; paths in it start from its folder.
   *
   * @throws BrokenStudy with everything that is wrong
   */
  public Study read(Path file, List<Setting> settings) {
    Path folder = file.toAbsolutePath().getParent();
    return parse(StudyFile.text(file), file.toString(), folder, settings);
  }

  /**
   * Reads a built-in study.
   *
   * @throws BrokenStudy if there is none of this name, or with what is wrong with the settings
   */
  public Study readBuiltIn(String name, List<Setting> settings) {
    return parse(BuiltInStudies.text(name), name, Path.of(""), settings);
  }

  /**
   * Reads TOML at hand, such as the study that a results file keeps.
   *
   * @param label stands for the file in messages
   * @param folder paths in the study start here
   * @throws BrokenStudy with everything that is wrong
   */
  public Study parse(String text, String label, Path folder, List<Setting> settings) {
    return new Reading(kinds, label, folder).study(text, settings);
  }

  /**
   * What a study that was read before wants in its table, without reading the rest of it.
   *
   * @param text TOML
   */
  public Table table(String text) {
    Problems problems = new Problems();
    Document document = Document.parse(text, "recorded study", List.of(), Set.of(), problems);
    return new Table(
        elements(document, CommonKeys.WITHIN, Long.class),
        elements(document, CommonKeys.MEAN, String.class));
  }

  private static <T> List<T> elements(Document document, String key, Class<T> type) {
    Entry entry = document.entries().get(key);
    return entry != null && entry.value() instanceof TomlArray array
        ? array.toList().stream().map(type::cast).toList()
        : List.of();
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new BrokenStudy(List.of(Rendering.oneLine(name) + ": not a path"));
    }
  }
}
