package org.basinsim.study;

import java.util.List;

/**
 * What a study wants in the table of its cells beside what every table has.
 *
 * @param within steps within which the probability is given, beside that of the whole budget
 * @param means columns of real numbers whose mean over restarts is given
 */
public record Table(List<Long> within, List<String> means) {
  /** Nothing more. */
  public static final Table PLAIN = new Table(List.of(), List.of());

  public Table {
    within = List.copyOf(within);
    means = List.copyOf(means);
  }
}
