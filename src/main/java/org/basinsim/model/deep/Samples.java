package org.basinsim.model.deep;

import java.nio.file.Path;

/** Where the n inputs and their labels come from. */
public sealed interface Samples {

  /** n. */
  int count();

  /**
   * Inputs uniform on the unit sphere of R^d.
   *
   * @param count n ≥ 1
   * @param labels law of the labels
   */
  record Sphere(int count, Labels labels) implements Samples {}

  /**
   * Read from a file: one input a row, its label behind it.
   *
   * @param path an HDF5 or CSV file
   * @param dataset name of the HDF5 data set; empty for CSV
   * @param sha256 hash of shape and numbers, which stands for the file in the identity
   * @param count n
   */
  record File(Path path, String dataset, String sha256, int count) implements Samples {}
}
