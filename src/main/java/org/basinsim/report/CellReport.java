package org.basinsim.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinsim.results.ResultsFile;
import org.basinsim.statistics.Interval;
import org.basinsim.statistics.RestartsNeeded;

/** The cells of a results file as rows of named values. */
public final class CellReport {
  /** Restarts needed are given for this probability that none succeeds. */
  private static final double FAILURE = 0.01;

  private static final List<String> COUNTS = List.of("global", "spurious", "undecided", "diverged");

  private final ResultsFile file;
  private final List<Long> within;
  private final List<String> means;

  public CellReport(ResultsFile file) {
    this(file, List.of(), List.of());
  }

  /**
   * @param within steps within which the table gives the probability, too
   * @param means columns of real numbers whose mean over restarts it gives
   */
  public CellReport(ResultsFile file, List<Long> within, List<String> means) {
    this.file = file;
    this.within = List.copyOf(within);
    this.means = List.copyOf(means);
  }

  /** Every column of {@code /cells} but the identity, under its own name. */
  public List<Map<String, Object>> columns() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int cell = 0; cell < file.cells(); cell++) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (String name : file.cellColumns()) {
        if (!name.equals("identity")) {
          row.put(name, value(name, cell));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * The same for a terminal, rounded: empty columns left out, and beside them what the rows of
   * restarts tell: how many distinct minima beside the global one they ended at, the probability
   * within fewer steps and means of columns where they are asked for, the probability had every
   * undecided restart succeeded, the probability by basin, median and 90 % quantile of the steps,
   * restarts needed so that one succeeds with probability 99 %. Below the table stands what its
   * intervals do not cover.
   */
  public String text() {
    return CellFormat.table.write(table()) + conditional();
  }

  /** Says which intervals know nothing of how data sets, or streams of inputs, differ. */
  private String conditional() {
    List<String> cells = new ArrayList<>();
    for (int cell = 0; cell < file.cells(); cell++) {
      if (file.counts("clusters")[cell] == 1 && file.counts("restarts")[cell] > 1) {
        cells.add(Integer.toString(cell));
      }
    }
    if (cells.isEmpty()) {
      return "";
    }
    String which = cells.size() == file.cells() ? "every cell" : "cell " + String.join(", ", cells);
    return "In " + which + " the interval is conditional on the one data set of all restarts.\n";
  }

  private List<Map<String, Object>> table() {
    RestartSummaries summaries = RestartSummaries.of(file, within, means);
    boolean undecided = occurs("undecided");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int cell = 0; cell < file.cells(); cell++) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (String key : file.sweptKeys()) {
        row.put(shortName(key), value(key, cell));
      }
      row.put("restarts", value("restarts", cell));
      for (String count : COUNTS) {
        if (count.equals("global") || occurs(count)) {
          row.put(count, value(count, cell));
        }
      }
      if (!file.minima().isEmpty()) {
        int number = cell;
        row.put("minima", file.minima().stream().filter(m -> m.cell() == number).count());
      }
      for (String name : List.of("probability", "ci_low", "ci_high")) {
        row.put(name, decimals(4, file.reals(name)[cell]));
      }
      for (int w = 0; w < summaries.within().size(); w++) {
        double share = summaries.successes(cell, w) / (double) file.counts("restarts")[cell];
        row.put("within " + summaries.within().get(w), decimals(4, share));
      }
      if (undecided) {
        row.put("+undecided", decimals(4, withUndecided(cell)));
      }
      if (summaries.hasBasin()) {
        row.put("basin", decimals(4, summaries.basinProbability(cell)));
      }
      if (file.cellColumns().contains("exact")) {
        row.put("exact", decimals(6, file.reals("exact")[cell]));
      }
      if (summaries.hasSteps()) {
        row.put("steps p50", summaries.stepsQuantile(cell, 0.5));
        row.put("steps p90", summaries.stepsQuantile(cell, 0.9));
      }
      for (int m = 0; m < summaries.means().size(); m++) {
        row.put(summaries.means().get(m), "%.4g".formatted(summaries.mean(cell, m)));
      }
      row.put("for 99%", restartsNeeded(cell));
      rows.add(row);
    }
    return rows;
  }

  private static String decimals(int digits, double value) {
    return Double.isNaN(value) ? "-" : ("%." + digits + "f").formatted(value);
  }

  private boolean occurs(String count) {
    for (long value : file.counts(count)) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  /** The last part of a dotted key, where no other swept key ends so. */
  private String shortName(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    long same = file.sweptKeys().stream().filter(k -> k.endsWith("." + last)).count();
    return same == 1 ? last : key;
  }

  private Object value(String column, int cell) {
    return switch (file.cellColumn(column)) {
      case long[] whole -> whole[cell];
      case double[] real -> real[cell];
      case String[] word -> word[cell];
      case int[] flag -> flag[cell] != 0;
      default -> throw new IllegalStateException("column " + column);
    };
  }

  private double withUndecided(int cell) {
    return (file.counts("global")[cell] + file.counts("undecided")[cell])
        / (double) file.counts("restarts")[cell];
  }

  /** Not a number where restarts share inputs or starts: those are not independent attempts. */
  private double restartsNeeded(int cell) {
    if (file.counts("clusters")[cell] < file.counts("restarts")[cell]) {
      return Double.NaN;
    }
    Interval interval = new Interval(file.reals("ci_low")[cell], file.reals("ci_high")[cell]);
    return RestartsNeeded.of(file.reals("probability")[cell], interval, FAILURE).estimate();
  }
}
