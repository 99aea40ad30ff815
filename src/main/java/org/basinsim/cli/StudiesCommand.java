package org.basinsim.cli;

import java.util.concurrent.Callable;
import org.basinsim.study.BuiltInStudies;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists or prints the built-in studies. */
@Command(
    name = "studies",
    header = "Lists the built-in studies, or prints the TOML of one to copy and change.",
    mixinStandardHelpOptions = true)
final class StudiesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The study to print.")
  private String name;

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    if (name != null) {
      console.result(BuiltInStudies.text(name));
      return ExitCode.DONE;
    }
    for (String study : BuiltInStudies.names()) {
      console.result("%-24s %s".formatted(study, title(BuiltInStudies.text(study))));
    }
    return ExitCode.DONE;
  }

  /** The first line of the header comment: what the study asks. */
  private static String title(String toml) {
    return toml.lines().findFirst().orElse("").replaceFirst("^#\\s*(Asks: )?", "");
  }
}
