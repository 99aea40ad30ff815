package org.basinsim.campaign;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.basinsim.results.CellSummary;
import org.basinsim.results.Merge;
import org.basinsim.study.Study;

/** Unites the results of one study from several files, with probabilities anew. */
public final class Uniting {
  private Uniting() {}

  /**
   * Writes the united results.
   *
   * @param from results files; duplicates and overlaps count once, the order is of no account
   * @param to a file that does not exist
   * @param reader reads the text of the recorded study
   * @return one summary a cell
   * @throws org.basinsim.results.MismatchedResults where the files are of several studies, or rows
   *     disagree
   */
  public static List<CellSummary> unite(List<Path> from, Path to, Function<String, Study> reader) {
    Merge merge = Merge.of(from);
    Tally tally = new Tally(reader.apply(merge.study()));
    merge.scan(tally);
    List<CellSummary> summaries = tally.summaries(experiment -> Double.NaN);
    merge.write(to, summaries);
    return summaries;
  }
}
