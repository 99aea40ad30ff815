package org.basinsim.results;

import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A folder in which files appear whole or not at all: written under a temporary name, read back and
 * verified, forced to the disk, renamed, the folder forced to the disk.
 *
 * @param path the folder
 * @param witness told of each step; tests break off there
 */
record DurableFolder(Path path, Witness witness) {

  /** Ending of files that are not whole yet. */
  static final String TEMPORARY = ".tmp";

  /** What has just happened to a file. */
  enum Step {
    WRITTEN,
    VERIFIED,
    SYNCED,
    RENAMED
  }

  /** Told of each step. */
  interface Witness {
    Witness NONE = (step, file) -> {};

    void reached(Step step, Path file) throws IOException;
  }

  /** What to write. */
  interface Content {
    /** Writes a new file. */
    void write(Path file) throws IOException;

    /** Reads it back; throws {@link DamagedResults} where that is not what was written. */
    void verify(Path file) throws IOException;

    /** The name it shall have. */
    String name(Path file) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param stem name of the temporary file, less its ending
   * @return the file under its final name
   * @throws InaccessibleResults when it cannot be; then nothing has changed
   */
  Path publish(String stem, Content content) {
    Path temporary = path.resolve(stem + TEMPORARY);
    try {
      Files.deleteIfExists(temporary);
      content.write(temporary);
      witness.reached(Step.WRITTEN, temporary);
      content.verify(temporary);
      witness.reached(Step.VERIFIED, temporary);
      force(temporary, StandardOpenOption.WRITE);
      witness.reached(Step.SYNCED, temporary);
      Path file = path.resolve(content.name(temporary));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      witness.reached(Step.RENAMED, file);
      force(path, StandardOpenOption.READ);
      return file;
    } catch (IOException | HdfException e) {
      discard(temporary);
      throw new InaccessibleResults(path.resolve(stem), "cannot write", e);
    } catch (DamagedResults e) {
      // A short write on a full disk is not reported as such; it is seen here.
      discard(temporary);
      throw new InaccessibleResults(
          path.resolve(stem), "what was written reads back differently; is the disk full?");
    }
  }

  private static void force(Path file, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(file, mode)) {
      channel.force(true);
    }
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The folder is gone or read-only: the first failure is the one to report.
    }
  }
}
