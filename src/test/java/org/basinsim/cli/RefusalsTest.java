package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Trainer;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.model.Experiment;
import org.basinsim.study.Systems;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever goes wrong is one line and an exit code, and leaves nothing behind. */
class RefusalsTest {
  @TempDir private Path folder;
  private String study;
  private String file;

  @BeforeEach
  void writeTheStudy() {
    study = Studies.population(folder).toString();
    file = folder.resolve("x.h5").toString();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  /** The words stand for a study, a results file that is not there, a folder and a text file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2 | rn                                | unknown command 'rn'; allowed: run, studies, exact",
        "2 | --bogus                           | Unknown option: '--bogus'",
        "2 | run                               | Missing required parameter: 'STUDY'",
        "2 | run STUDY STUDY                   | Unmatched argument",
        "2 | run STUDY -o FILE --seed one      | '--seed': 'one' is not a whole number",
        "2 | run STUDY -o FILE --seed 1.5      | '--seed': '1.5' is not a whole number",
        "2 | run STUDY -o FILE --threads 0     | --threads: 0: too small; allowed: 1 or more",
        "2 | run STUDY -o FILE --launch -1     | --launch: -1: too small; allowed: 1 or more",
        "2 | run STUDY -o FILE --restarts 0    | restarts.per_cell = 0: out of range; allowed:",
        "2 | run STUDY -o FILE --set foo       | --set: foo: no key and value; allowed: key=value",
        "2 | run STUDY -o FILE --set a.b=1     | --set: a.b = 1: unknown key",
        "2 | run STUDY -o FILE --set descent.step_size=3 | step_size = 3: descent diverges at patches",
        "2 | run STUDY -o FILE --log xml       | '--log': expected one of [text, json]",
        "2 | run nosuch -o FILE                | nosuch: neither a file nor a built-in study",
        "2 | run du2018-restart -o FILE        | did you mean \"du2018-restarts\"?",
        "2 | run nosuch.toml -o FILE           | nosuch.toml: no such file; allowed: a TOML file",
        "2 | run FOLDER -o FILE                | a folder; allowed: a TOML file",
        "2 | run TEXT -o FILE                  | text.txt:1: ",
        "2 | exact nosuch                      | nosuch: neither a file nor a built-in study",
        "2 | plan nosuch                       | nosuch: neither a file nor a built-in study",
        "2 | studies nosuch                    | nosuch: neither a file nor a built-in study",
        "2 | show                              | Missing required parameter: 'FILE.h5'",
        "2 | show FILE --format xml            | '--format': expected one of [table, csv, json]",
        "2 | export FILE                       | Missing required option: '--csv=FOLDER'",
        "2 | replay FILE --restart 0           | Missing required option: '--cell=C'",
        "2 | replay FILE --cell x --restart 0  | '--cell': 'x' is not a whole number",
        "2 | merge -o FILE                     | Missing required parameter: 'FILE.h5'",
        "2 | run STUDY -o FILE --device tpu    | --device: tpu: not the name of a device; allowed: auto,",
        "2 | plan STUDY --device cpu:0         | --device: cpu:0: not the name of a device; allowed: auto,",
        "2 | verify --device CPU               | --device: CPU: not the name of a device; allowed: auto,",
        "2 | verify cpu                        | Unmatched argument at index 1: 'cpu'",
        "2 | verify --format xml               | '--format': expected one of [table, csv, json]",
        "2 | devices cpu                       | Unmatched argument at index 1: 'cpu'",
        "2 | devices --format xml              | '--format': expected one of [table, csv, json]",
        "4 | show TEXT                         | text.txt: not a readable HDF5 file, or damaged",
        "4 | export TEXT --csv FOLDER          | text.txt: not a readable HDF5 file, or damaged",
        "4 | replay TEXT --cell 0 --restart 0  | text.txt: not a readable HDF5 file, or damaged",
        "4 | merge -o FILE TEXT                | text.txt: not a readable HDF5 file, or damaged",
        "4 | --quiet run STUDY -o TEXT         | text.txt: not a readable HDF5 file, or damaged",
        "5 | show FILE                         | x.h5: no such file",
        "5 | show FOLDER                       | is a folder, not a results file",
        "5 | merge -o FOLDER/y.h5 FILE         | x.h5: no such file",
        "5 | --quiet run STUDY -o FOLDER       | is a folder, not a results file",
        "5 | --quiet run STUDY -o FOLDER/no/x.h5 | no such folder: ",
      })
  void oneLineAndNothingWritten(int code, String line, String message) throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "no TOML and no HDF5\n");
    Map<String, String> words =
        Map.of("STUDY", study, "FILE", file, "FOLDER", folder.toString(), "TEXT", text.toString());
    String[] arguments =
        Arrays.stream(line.split(" +"))
            .map(word -> word.replaceFirst("^FOLDER/", folder + "/"))
            .map(word -> words.getOrDefault(word, word))
            .toArray(String[]::new);
    List<String> before = files();

    Ended ended = Basin.call(arguments);

    assertEquals(code, ended.code(), ended::toString);
    assertEquals("", ended.out());
    List<String> lines = ended.messages();
    assertTrue(lines.getFirst().startsWith("basin: error: "), ended::err);
    assertTrue(lines.getFirst().contains(message), ended::err);
    // Descent diverges at both numbers of patches: a line each.
    assertEquals(line.contains("step_size=3") ? 2 : 1, lines.size(), ended::err);
    assertEquals(before, files());
    assertEquals("no TOML and no HDF5\n", Files.readString(text));
  }

  @Test
  void everythingThatIsWrongWithAStudyAtOnce() throws IOException {
    String broken =
        Files.readString(Path.of(study)).replace("[5, 9]", "0").replace("per_cell", "per_sell");
    Path path = Files.writeString(folder.resolve("broken.toml"), broken);
    List<String> before = files();
    Ended ended = Basin.call("run", path.toString(), "-o", file);
    assertEquals(ExitCode.BAD_USAGE, ended.code());
    assertTrue(ended.err().contains(path + ":7: system.patches = 0: "), ended::err);
    assertTrue(ended.err().contains("did you mean \"restarts.per_cell\"?"), ended::err);
    assertEquals(before, files());
  }

  @Test
  void aDamagedInputFile() throws IOException {
    Files.write(folder.resolve("inputs.h5"), "no inputs".getBytes(StandardCharsets.UTF_8));
    Path study =
        Studies.write(
            folder,
            "from-file",
            """
            [system]
            kind = "conv"
            patches = 3
            patch_size = 2
            inputs = { file = "inputs.h5", dataset = "/inputs" }

            [teacher]
            output_ratio = 1

            [descent]
            oracle = "empirical"

            [restarts]
            per_cell = 20
            """);
    List<String> before = files();
    Ended ended = Basin.call("run", study.toString(), "-o", file);
    assertEquals(ExitCode.BAD_USAGE, ended.code());
    assertEquals(1, ended.messages().size(), ended::err);
    assertTrue(ended.err().contains("inputs.h5"), ended::err);
    assertEquals(before, files());
  }

  @Test
  void anErrorOfTheProgram() {
    Ended ended =
        withBackend(
            () -> {
              throw new IllegalArgumentException("a\nb");
            },
            "--quiet");
    assertEquals(ExitCode.INTERNAL_ERROR, ended.code());
    assertEquals(
        "basin: error: internal error: java.lang.IllegalArgumentException: a"
            + " (--debug shows where)\n",
        ended.err());
    Ended traced =
        withBackend(
            () -> {
              throw new IllegalArgumentException("a");
            },
            "--quiet",
            "--debug");
    assertEquals(ExitCode.INTERNAL_ERROR, traced.code());
    assertTrue(traced.err().contains("\tat org.basinsim."), traced::err);
  }

  @Test
  void memoryThatRanOut() {
    Ended ended =
        withBackend(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            },
            "--quiet");
    assertEquals(ExitCode.INTERNAL_ERROR, ended.code());
    assertEquals(1, ended.messages().size(), ended::err);
    assertTrue(ended.err().startsWith("basin: error: out of memory: "), ended::err);
    assertFalse(Files.exists(Path.of(file)));
  }

  @Test
  void aLibraryThatIsNotThere() {
    Ended ended =
        withBackend(
            () -> {
              throw new NoClassDefFoundError("jdk/incubator/vector");
            },
            "--quiet");
    assertEquals(ExitCode.INTERNAL_ERROR, ended.code());
    assertEquals(1, ended.messages().size(), ended::err);
    assertTrue(ended.err().contains("NoClassDefFoundError"), ended::err);
  }

  private Ended withBackend(Supplier<Trainer> failure, String... more) {
    Backend failing = new FailingBackend(failure);
    Program program =
        new Program(
            Systems.builtIn(),
            new Backends(List.of(DeviceFamily.ofOne("cpu", true, sizing -> failing))));
    List<String> words = new ArrayList<>(List.of("run", study, "-o", file));
    words.addAll(List.of(more));
    return Basin.call(program, words.toArray(String[]::new));
  }

  /** A backend that fails when it gets an experiment ready. */
  private record FailingBackend(Supplier<Trainer> failure) implements Backend {
    @Override
    public DeviceInfo device() {
      return new DeviceInfo("cpu", "cpu", "fails");
    }

    @Override
    public Trainer prepare(List<? extends Experiment> experiments) {
      return failure.get();
    }

    @Override
    public Probe probe() {
      throw new UnsupportedOperationException();
    }
  }
}
