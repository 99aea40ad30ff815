package org.basinsim.report;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: a header, a rule, right-aligned columns two blanks apart. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these column names. */
  public TextTable(List<String> header) {
    rows.add(List.copyOf(header));
  }

  /** Adds a row; as many texts as there are columns. */
  public void add(List<String> row) {
    if (row.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(row + " does not fit " + rows.getFirst());
    }
    rows.add(List.copyOf(row));
  }

  /** The table, every line ended. */
  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        line.append(c == 0 ? "" : "  ").append(" ".repeat(widths[c] - cell.length())).append(cell);
      }
      text.append(line).append('\n');
      if (r == 0) {
        text.append("-".repeat(line.length())).append('\n');
      }
    }
    return text.toString();
  }
}
