package org.basinsim.study;

import java.util.List;

/**
 * A study that passed every check. Get one from a {@link StudyReader}.
 *
 * @param name made of letters, digits, dots, underscores and hyphens
 * @param title one line for people, empty where the file gives none
 * @param seed 64 bits
 * @param text the TOML as run: the file's own text or, where settings of the command line changed
 *     it, a rewritten one; reading it again gives the same cells
 * @param perCell restarts a cell, at least 1
 * @param countsOnly whether rows of single restarts are left out of the results
 * @param interval name of the interval method: wilson, clopper-pearson or jeffreys
 * @param confidence of the intervals, between 0 and 1
 * @param table what it wants in the table of its cells
 * @param sweptKeys dotted, in file order; the last varies fastest from cell to cell
 * @param cells at least one, no two with the same identity
 * @param warnings what is allowed but likely not meant, one line each
 */
public record Study(
    String name,
    String title,
    long seed,
    String text,
    long perCell,
    boolean countsOnly,
    String interval,
    double confidence,
    Table table,
    List<String> sweptKeys,
    List<Cell> cells,
    List<String> warnings) {

  public Study {
    sweptKeys = List.copyOf(sweptKeys);
    cells = List.copyOf(cells);
    warnings = List.copyOf(warnings);
  }
}
