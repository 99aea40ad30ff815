package org.basinsim.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.results.RowFile.Located;

/**
 * Rows. They are gathered in blocks between fixed row numbers of the whole study: a block that
 * fills up is written as it will stand in the end, so that an uninterrupted study writes its rows
 * once. Blocks that take long to fill are written in fragments, which the end unites.
 */
final class RowLedger implements Ledger {
  private static final int SCANNED_AT_ONCE = 1 << 20;

  private final Manifest manifest;
  private final Layout layout;
  private final Provenance provenance;
  private final Shards shards;
  private final BackgroundWriter writer;
  private final Limits limits;
  private final List<Located> stored;
  private final List<Coverage> recorded;
  private final long[] firstRows;
  private final TreeMap<Long, Block> open = new TreeMap<>();

  /** Outcomes of consecutive restarts within a larger array. */
  private record Slice(Outcomes outcomes, int from, int count) {
    RestartRange range() {
      RestartRange all = outcomes.range();
      return new RestartRange(all.cell(), all.first() + from, count);
    }
  }

  /** A block under construction. */
  private static final class Block {
    final List<Slice> slices = new ArrayList<>();
    final long begun = System.nanoTime();
    long missing;
  }

  /**
   * A ledger that goes on.
   *
   * @param stored what is on the disk, under the cell numbers of the study
   */
  RowLedger(
      Manifest manifest,
      Provenance provenance,
      List<Located> stored,
      Shards shards,
      BackgroundWriter writer,
      Limits limits) {
    this.manifest = manifest;
    this.layout = Layout.of(manifest);
    this.provenance = provenance;
    this.stored = new ArrayList<>(stored);
    this.shards = shards;
    this.writer = writer;
    this.limits = limits;
    this.recorded = new ArrayList<>();
    manifest.cells().forEach(cell -> recorded.add(new Coverage()));
    for (Located located : stored) {
      recorded.get(located.range().cell()).add(located.range().first(), located.range().end());
    }
    this.firstRows = new long[manifest.cells().size() + 1];
    for (int c = 0; c < manifest.cells().size(); c++) {
      // More may be recorded than the study asks for now: nothing recorded is dropped.
      long rows = Math.max(manifest.cells().get(c).restarts(), recorded.get(c).end());
      firstRows[c + 1] = firstRows[c] + rows;
    }
  }

  @Override
  public List<Coverage> recorded() {
    return recorded;
  }

  @Override
  public void accept(Outcomes outcomes) {
    List<Block> full = new ArrayList<>();
    synchronized (this) {
      RestartRange range = outcomes.range();
      check(range);
      long blockRows = limits.blockRows(layout);
      for (long row = firstRows[range.cell()] + range.first(), done = 0; done < range.count(); ) {
        long number = row / blockRows;
        long count = Math.min(range.count() - done, (number + 1) * blockRows - row);
        Block block = open.computeIfAbsent(number, this::begin);
        block.slices.add(new Slice(outcomes, (int) done, (int) count));
        block.missing -= count;
        if (block.missing == 0) {
          full.add(open.remove(number));
        }
        row += count;
        done += count;
      }
      recorded.get(range.cell()).add(range.first(), range.end());
      if (open.size() > limits.blocksOpen()) {
        full.addAll(open.values());
        open.clear();
      }
    }
    full.forEach(block -> writer.submit(() -> write(block)));
  }

  private void check(RestartRange range) {
    long planned = firstRows[range.cell() + 1] - firstRows[range.cell()];
    if (range.end() > planned
        || recorded.get(range.cell()).countWithin(range.first(), range.end()) > 0) {
      throw new IllegalArgumentException("restarts not asked for: " + range);
    }
  }

  /** A new block, with as many rows missing as are neither recorded nor beyond the end. */
  private Block begin(long number) {
    long from = number * limits.blockRows(layout);
    long to = Math.min(from + limits.blockRows(layout), firstRows[firstRows.length - 1]);
    Block block = new Block();
    int at = Arrays.binarySearch(firstRows, from);
    for (int c = at >= 0 ? at : -at - 2; c < recorded.size() && firstRows[c] < to; c++) {
      long first = Math.max(from, firstRows[c]) - firstRows[c];
      long end = Math.min(to, firstRows[c + 1]) - firstRows[c];
      block.missing += end - first - recorded.get(c).countWithin(first, end);
    }
    return block;
  }

  /** Runs in the writer's thread alone. */
  private void write(Block block) {
    shards.begin(manifest.text());
    List<Slice> slices = block.slices;
    slices.sort(
        Comparator.<Slice>comparingInt(slice -> slice.range().cell())
            .thenComparingLong(slice -> slice.range().first()));
    List<StoredRange> ranges =
        StoredRange.joined(
            slices.stream()
                .map(Slice::range)
                .map(range ->
                    new StoredRange(
                        manifest.cells().get(range.cell()).identity(), range, provenance))
                .toList());
    Rows rows = new Rows(layout, ranges.stream().map(StoredRange::range).toList());
    int row = 0;
    for (Slice slice : slices) {
      rows.put(slice.outcomes, slice.from, row, slice.count);
      row += slice.count;
    }
    stored.addAll(Located.of(shards.publish(rows, ranges)));
  }

  @Override
  public void flush(double seconds) {
    List<Block> waiting = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      for (Iterator<Block> blocks = open.values().iterator(); blocks.hasNext(); ) {
        Block block = blocks.next();
        if (now - block.begun >= seconds * 1e9) {
          waiting.add(block);
          blocks.remove();
        }
      }
    }
    waiting.forEach(this::write);
  }

  private Union union() {
    return Union.of(stored);
  }

  @Override
  public Tables tables() {
    List<RowFile> shardFiles =
        stored.stream()
            .map(Located::file)
            .filter(file -> shards.path().equals(file.path().getParent()))
            .distinct()
            .toList();
    return RowTables.of(union(), layout, limits, shards, shardFiles);
  }

  @Override
  public void scan(OutcomeVisitor visitor) {
    union().scan(visitor, SCANNED_AT_ONCE);
  }
}
