package org.basinsim.cli;

import java.util.List;
import org.basinsim.study.StudyReader;
import org.basinsim.study.SystemKind;
import org.basinsim.study.Systems;

/**
 * What a command line is made of: the systems that studies can be about and the backends that can
 * simulate them.
 *
 * @param systems kinds of {@code system.kind}
 * @param backends by device name
 */
public record Program(List<SystemKind> systems, Backends backends) {

  /** Everything that ships. */
  public static Program builtIn() {
    return new Program(Systems.builtIn(), Backends.builtIn());
  }

  StudyReader studies() {
    return new StudyReader(systems);
  }
}
