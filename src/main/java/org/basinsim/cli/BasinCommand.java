package org.basinsim.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program itself: options of every command, and help where none is named. */
@Command(
    name = "basin",
    header = "From a random start, how likely does gradient descent find the global minimum?",
    description = "Start with: basin run du2018-restarts",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommandsRepeatable = false,
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  done",
      "  1  internal error, or a device that verify finds wrong",
      "  2  bad usage or study",
      "  3  device unavailable",
      "  4  damaged or mismatched results",
      "  5  cannot read or write",
      "  130, 143  interrupted; all finished work is kept"
    })
final class BasinCommand implements Runnable {
  /** Forms of what is said on standard error. */
  enum Log {
    text,
    json
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Say nothing but results, warnings and errors.")
  private boolean quiet;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arises.")
  private boolean debug;

  @Option(
      names = "--log",
      scope = ScopeType.INHERIT,
      paramLabel = "FORM",
      description = "Form of messages: ${COMPLETION-CANDIDATES} (one object a line).")
  private Log log = Log.text;

  private boolean redirected;

  /** The root of a command. */
  static BasinCommand of(CommandSpec command) {
    return (BasinCommand) command.root().userObject();
  }

  boolean debug() {
    return debug;
  }

  /** From now on messages go elsewhere than to the process's own standard error. */
  void redirected() {
    redirected = true;
  }

  Console console(CommandLine command) {
    boolean terminal = !redirected && Terminal.hasStandardError();
    return new Console(command.getOut(), command.getErr(), terminal, quiet, log == Log.json);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
