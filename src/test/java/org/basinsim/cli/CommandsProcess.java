package org.basinsim.cli;

/** Carries out command lines one after the other in a process of their own. */
final class CommandsProcess {
  private CommandsProcess() {}

  /** Takes a command line as each argument; prints exit code, output and messages of each. */
  public static void main(String[] lines) {
    for (String line : lines) {
      Basin.Ended ended = Basin.call(line.split(" "));
      System.out.printf("exit %d%n%s%s", ended.code(), ended.out(), ended.err());
    }
  }
}
