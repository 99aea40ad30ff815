package org.basinsim.model.conv;

import java.nio.file.Path;

/** Where inputs come from. */
public sealed interface Inputs {

  /** Standard normal, drawn from the experiment's streams; online there is nothing else. */
  record Gaussian() implements Inputs {}

  /**
   * Planted instances of set splitting, the hard inputs of BG17; with average output, and the
   * teacher that solves them.
   *
   * @param elements d ≥ 3, elements of the universe; a patch has k·d coordinates
   * @param subsets m ≥ 1; a data set has d + m inputs
   */
  record SetSplitting(int elements, int subsets) implements Inputs {}

  /**
   * Read from a file that holds every data set, one after the other.
   *
   * @param path an HDF5 or CSV file
   * @param dataset name of the HDF5 data set; empty for CSV
   * @param sha256 hash of the numbers, which stands for the file in the identity
   */
  record File(Path path, String dataset, String sha256) implements Inputs {}
}
