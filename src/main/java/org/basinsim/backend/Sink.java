package org.basinsim.backend;

import org.basinsim.model.Outcomes;

/** Where a trainer delivers. Calls come from one thread at a time. */
public interface Sink {

  /** Takes finished restarts. An exception thrown here ends the training and reaches its caller. */
  void accept(Outcomes outcomes);

  /** Takes a line for the user, such as a device that is lost while others go on. */
  default void notice(String line) {}

  /** Whether to give up; asked at least once a second, from any thread. */
  boolean stopped();
}
