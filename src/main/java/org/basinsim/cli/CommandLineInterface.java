package org.basinsim.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.data.BrokenInputs;
import org.basinsim.results.DamagedResults;
import org.basinsim.results.InaccessibleResults;
import org.basinsim.results.MismatchedResults;
import org.basinsim.study.BrokenStudy;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses arguments, runs a command, and turns whatever goes wrong into a line and an exit code. */
public final class CommandLineInterface {
  private final CommandLine commandLine;
  private final BasinCommand basin = new BasinCommand();

  /**
   * @param program systems and backends that the commands may use
   */
  public CommandLineInterface(Program program) {
    commandLine = new CommandLine(basin);
    commandLine.addSubcommand(new RunCommand(program));
    commandLine.addSubcommand(new StudiesCommand());
    commandLine.addSubcommand(new ExactCommand(program));
    commandLine.addSubcommand(new PlanCommand(program));
    commandLine.addSubcommand(new ShowCommand(program));
    commandLine.addSubcommand(new ExportCommand());
    commandLine.addSubcommand(new ReplayCommand(program));
    commandLine.addSubcommand(new MergeCommand(program));
    commandLine.addSubcommand(new DevicesCommand(program));
    commandLine.addSubcommand(new VerifyCommand(program));
    commandLine.addSubcommand(new BenchCommand(program));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(Long.class, text -> whole(text, Long::valueOf));
    commandLine.registerConverter(long.class, text -> whole(text, Long::valueOf));
    commandLine.registerConverter(Integer.class, text -> whole(text, Integer::valueOf));
    commandLine.registerConverter(int.class, text -> whole(text, Integer::valueOf));
    spaceHelp(commandLine);
    commandLine.getSubcommands().values().forEach(CommandLineInterface::spaceHelp);
    commandLine.setExecutionStrategy(CommandLineInterface::runLast);
    commandLine.setParameterExceptionHandler(CommandLineInterface::badUsage);
    commandLine.setExecutionExceptionHandler(CommandLineInterface::failed);
  }

  private static void spaceHelp(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%n")
        .commandListHeading("%nCommands:%n");
  }

  /** Sends output elsewhere than to the process's own streams. */
  public CommandLineInterface redirect(PrintWriter out, PrintWriter err) {
    commandLine.setOut(out);
    commandLine.setErr(err);
    basin.redirected();
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

  /** Errors of the machine, such as memory that ran out, take the way of every other failure. */
  private static int runLast(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      CommandLine last = parsed.asCommandLineList().getLast();
      throw new ExecutionException(last, e.toString(), e);
    }
  }

  private static <T> T whole(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a whole number, or too large");
    }
  }

  private static int badUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    console(command)
        .error(
            wrong(e).lines().findFirst().orElse("bad usage")
                + " (see '"
                + command.getCommandSpec().qualifiedName()
                + " --help')");
    return ExitCode.BAD_USAGE;
  }

  private static String wrong(ParameterException e) {
    CommandLine command = e.getCommandLine();
    Set<String> commands = command.getSubcommands().keySet();
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !commands.isEmpty()) {
      return "unknown command '%s'; allowed: %s"
          .formatted(unmatched.getUnmatched().getFirst(), String.join(", ", commands));
    }
    return e.getMessage();
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
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
          case ExecutionException wrapped when wrapped.getCause() instanceof OutOfMemoryError -> {
            line.accept(
                "out of memory: this program may use "
                    + Amounts.bytes(Runtime.getRuntime().maxMemory())
                    + "; JAVA_TOOL_OPTIONS=-Xmx16g in the environment, say, allows more");
            yield ExitCode.INTERNAL_ERROR;
          }
          default -> {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            line.accept("internal error: " + firstLine(cause) + " (--debug shows where)");
            yield ExitCode.INTERNAL_ERROR;
          }
        };
    if (BasinCommand.of(command.getCommandSpec()).debug()) {
      e.printStackTrace(command.getErr());
    }
    return code;
  }

  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse("");
  }

  private static int say(Consumer<String> line, Exception e, int code) {
    line.accept(e.getMessage());
    return code;
  }

  private static Console console(CommandLine command) {
    return BasinCommand.of(command.getCommandSpec()).console(command);
  }
}
