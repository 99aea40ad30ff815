package org.basinsim.backend.cpu;

import java.util.Set;
import java.util.zip.CRC32;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;

/** A program that prints the width of vectors and a checksum of rows of every form of descent. */
final class RowsChecksum {
  private RowsChecksum() {}

  public static void main(String[] arguments) {
    System.out.println(FloatLanes.LENGTH + " " + value());
  }

  static long value() {
    CRC32 checksum = new CRC32();
    for (Precision precision : Precision.values()) {
      add(checksum, ConvCell.learned(13, 6, 2).maxSteps(60).precision(precision));
      add(checksum, ConvCell.average(3, 17).near(0.4, 0.4).maxSteps(60).precision(precision));
      add(checksum, ConvCell.learned(3, 5, 1).projected(5).maxSteps(9).precision(precision));
      add(checksum, ConvCell.average(2, 4).projected(3).maxSteps(9).precision(precision));
      add(checksum, ConvCell.learned(3, 5, 1).direct(3, 17).maxSteps(5).precision(precision));
      add(checksum, ConvCell.learned(3, 5, 1).direct(3, 1).maxSteps(5).precision(precision));
      add(checksum, ConvCell.average(2, 4).empirical(7, 3).maxSteps(5).precision(precision));
    }
    add(
        checksum,
        // Fewer students than teachers: every restart ends, and soon.
        new TwoLayerExperiment(
            5,
            3,
            0.1,
            400,
            new TwoLayerRule(1e-3, 1e-3),
            Set.of(Recorded.values()),
            7,
            Streams.INDEPENDENT),
        "loss",
        "gradient");
    return checksum.getValue();
  }

  private static void add(CRC32 checksum, ConvCell cell) {
    add(checksum, cell.recordAll().build(), "loss", "angle", "start_angle", "final_filter_norm");
  }

  private static void add(CRC32 checksum, Experiment experiment, String... columns) {
    // No multiple of a vector length.
    Outcomes rows = new Outcomes(new RestartRange(0, 3, 37), experiment.columns());
    if (!CpuBackend.descent(experiment).train(rows, () -> false)) {
      throw new AssertionError("nobody stopped it");
    }
    for (int row = 0; row < rows.rows(); row++) {
      checksum.update(rows.bytes("outcome")[row]);
      checksum.update(rows.ints("steps")[row] & 255);
      for (String column : columns) {
        long bits = Double.doubleToRawLongBits(rows.reals(column)[row]);
        for (int shift = 0; shift < 64; shift += 8) {
          checksum.update((int) (bits >>> shift) & 255);
        }
      }
    }
  }
}
