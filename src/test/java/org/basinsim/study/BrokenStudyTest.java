package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every broken study of the corpus gets exactly its messages. */
class BrokenStudyTest {
  private static final List<String> BASE =
      List.of(
          "name = \"t\"",
          "seed = 1",
          "restarts.per_cell = 10",
          "system.patches = 4",
          "teacher.output_ratio = 1");

  /** A case of the corpus. */
  record Case(String title, String study, List<String> messages) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream in = BrokenStudyTest.class.getResourceAsStream("broken-studies.txt")) {
      String corpus = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(corpus.split("(?m)^=== ")).skip(1).map(BrokenStudyTest::parse);
    }
  }

  private static Case parse(String text) {
    List<String> lines = text.lines().toList();
    int end = lines.indexOf("---");
    List<String> given = lines.subList(1, end);
    List<String> keys = given.stream().map(BrokenStudyTest::key).toList();
    Stream<String> base = BASE.stream().map(line -> keys.contains(key(line)) ? "#" : line);
    Stream<String> rest = given.stream().map(line -> line.startsWith("!") ? "#" : line);
    return new Case(
        lines.getFirst(),
        Stream.concat(base, rest).collect(Collectors.joining("\n", "", "\n")),
        lines.subList(end + 1, lines.size()));
  }

  private static String key(String line) {
    return line.replaceFirst("^!drop ", "").replaceFirst(" = .*", "");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysExactlyWhatIsWrong(Case broken) {
    StudyReader reader = new StudyReader(Systems.builtIn());
    BrokenStudy e =
        assertThrows(
            BrokenStudy.class,
            () -> reader.parse(broken.study(), "study.toml", Path.of("nowhere"), List.of()));
    assertEquals(broken.messages(), e.messages());
  }

  @Test
  void theCorpusIsLarge() throws IOException {
    assertTrue(cases().count() >= 100);
  }

  @Test
  void theBaseAloneIsAStudy() {
    Study study =
        new StudyReader(Systems.builtIn())
            .parse(String.join("\n", BASE), "study.toml", Path.of(""), List.of());
    assertEquals(1, study.cells().size());
  }
}
