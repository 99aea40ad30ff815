package org.basinsim.results;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Results that do not belong together: recorded by another study, on another device, or rows that
 * disagree. The message is one line, fit to print; the command line ends with exit code 4.
 */
public final class MismatchedResults extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final String recordedStudy;

  MismatchedResults(Path file, String reason) {
    this(file, reason, null);
  }

  private MismatchedResults(Path file, String reason, String recordedStudy) {
    super(file + ": " + Lines.first(reason));
    this.file = file;
    this.recordedStudy = recordedStudy;
  }

  /** Results of a study whose cells are not all cells of the study at hand. */
  static MismatchedResults anotherStudy(Path file, String recordedStudy) {
    return new MismatchedResults(file, "holds results of another study", recordedStudy);
  }

  /**
   * The same refusal with its reason.
   *
   * @param difference the keys that differ, in one line
   */
  public MismatchedResults naming(String difference) {
    return new MismatchedResults(
        file, "holds results of another study: " + difference, recordedStudy);
  }

  /** The TOML text the results were recorded with, where that is what differs. */
  public Optional<String> recordedStudy() {
    return Optional.ofNullable(recordedStudy);
  }
}
