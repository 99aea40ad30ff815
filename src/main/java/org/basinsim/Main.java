package org.basinsim;

import java.util.Locale;
import org.basinsim.cli.CommandLineInterface;
import org.basinsim.cli.Program;

/** Hands the arguments to the command line. */
public final class Main {
  private Main() {}

  /** Never returns: the process ends with the exit code of the command. */
  public static void main(String[] arguments) {
    // Numbers look the same everywhere: 0.5 is never 0,5.
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLineInterface(Program.builtIn()).execute(arguments));
  }
}
