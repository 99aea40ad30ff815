package org.basinsim.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.basinsim.report.CsvExport;
import org.basinsim.results.ResultsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a results file as CSV. */
@Command(
    name = "export",
    description = "Writes a results file as cells.csv and restarts.csv.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.h5", description = "A results file.")
  private Path file;

  @Option(
      names = "--csv",
      required = true,
      paramLabel = "FOLDER",
      description = "Where to write; made where it does not exist.")
  private Path folder;

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    try {
      for (Path written : CsvExport.write(ResultsFile.open(file), folder)) {
        console.info("wrote " + written);
      }
    } catch (IOException e) {
      throw new Refusal(ExitCode.INPUT_OUTPUT, folder + ": cannot be written: " + e.getMessage());
    }
    return ExitCode.DONE;
  }
}
