package org.basinsim.study;

import java.util.List;

/**
 * A value given on the command line in place of the study file's.
 *
 * @param option where it was given, such as {@code --set}; messages say so
 * @param key dotted
 * @param value a TOML value; a bare word is a string
 */
public record Setting(String option, String key, String value) {

  /**
   * The argument of {@code --set}.
   *
   * @param argument {@code key=value}
   * @throws BrokenStudy if there is no {@code =}
   */
  public static Setting parse(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 1) {
      throw new BrokenStudy(
          List.of(
              "--set: " + Rendering.oneLine(argument) + ": no key and value; allowed: key=value"));
    }
    return new Setting(
        "--set", argument.substring(0, equals).strip(), argument.substring(equals + 1).strip());
  }

  /** The argument of {@code --seed}. */
  public static Setting seed(long seed) {
    return new Setting("--seed", "seed", Long.toString(seed));
  }

  /** The argument of {@code --restarts}. */
  public static Setting restarts(long perCell) {
    return new Setting("--restarts", "restarts.per_cell", Long.toString(perCell));
  }
}
