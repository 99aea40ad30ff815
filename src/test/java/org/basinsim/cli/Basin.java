package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** The command line in this process, with what it prints caught. */
public final class Basin {
  private Basin() {}

  /** What a command came to. */
  public record Ended(int code, String out, String err) {

    /** Lines on standard error. */
    public List<String> messages() {
      return err.lines().toList();
    }

    /** The same, if it went well. */
    public Ended done() {
      assertEquals(0, code, this::toString);
      return this;
    }
  }

  public static Ended call(String... arguments) {
    return call(Program.builtIn(), arguments);
  }

  public static Ended call(Program program, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLineInterface(program)
            .redirect(new PrintWriter(out), new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }
}
