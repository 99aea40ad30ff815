package org.basinsim.model.conv;

import java.nio.file.Path;

/**
 * Where inputs come from. Closed forms, the population's and those of projected inputs, are of
 * {@link Gaussian} inputs; {@link SetSplitting} and {@link File} are data sets.
 */
public sealed interface Inputs {

  /** Standard normal, drawn from the experiment's streams. */
  record Gaussian() implements Inputs {}

  /**
   * Normal, with a correlation that falls with the distance in the patch: Z_1 = ξ_1, Z_c = ρ
   * Z_{c−1} + √(1−ρ²) ξ_c, of which each coordinate is standard normal; patches are independent,
   * unless they overlap: then the sequence runs through the whole input.
   *
   * @param correlation ρ between neighbouring coordinates, −1 < ρ < 1
   */
  record Correlated(double correlation) implements Inputs {
    public Correlated {
      if (!(Math.abs(correlation) < 1)) {
        throw new IllegalArgumentException("correlation " + correlation);
      }
    }

    /** √(1−ρ²), the weight of what is new in a coordinate. */
    public double fresh() {
      return Math.sqrt(1 - correlation * correlation);
    }
  }

  /** Independent and uniform on [−√3, √3], of mean 0 and variance 1. */
  record Uniform() implements Inputs {
    /** √3, the largest of them. */
    public static final double LARGEST = Math.sqrt(3);
  }

  /** Independent and −1 or 1, as likely as not. */
  record Rademacher() implements Inputs {}

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
