package org.basinsim.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.RestartRange;
import org.basinsim.results.ResultsFile;
import org.basinsim.results.Rows;

/** What one pass over the rows of restarts tells of each cell. */
final class RestartSummaries {
  /** What stands in a column of bytes where a cell does not record it. */
  private static final byte NOT_RECORDED = (byte) 255;

  private final boolean steps;
  private final boolean basin;
  private final List<Histogram> stepCounts = new ArrayList<>();
  private final long[] rows;
  private final long[] basins;
  private final long[] globalBasin;

  /** Steps within which successes are counted, and how many there are, by cell. */
  private final List<Long> within;

  private final long[][] successes;

  /** Columns whose finite values are added up, and their sums and numbers, by cell. */
  private final List<String> means;

  private final double[][] sums;
  private final long[][] numbers;

  private RestartSummaries(ResultsFile file, List<Long> within, List<String> means) {
    this.within = within;
    this.successes = new long[file.cells()][within.size()];
    this.means = means;
    this.sums = new double[file.cells()][means.size()];
    this.numbers = new long[file.cells()][means.size()];
    List<String> names = file.restartColumns().stream().map(Column::name).toList();
    steps = names.contains("steps");
    basin = names.contains("basin");
    rows = new long[file.cells()];
    basins = new long[file.cells()];
    globalBasin = new long[file.cells()];
    for (int cell = 0; cell < file.cells(); cell++) {
      stepCounts.add(new Histogram());
    }
  }

  /**
   * Reads a file.
   *
   * @param within steps within which successes are counted; only where steps and outcome are there
   * @param means columns to average; those that the file does not have are left out
   */
  static RestartSummaries of(ResultsFile file, List<Long> within, List<String> means) {
    List<String> real =
        file.restartColumns().stream()
            .filter(column -> column.type() == Column.Type.FLOAT64 && column.size() == 1)
            .map(Column::name)
            .toList();
    boolean timed =
        file.restartColumns().stream()
            .map(Column::name)
            .toList()
            .containsAll(List.of("steps", "outcome"));
    RestartSummaries summaries =
        new RestartSummaries(
            file, timed ? within : List.of(), means.stream().filter(real::contains).toList());
    if (summaries.steps || summaries.basin) {
      file.forEachRows(summaries::add);
    }
    return summaries;
  }

  private void add(Rows some) {
    int row = 0;
    for (RestartRange range : some.ranges()) {
      int end = row + (int) range.count();
      rows[range.cell()] += range.count();
      if (steps) {
        stepCounts.get(range.cell()).add((int[]) some.array("steps"), row, end);
      }
      if (basin) {
        byte[] values = (byte[]) some.array("basin");
        for (int i = row; i < end; i++) {
          basins[range.cell()] += values[i] == NOT_RECORDED ? 0 : 1;
          globalBasin[range.cell()] += values[i] == Outcome.GLOBAL.code() ? 1 : 0;
        }
      }
      count(some, range.cell(), row, end);
      row = end;
    }
  }

  private void count(Rows some, int cell, int from, int to) {
    if (!within.isEmpty()) {
      byte[] outcomes = (byte[]) some.array("outcome");
      int[] taken = (int[]) some.array("steps");
      for (int i = from; i < to; i++) {
        for (int w = 0; outcomes[i] == Outcome.GLOBAL.code() && w < within.size(); w++) {
          successes[cell][w] += taken[i] <= within.get(w) ? 1 : 0;
        }
      }
    }
    for (int m = 0; m < means.size(); m++) {
      double[] values = (double[]) some.array(means.get(m));
      for (int i = from; i < to; i++) {
        if (Double.isFinite(values[i])) {
          sums[cell][m] += values[i];
          numbers[cell][m]++;
        }
      }
    }
  }

  /** The steps within which successes are counted. */
  List<Long> within() {
    return within;
  }

  /** Restarts that were global after so many steps: the place in {@link #within}. */
  long successes(int cell, int place) {
    return successes[cell][place];
  }

  /** The columns averaged. */
  List<String> means() {
    return means;
  }

  /** The mean of the finite values; not a number where there are none. */
  double mean(int cell, int place) {
    return sums[cell][place] / numbers[cell][place];
  }

  boolean hasSteps() {
    return steps;
  }

  boolean hasBasin() {
    return basin;
  }

  /** Share of restarts whose basin is the global one; not a number where none is recorded. */
  double basinProbability(int cell) {
    return globalBasin[cell] / (double) basins[cell];
  }

  /** The smallest number of steps that a share of at least {@code level} does not exceed. */
  long stepsQuantile(int cell, double level) {
    return stepCounts.get(cell).quantile((long) Math.ceil(level * rows[cell]));
  }

  /** Counts of whole numbers, small ones in an array: as many as steps differ, not as restarts. */
  private static final class Histogram {
    private static final int DIRECT = 1 << 16;

    private final Map<Integer, Long> large = new TreeMap<>();
    private long[] small = new long[0];

    void add(int[] values, int from, int to) {
      for (int i = from; i < to; i++) {
        int value = values[i];
        if (value >= DIRECT) {
          large.merge(value, 1L, Long::sum);
        } else {
          if (value >= small.length) {
            small = Arrays.copyOf(small, Math.min(DIRECT, Math.max(64, 2 * value + 1)));
          }
          small[value]++;
        }
      }
    }

    long quantile(long rank) {
      long seen = 0;
      for (int value = 0; value < small.length; value++) {
        seen += small[value];
        if (seen >= rank) {
          return value;
        }
      }
      for (Map.Entry<Integer, Long> entry : large.entrySet()) {
        seen += entry.getValue();
        if (seen >= rank) {
          return entry.getKey();
        }
      }
      return 0;
    }
  }
}
