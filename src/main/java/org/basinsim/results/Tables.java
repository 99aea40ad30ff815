package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.Set;

/** What was recorded of the restarts, as it stands in a results file. */
interface Tables {

  /** Writes the tables. */
  void write(WritableGroup file);

  /** Throws {@link DamagedResults} unless the file holds them. */
  void verify(Path path, HdfFile file);

  /** Parts that the results file refers to. */
  Set<Path> parts();
}
