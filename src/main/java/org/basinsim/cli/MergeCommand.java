package org.basinsim.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinsim.campaign.Uniting;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Unites results of one study. */
@Command(
    name = "merge",
    header = "Unites results files of one study and prints its cells.",
    description = "What occurs several times counts once; rows that disagree are refused.",
    mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;

  @Option(
      names = "-o",
      required = true,
      paramLabel = "FILE.h5",
      description = "Where to write; must not exist.")
  private Path output;

  @Parameters(arity = "1..*", paramLabel = "FILE.h5", description = "Results files of one study.")
  private List<Path> files;

  MergeCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    Path folder = files.getFirst().toAbsolutePath().getParent();
    Uniting.unite(
        files, output, text -> program.studies().parse(text, "recorded study", folder, List.of()));
    console.info("wrote " + output);
    ResultsFile merged = ResultsFile.open(output);
    Table table = program.studies().table(merged.study());
    console.result(RunCommand.report(merged, table).text());
    return ExitCode.DONE;
  }
}
