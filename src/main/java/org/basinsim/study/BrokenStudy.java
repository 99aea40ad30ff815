package org.basinsim.study;

import java.util.List;

/**
 * A study that cannot be run, with everything that is wrong with it. The command line prints the
 * messages and ends with exit code 2.
 */
public final class BrokenStudy extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> messages;

  /**
   * @param messages at least one; a line each, in file order
   */
  public BrokenStudy(List<String> messages) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
  }

  /** One line each, fit to print. */
  public List<String> messages() {
    return messages;
  }
}
