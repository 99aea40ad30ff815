package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of {@code kernels/README.md} that a text can be searched for. */
class KernelTextTest {
  private static final Path FOLDER = Path.of("kernels");
  private static final Pattern DEFINED = Pattern.compile("(?m)^\\s*#define (\\w+)");
  private static final Pattern TYPE = Pattern.compile("(?m)^typedef .*?(\\w+);");

  /** Words of one interface alone, and what only the dialect may write. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "#\\s*include|#\\s*pragma|_Pragma|\\b__\\w+|\\bget_\\w+\\(|\\b(thread|block)(Idx|Dim)\\b"
              + "|\\bbarrier\\(|\\batomic\\w+\\(|\\b(convert|as)_\\w+\\(|\\bv(load|store)\\d"
              + "|\\b(float|double|uint|ulong|int|long)\\d+\\b|\\b(float|double)\\b");

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  /** A text without its comments. */
  private static String code(Path file) throws IOException {
    return text(file).replaceAll("(?s)/\\*.*?\\*/", "");
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().matches(".*\\.[ch]")).sorted().toList();
    }
  }

  private static Set<String> names(String dialect) throws IOException {
    String text = text(FOLDER.resolve("dialect").resolve(dialect));
    return Stream.of(DEFINED, TYPE)
        .flatMap(pattern -> pattern.matcher(text).results())
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("files")
  void namesNoInterface(Path file) throws IOException {
    List<String> foreign =
        FOREIGN.matcher(code(file)).results().map(match -> match.group()).toList();
    assertEquals(List.of(), foreign);
  }

  @ParameterizedTest
  @MethodSource("files")
  void beginsWithWhatItIsFor(Path file) throws IOException {
    assertTrue(text(file).startsWith("/*"));
    // CUDA's own headers have macros and functions without a prefix.
    DEFINED
        .matcher(code(file))
        .results()
        .forEach(match -> assertTrue(match.group(1).contains("_"), match.group()));
    assertTrue(text(file).lines().count() <= 300);
  }

  @ParameterizedTest
  @MethodSource("files")
  void isListed(Path file) throws IOException {
    String readme = text(FOLDER.resolve("README.md"));
    assertTrue(readme.contains("`" + file.getFileName() + "`"));
  }

  /** CUDA needs fewer words of its own to define them. */
  @Test
  void dialectsDefineTheSameNamesAndEachHasACaller() throws IOException {
    Set<String> names = names("cuda.h");
    assertTrue(names.size() > 30, () -> names.toString());
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(names("opencl.h"));
    assertEquals(Set.of(), missing);
    StringBuilder callers = new StringBuilder();
    for (Path file : files()) {
      callers.append(code(file));
    }
    String readme = text(FOLDER.resolve("README.md"));
    for (String name : names) {
      // The dialect's own means to say another name.
      if (!name.equals("BASIN_PRAGMA")) {
        assertTrue(Pattern.compile("\\b" + name + "\\b").matcher(callers).find(), name);
        assertTrue(Pattern.compile("`" + name + "\\b").matcher(readme).find(), name);
      }
    }
  }
}
