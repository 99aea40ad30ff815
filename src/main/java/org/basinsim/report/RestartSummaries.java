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

  private RestartSummaries(ResultsFile file) {
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

  static RestartSummaries of(ResultsFile file) {
    RestartSummaries summaries = new RestartSummaries(file);
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
      row = end;
    }
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
