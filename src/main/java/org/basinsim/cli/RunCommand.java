package org.basinsim.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.basinsim.backend.Backend;
import org.basinsim.campaign.Campaign;
import org.basinsim.campaign.CampaignOptions;
import org.basinsim.campaign.CampaignResult;
import org.basinsim.model.Experiment;
import org.basinsim.quadrature.ExactProbability;
import org.basinsim.report.CellReport;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.Study;
import org.basinsim.study.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Carries a study out. */
@Command(
    name = "run",
    header = "Runs a study and prints its cells.",
    description =
        "Goes on by itself where the file's work is partly done, extends a finished file by "
            + "more restarts or more cells, and does nothing where nothing is missing. Ctrl-C keeps "
            + "all finished work; the same command goes on.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;
  @Mixin private StudyOptions studyOptions;
  @Mixin private DeviceOptions deviceOptions;

  @Option(
      names = "-o",
      paramLabel = "FILE.h5",
      description = "The results file (default: the study's name and .h5).")
  private Path output;

  @Option(
      names = "--exact",
      description = "Give the exact probability too, of the cells that quadrature applies to.")
  private boolean exact;

  @Option(
      names = "--mix",
      description = "Go on although the file was begun on another backend or in another precision.")
  private boolean mix;

  RunCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    Study study = studyOptions.read(program, console);
    Path file = output == null ? Path.of(study.name() + ".h5") : output;
    try (Backend backend = deviceOptions.open(program, console)) {
      return run(study, file, backend, console);
    }
  }

  private int run(Study study, Path file, Backend backend, Console console) {
    Interruption interruption = Interruption.listen();
    Campaign campaign =
        new Campaign(study, text -> studyOptions.parse(program, text, file + " /study"));
    CampaignOptions options =
        new CampaignOptions(
            mix, Version.text(), Version.commit(), exactProbabilities(study, backend, console));
    CampaignResult result;
    try (ProgressDisplay progress = ProgressDisplay.on(console)) {
      result = campaign.run(backend, file, options, progress, interruption.flag());
    }
    if (!result.finished()) {
      console.warn(
          "stopped: %d of %d restarts are kept beside %s; run the same command to go on"
              .formatted(result.recorded(), result.planned(), file));
      return interruption.exitCode();
    }
    console.info(
        result.computed() == 0
            ? "nothing to do: " + file + " has every restart of the study"
            : "wrote " + file);
    console.result(report(ResultsFile.open(file), study.table()).text());
    return ExitCode.DONE;
  }

  /** The cells of a file with what a study wants beside them. */
  static CellReport report(ResultsFile file, Table table) {
    return new CellReport(file, table.within(), table.means());
  }

  private Optional<ToDoubleFunction<Experiment>> exactProbabilities(
      Study study, Backend backend, Console console) {
    if (!exact) {
      return Optional.empty();
    }
    List<Optional<ExactProbability>> probabilities =
        ExactCommand.probabilities(study, backend, deviceOptions.sizing().threads(), console);
    Map<String, Double> byIdentity = new HashMap<>();
    for (int c = 0; c < study.cells().size(); c++) {
      byIdentity.put(
          study.cells().get(c).experiment().identity(),
          probabilities.get(c).map(ExactProbability::probability).orElse(Double.NaN));
    }
    return Optional.of(experiment -> byIdentity.get(experiment.identity()));
  }
}
