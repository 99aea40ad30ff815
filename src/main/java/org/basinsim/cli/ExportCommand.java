package org.basinsim.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
    header = "Writes a results file as CSV.",
    description =
        "FOLDER/cells.csv and, unless the file keeps counts only, FOLDER/restarts.csv; older "
            + "ones are replaced.",
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
      throw new Refusal(ExitCode.INPUT_OUTPUT, folder + ": cannot be written: " + reason(e));
    }
    return ExitCode.DONE;
  }

  /** What the operating system said; the message of a file system's exception is but a path. */
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such folder";
      case FileAlreadyExistsException _ -> "not a folder";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> e.getMessage();
    };
  }
}
