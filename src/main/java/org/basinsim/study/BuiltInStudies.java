package org.basinsim.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The studies that come with the program, to run by name or to copy. */
public final class BuiltInStudies {
  private static final List<String> NAMES =
      List.of(
          "du2018-restarts",
          "du2018-quadruple",
          "du2018-phases",
          "du2018-online",
          "brutzkus2017-gaussian",
          "brutzkus2017-overlap",
          "brutzkus2017-hardness",
          "liu2019-shortcut",
          "zhou2019-noise",
          "safran2018-spurious",
          "dz2019-patterns",
          "du2019-width");

  private BuiltInStudies() {}

  /** Their names, in the order of documentation. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The TOML of a built-in study.
   *
   * @throws BrokenStudy if there is none of this name
   */
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new BrokenStudy(
          List.of(
              Rendering.oneLine(name)
                  + ": neither a file nor a built-in study; allowed: a TOML file, "
                  + String.join(", ", NAMES)
                  + Nearest.suggestion(name, NAMES)));
    }
    try (InputStream in = BuiltInStudies.class.getResourceAsStream("/studies/" + name + ".toml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
