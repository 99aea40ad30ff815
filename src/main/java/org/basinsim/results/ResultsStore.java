package org.basinsim.results;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Outcomes;

/**
 * The results of one study while they are made. Get one from {@link #open}; see what is {@link
 * #recorded} already, {@link #accept} the rest in any order, {@link #finish}; close in any case.
 *
 * <p>Whatever was written stays, however the process ends: outcomes reach the disk as immutable
 * shards at the latest ten seconds after they came. Writing goes on in a thread of its own. One
 * process at a time has the store of a file.
 */
public final class ResultsStore implements AutoCloseable {
  private final Path file;
  private final Manifest manifest;
  private final Provenance provenance;
  private final StoreLock lock;
  private final Shards shards;
  private final DurableFolder folder;
  private final BackgroundWriter writer = new BackgroundWriter();
  private final Ledger ledger;
  private final List<String> notices;
  private final Found found;
  private final long opened = System.nanoTime();
  private boolean closed;

  private ResultsStore(
      Path file,
      Manifest manifest,
      Provenance provenance,
      boolean mix,
      Limits limits,
      DurableFolder.Witness witness,
      StoreLock lock) {
    this.file = file;
    this.manifest = manifest;
    this.provenance = provenance;
    this.lock = lock;
    this.shards = new Shards(Shards.folder(file), witness);
    this.folder = new DurableFolder(file.getParent(), witness);
    this.notices = new ArrayList<>();
    this.found = Found.of(file, shards, notices);
    found.checkKind(manifest.countsOnly());
    this.ledger =
        manifest.countsOnly()
            ? new PieceLedger(manifest, provenance, found.piecesOf(manifest), shards, limits)
            : new RowLedger(manifest, provenance, found.rowsOf(manifest), shards, writer, limits);
    if (!mix) {
      found.checkProvenance(provenance);
    }
    writer.everySecond(() -> ledger.flush(limits.secondsUnwritten()));
  }

  /**
   * Opens the results of a study, new or begun.
   *
   * @param file where the results will be; its shards lie beside it in {@code FILE.parts/}
   * @param manifest the study
   * @param provenance of the work to come
   * @param mix whether rows of other backends or precisions may stand beside it
   * @throws MismatchedResults where the file belongs to another study, or forbids the mix
   * @throws DamagedResults where the file is none of this program's or damaged
   * @throws InaccessibleResults where it cannot be read or written, or another process has it
   */
  public static ResultsStore open(
      Path file, Manifest manifest, Provenance provenance, boolean mix) {
    return open(file, manifest, provenance, mix, Limits.DEFAULT, DurableFolder.Witness.NONE);
  }

  /** As above, with sizes and a witness that tests choose. */
  static ResultsStore open(
      Path file,
      Manifest manifest,
      Provenance provenance,
      boolean mix,
      Limits limits,
      DurableFolder.Witness witness) {
    Path absolute = file.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute.getParent())) {
      throw new InaccessibleResults(file, "no such folder: " + absolute.getParent());
    }
    StoreLock lock = StoreLock.take(absolute);
    try {
      return new ResultsStore(absolute, manifest, provenance, mix, limits, witness, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What happened to shards on opening: one line each, for the user. */
  public List<String> notices() {
    return List.copyOf(notices);
  }

  /** Recorded restarts, cell by cell. */
  public List<Coverage> recorded() {
    return ledger.recorded();
  }

  /** Whether the results file holds this very study with all that is recorded of it. */
  public boolean finished() {
    return found.finished() && found.study().filter(manifest.text()::equals).isPresent();
  }

  /**
   * Records outcomes of restarts that were not recorded. May wait until earlier ones are on the
   * disk.
   *
   * @throws InaccessibleResults where they cannot be written; what was written before stays
   */
  public void accept(Outcomes outcomes) {
    ledger.accept(outcomes);
  }

  /** Returns when everything accepted is on the disk. */
  public void flush() {
    writer.finish(() -> ledger.flush(0));
  }

  /** Flushes, and shows every recorded outcome. */
  public void scan(OutcomeVisitor visitor) {
    flush();
    ledger.scan(visitor);
  }

  /**
   * Unites everything in the results file, whole or not at all, and clears the shards away. At
   * least one restart must be recorded.
   *
   * @param summaries one a cell
   */
  public void finish(List<CellSummary> summaries) {
    writer.finish(() -> {
      ledger.flush(0);
      Tables tables = ledger.tables();
      double seconds = found.wallSeconds() + (System.nanoTime() - opened) * 1e-9;
      String name = file.getFileName().toString();
      folder.publish(
          name, new FinishedFile(name, manifest, summaries, tables, provenance, seconds));
      shards.keepOnly(tables.parts());
    });
  }

  /** Writes what was accepted, unless writing has failed, and lets go of the file. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!writer.failed()) {
        flush();
      }
    } finally {
      writer.close();
      lock.close();
    }
  }
}
