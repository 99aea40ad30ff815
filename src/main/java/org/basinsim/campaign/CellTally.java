package org.basinsim.campaign;

import org.basinsim.model.Clustering;
import org.basinsim.model.Outcome;
import org.basinsim.results.CellSummary;
import org.basinsim.statistics.ClusteredCounts;
import org.basinsim.statistics.Interval;
import org.basinsim.statistics.IntervalMethod;
import org.basinsim.statistics.OutcomeCounts;

/**
 * Counts the outcomes of one cell, by cluster where restarts depend on one another. Memory does not
 * grow with restarts: clusters that are blocks of indices pass one at a time, others are few.
 */
final class CellTally {
  private final Clustering clustering;
  private final long[] counts = new long[Outcome.values().length];
  private final ClusteredCounts blocks = new ClusteredCounts();
  private final long[] sizes;
  private final long[] successes;
  private long block = -1;
  private long blockSize;
  private long blockSuccesses;

  CellTally(Clustering clustering) {
    this.clustering = clustering;
    boolean residues = clustering.kind() == Clustering.Kind.RESIDUES;
    int clusters = residues ? Math.toIntExact(clustering.size()) : 0;
    this.sizes = new long[clusters];
    this.successes = new long[clusters];
  }

  /** Counts consecutive restarts; indices grow from call to call. */
  void add(long first, byte[] outcomes) {
    for (byte outcome : outcomes) {
      counts[outcome]++;
    }
    if (clustering.independent()) {
      return;
    }
    for (int i = 0; i < outcomes.length; i++) {
      int success = outcomes[i] == Outcome.GLOBAL.code() ? 1 : 0;
      long cluster = clustering.cluster(first + i);
      if (clustering.kind() == Clustering.Kind.RESIDUES) {
        sizes[(int) cluster]++;
        successes[(int) cluster] += success;
      } else {
        addToBlock(cluster, success);
      }
    }
  }

  /** Counts restarts whose outcomes are known in number alone: independent ones. */
  void add(long[] byOutcome) {
    if (!clustering.independent()) {
      throw new IllegalStateException("counts alone do not tell how dependent restarts agree");
    }
    for (int code = 0; code < counts.length; code++) {
      counts[code] += byOutcome[code];
    }
  }

  private void addToBlock(long cluster, int success) {
    if (cluster != block) {
      endBlock();
      block = cluster;
    }
    blockSize++;
    blockSuccesses += success;
  }

  private void endBlock() {
    if (blockSize > 0) {
      blocks.add(blockSize, blockSuccesses);
    }
    blockSize = 0;
    blockSuccesses = 0;
  }

  /**
   * Sums up; nothing is added after that.
   *
   * @param exact success probability by other means, or not a number
   */
  CellSummary summary(IntervalMethod method, double confidence, double exact) {
    OutcomeCounts total =
        new OutcomeCounts(
            counts[Outcome.GLOBAL.code()],
            counts[Outcome.SPURIOUS.code()],
            counts[Outcome.UNDECIDED.code()],
            counts[Outcome.DIVERGED.code()]);
    long clusters = clustering.independent() ? total.total() : clusters().clusters();
    Interval interval =
        clustering.independent()
            ? total.interval(method, confidence)
            : blocks.interval(method, confidence);
    return new CellSummary(
        total.global(),
        total.spurious(),
        total.undecided(),
        total.diverged(),
        clusters,
        total.estimate(),
        interval.low(),
        interval.high(),
        exact);
  }

  private ClusteredCounts clusters() {
    endBlock();
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (sizes[cluster] > 0) {
        blocks.add(sizes[cluster], successes[cluster]);
      }
    }
    return blocks;
  }
}
