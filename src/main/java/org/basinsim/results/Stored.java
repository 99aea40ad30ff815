package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Opens the HDF5 files of this program, and says in one line what is wrong with any other. */
final class Stored {
  /** Root attribute {@code format} of a file of results. */
  static final String RESULTS = "basin-results";

  /** Root attribute {@code format} of a shard. */
  static final String SHARD = "basin-shard";

  /** Root attribute {@code format_version}: goes up when older programs cannot read the file. */
  static final int VERSION = 1;

  private Stored() {}

  /**
   * Reads a file while it is open.
   *
   * @param format {@link #RESULTS} or {@link #SHARD}
   * @throws InaccessibleResults where there is no readable file
   * @throws DamagedResults where it is none of this program's, or truncated, or altered
   */
  static <T> T read(Path file, String format, Function<HdfFile, T> reading) {
    checkReadable(file);
    try (HdfFile hdf = new HdfFile(file)) {
      check(file, hdf, format);
      return reading.apply(hdf);
    } catch (DamagedResults | InaccessibleResults e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // The library meets damage with whatever the damaged spot leads to: an altered length asks
      // for more memory than there is, an altered address for itself.
      throw new DamagedResults(
          file, "not a readable HDF5 file, or damaged (" + Lines.reason(e) + ")");
    }
  }

  private static void checkReadable(Path file) {
    if (!Files.exists(file)) {
      throw new InaccessibleResults(file, "no such file");
    }
    if (Files.isDirectory(file)) {
      throw new InaccessibleResults(file, "is a folder, not a results file");
    }
    if (!Files.isReadable(file)) {
      throw new InaccessibleResults(file, "cannot read: permission denied");
    }
    try {
      if (Files.size(file) == 0) {
        throw new DamagedResults(file, "is empty");
      }
    } catch (IOException e) {
      throw new InaccessibleResults(file, "cannot read", e);
    }
  }

  private static void check(Path file, HdfFile hdf, String format) {
    long end = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
    if (hdf.size() < end) {
      throw new DamagedResults(file, "truncated: " + hdf.size() + " bytes are there of " + end);
    }
    if (!format.equals(attribute(hdf, "format"))) {
      throw new DamagedResults(file, "an HDF5 file, but not one of " + format);
    }
    Object version = attribute(hdf, "format_version");
    if (!Integer.valueOf(VERSION).equals(version)) {
      throw new DamagedResults(
          file, "format version " + version + "; this program reads version " + VERSION);
    }
  }

  /** Value of a root attribute; null where there is none. */
  static Object attribute(HdfFile hdf, String name) {
    Attribute attribute = hdf.getAttribute(name);
    return attribute == null ? null : attribute.getData();
  }
}
