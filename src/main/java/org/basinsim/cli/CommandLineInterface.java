package org.basinsim.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.data.BrokenInputs;
import org.basinsim.results.DamagedResults;
import org.basinsim.results.InaccessibleResults;
import org.basinsim.results.MismatchedResults;
import org.basinsim.study.BrokenStudy;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Parses arguments, runs a command, and turns whatever goes wrong into a line and an exit code. */
public final class CommandLineInterface {
  private final CommandLine commandLine;

  /**
   * @param program systems and backends that the commands may use
   */
  public CommandLineInterface(Program program) {
    commandLine = new CommandLine(new BasinCommand());
    commandLine.addSubcommand(new RunCommand(program));
    commandLine.addSubcommand(new StudiesCommand());
    commandLine.addSubcommand(new ExactCommand(program));
    commandLine.addSubcommand(new PlanCommand(program));
    commandLine.addSubcommand(new ShowCommand());
    commandLine.addSubcommand(new ExportCommand());
    commandLine.addSubcommand(new ReplayCommand(program));
    commandLine.addSubcommand(new MergeCommand(program));
    commandLine.addSubcommand(new DevicesCommand(program));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(CommandLineInterface::badUsage);
    commandLine.setExecutionExceptionHandler(CommandLineInterface::failed);
  }

  /** Sends output elsewhere than to the process's own streams. */
  public CommandLineInterface redirect(PrintWriter out, PrintWriter err) {
    commandLine.setOut(out);
    commandLine.setErr(err);
    return this;
  }

  /**
   * Runs one command.
   *
   * @return the exit code
   */
  public int execute(String... arguments) {
    return commandLine.execute(arguments);
  }

  private static int badUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    Throwable cause = e.getCause();
    String message = cause instanceof BrokenStudy ? cause.getMessage() : e.getMessage();
    console(command)
        .error(
            message.lines().findFirst().orElse("bad usage")
                + " (see '"
                + command.getCommandSpec().qualifiedName()
                + " --help')");
    return ExitCode.BAD_USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    Console console = console(command);
    Consumer<String> line = console::error;
    int code =
        switch (e) {
          case BrokenStudy broken -> {
            broken.messages().forEach(line);
            yield ExitCode.BAD_USAGE;
          }
          case Refusal refusal -> say(line, refusal, refusal.exitCode());
          case BrokenInputs inputs -> say(line, inputs, ExitCode.BAD_USAGE);
          case BackendUnavailable unavailable ->
              say(line, unavailable, ExitCode.DEVICE_UNAVAILABLE);
          case DamagedResults damaged -> say(line, damaged, ExitCode.BAD_RESULTS);
          case MismatchedResults mismatched -> say(line, mismatched, ExitCode.BAD_RESULTS);
          case InaccessibleResults inaccessible -> say(line, inaccessible, ExitCode.INPUT_OUTPUT);
          default -> {
            line.accept("internal error: " + e + " (--debug shows where)");
            yield ExitCode.INTERNAL_ERROR;
          }
        };
    if (BasinCommand.of(command.getCommandSpec()).debug()) {
      e.printStackTrace(command.getErr());
    }
    return code;
  }

  private static int say(Consumer<String> line, Exception e, int code) {
    line.accept(e.getMessage());
    return code;
  }

  private static Console console(CommandLine command) {
    return BasinCommand.of(command.getCommandSpec()).console(command);
  }
}
