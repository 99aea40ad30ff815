package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no text at all gets one line as well. */
class StudyFileTest {
  private static final String STUDY =
      """
      name = "t"
      seed = 1
      system.patches = 4
      teacher.output_ratio = 1
      restarts.per_cell = 10
      """;

  @TempDir Path folder;

  private final StudyReader reader = new StudyReader(Systems.builtIn());

  private void assertRefused(Path file, String wrong) {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> reader.read(file, List.of()));
    assertEquals(List.of(file + ": " + wrong), e.messages());
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("study.toml"), bytes);
  }

  @Test
  void readsUtf8WithAndWithoutByteOrderMark() throws IOException {
    Path plain = write(STUDY.getBytes(StandardCharsets.UTF_8));
    String identity = reader.read(plain, List.of()).cells().getFirst().experiment().identity();
    Path marked = write(("\ufeff" + STUDY).getBytes(StandardCharsets.UTF_8));
    Study study = reader.read(marked, List.of());
    assertEquals(identity, study.cells().getFirst().experiment().identity());
    assertEquals(STUDY, study.text());
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    assertRefused(write(new byte[0]), "the file is empty; allowed: a study in TOML");
  }

  @Test
  void refusesABinaryFile() throws IOException {
    byte[] bytes = new byte[1000];
    new SplittableRandom(1).nextBytes(bytes);
    bytes[0] = (byte) 0x89;
    bytes[500] = 0;
    assertRefused(write(bytes), "a binary file; allowed: a study in TOML");
  }

  @Test
  void refusesUtf16() throws IOException {
    String message = "the text is UTF-16; allowed: UTF-8";
    assertRefused(write(STUDY.getBytes(StandardCharsets.UTF_16)), message);
    assertRefused(write(STUDY.getBytes(StandardCharsets.UTF_16BE)), message);
    assertRefused(write(STUDY.getBytes(StandardCharsets.UTF_16LE)), message);
  }

  @Test
  void refusesOtherEncodings() throws IOException {
    assertRefused(
        write((STUDY + "title = \"für\"\n").getBytes(StandardCharsets.ISO_8859_1)),
        "the text is not UTF-8; allowed: a study in TOML, encoded in UTF-8");
  }

  @Test
  void refusesHugeFiles() throws IOException {
    assertRefused(
        write(new byte[50_000_000]), "the file is larger than 1 MiB; allowed: a study in TOML");
  }

  @Test
  void refusesAFolder() {
    assertRefused(folder, "a folder; allowed: a TOML file");
  }

  @Test
  void refusesAMissingFile() {
    assertRefused(
        folder.resolve("none.toml"),
        "no such file; allowed: a TOML file, or the name of a built-in study");
  }

  @Test
  void suggestsTheBuiltInStudyThatWasMeant() {
    BrokenStudy e = assertThrows(BrokenStudy.class, () -> reader.read("du2018-restart", List.of()));
    assertEquals(
        List.of(
            "du2018-restart: neither a file nor a built-in study; allowed: a TOML file,"
                + " du2018-restarts, du2018-quadruple, du2018-phases, du2018-online,"
                + " brutzkus2017-gaussian, brutzkus2017-overlap, brutzkus2017-hardness,"
                + " liu2019-shortcut, zhou2019-noise, safran2018-spurious, dz2019-patterns,"
                + " du2019-width; did you mean \"du2018-restarts\"?"),
        e.messages());
  }
}
