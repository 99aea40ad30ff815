package org.basinsim.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.basinsim.model.Column;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** Counts alone, of pieces that do not reach across a fixed grid of restart indices. */
final class PieceLedger implements Ledger {
  private final Manifest manifest;
  private final Provenance provenance;
  private final Shards shards;
  private final Limits limits;
  private final List<Piece> stored;
  private final List<Coverage> recorded;
  private List<Piece> unwritten = new ArrayList<>();
  private long begun;

  /**
   * A ledger that goes on.
   *
   * @param stored what is on the disk, under the cell numbers of the study
   */
  PieceLedger(
      Manifest manifest, Provenance provenance, List<Piece> stored, Shards shards, Limits limits) {
    this.manifest = manifest;
    this.provenance = provenance;
    this.shards = shards;
    this.limits = limits;
    this.stored = new ArrayList<>(stored);
    this.recorded = new ArrayList<>();
    manifest.cells().forEach(cell -> recorded.add(new Coverage()));
    for (Piece piece : stored) {
      recorded.get(piece.range().cell()).add(piece.range().first(), piece.range().end());
    }
  }

  @Override
  public List<Coverage> recorded() {
    return recorded;
  }

  @Override
  public synchronized void accept(Outcomes outcomes) {
    RestartRange range = outcomes.range();
    Coverage coverage = recorded.get(range.cell());
    if (coverage.countWithin(range.first(), range.end()) > 0) {
      throw new IllegalArgumentException("restarts not asked for: " + range);
    }
    coverage.add(range.first(), range.end());
    if (unwritten.isEmpty()) {
      begun = System.nanoTime();
    }
    byte[] codes = outcomes.bytes(Column.OUTCOME.name());
    for (long first = range.first(); first < range.end(); ) {
      long grid = limits.pieceRestarts();
      long end = Math.min(range.end(), (first / grid + 1) * grid);
      int from = (int) (first - range.first());
      unwritten.add(
          new Piece(
              new StoredRange(
                  manifest.cells().get(range.cell()).identity(),
                  new RestartRange(range.cell(), first, end - first),
                  provenance),
              count(codes, from, (int) (from + end - first))));
      first = end;
    }
    if (unwritten.size() > 1 << 16) {
      unwritten = new ArrayList<>(joined(unwritten));
    }
  }

  private static List<Long> count(byte[] codes, int from, int to) {
    long[] counts = new long[Outcome.values().length];
    for (int i = from; i < to; i++) {
      counts[codes[i]]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  private List<Piece> joined(List<Piece> pieces) {
    return Piece.union(shards.path(), pieces, limits.pieceRestarts());
  }

  @Override
  public void flush(double seconds) {
    List<Piece> waiting;
    synchronized (this) {
      if (unwritten.isEmpty() || System.nanoTime() - begun < seconds * 1e9) {
        return;
      }
      waiting = joined(unwritten);
      unwritten = new ArrayList<>();
    }
    shards.begin(manifest.text());
    shards.publish(waiting);
    stored.addAll(waiting);
  }

  private PieceTables united() {
    return new PieceTables(joined(stored));
  }

  @Override
  public Tables tables() {
    return united();
  }

  @Override
  public void scan(OutcomeVisitor visitor) {
    united().scan(visitor);
  }
}
