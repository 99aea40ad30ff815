package org.basinsim.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.basinsim.report.CellFormat;
import org.basinsim.report.CellReport;
import org.basinsim.results.ResultsFile;
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
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.h5", description = "A results file.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CellFormat format = CellFormat.table;

  @Override
  public Integer call() {
    CellReport report = new CellReport(ResultsFile.open(file));
    BasinCommand.of(spec)
        .console(spec.commandLine())
        .result(format == CellFormat.table ? report.text() : format.write(report.columns()));
    return ExitCode.DONE;
  }
}
