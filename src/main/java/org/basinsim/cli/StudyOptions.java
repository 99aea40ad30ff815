package org.basinsim.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.study.Setting;
import org.basinsim.study.Study;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The study of a command and what is changed in it. */
final class StudyOptions {
  @Parameters(paramLabel = "STUDY", description = "A TOML file or the name of a built-in study.")
  private String study;

  @Option(names = "--seed", paramLabel = "N", description = "Instead of the study's seed.")
  private Long seed;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      description = "Restarts a cell, instead of the study's.")
  private Long restarts;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A value instead of the study's, such as descent.step_size=0.1; repeatable.")
  private List<String> settings = List.of();

  /** Reads and checks the study; what is likely not meant is said. */
  Study read(Program program, Console console) {
    List<Setting> all = new ArrayList<>(settings.stream().map(Setting::parse).toList());
    if (seed != null) {
      all.add(Setting.seed(seed));
    }
    if (restarts != null) {
      all.add(Setting.restarts(restarts));
    }
    Study read = program.studies().read(study, all);
    read.warnings().forEach(console::warn);
    return read;
  }

  /** Reads the text of a recorded study; relative paths in it start where this study's do. */
  Study parse(Program program, String text, String label) {
    Path file = Path.of(study).toAbsolutePath();
    Path folder = Files.isRegularFile(file) ? file.getParent() : Path.of("").toAbsolutePath();
    return program.studies().parse(text, label, folder, List.of());
  }
}
