package org.basinsim.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinsim.model.Column;
import org.basinsim.report.CellFormat;
import org.basinsim.report.CellReport;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the cells of a results file. */
@Command(
    name = "show",
    header = "Prints the cells of a results file.",
    description =
        "csv and json have the columns of /cells with all digits. The table leaves out what is "
            + "zero everywhere and adds: minima, how many distinct ones spurious restarts ended at; "
            + "+undecided, the probability had every undecided restart "
            + "succeeded; basin, the probability where undecided restarts count by the minimum that "
            + "population descent would take them to; the median and the 90 %% quantile of the steps; "
            + "the restarts needed so that one succeeds with probability 99 %% (- where restarts are "
            + "not independent).",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.h5", description = "A results file.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CellFormat format = CellFormat.table;

  @Option(
      names = "--within",
      split = ",",
      paramLabel = "STEPS",
      description = "Give the probability within so many steps, too (default: as the study says).")
  private List<Long> within;

  @Option(
      names = "--mean",
      split = ",",
      paramLabel = "COLUMN",
      description = "Give the mean of a recorded column, too (default: as the study says).")
  private List<String> means;

  ShowCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    ResultsFile results = ResultsFile.open(file);
    checkWithin();
    checkMeans(results);
    Table table = program.studies().table(results.study());
    CellReport report =
        new CellReport(
            results,
            within == null ? table.within() : within,
            means == null ? table.means() : means);
    BasinCommand.of(spec)
        .console(spec.commandLine())
        .result(format == CellFormat.table ? report.text() : format.write(report.columns()));
    return ExitCode.DONE;
  }

  private void checkWithin() {
    for (long steps : within == null ? List.<Long>of() : within) {
      if (steps < 1) {
        throw new Refusal(ExitCode.BAD_USAGE, "--within: %d: allowed: at least 1".formatted(steps));
      }
    }
  }

  private void checkMeans(ResultsFile results) {
    List<String> columns =
        results.restartColumns().stream()
            .filter(column -> column.type() == Column.Type.FLOAT64 && column.size() == 1)
            .map(Column::name)
            .toList();
    for (String mean : means == null ? List.<String>of() : means) {
      if (!columns.contains(mean)) {
        throw new Refusal(
            ExitCode.BAD_USAGE,
            "--mean: %s: not a column of real numbers in %s; allowed: %s"
                .formatted(mean, file, columns.isEmpty() ? "none" : String.join(", ", columns)));
      }
    }
  }
}
