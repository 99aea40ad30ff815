package org.basinsim.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.basinsim.data.BrokenInputs;
import org.basinsim.data.InputFile;

/**
 * What a file of inputs means to one cell.
 *
 * @param dataset name of the HDF5 data set; empty for CSV
 * @param samples inputs in a data set
 * @param dataSets number of data sets, one after the other
 * @param sha256 of shape and numbers
 */
record ConvInputs(String dataset, int samples, int dataSets, String sha256) {
  static final String FILE = "system.inputs.file";
  static final String DATASET = "system.inputs.dataset";

  /** What a file says; its numbers are forgotten until somebody trains on them. */
  private record Facts(int[] shape, String sha256, Optional<String> wrong) {}

  /** The inputs of a cell that passed {@link #check}. */
  static ConvInputs of(Values cell) {
    Facts facts = facts(cell);
    int[] shape = facts.shape();
    boolean divided = shape.length == 4;
    int rows = rows(shape);
    int dataSets = 1;
    if (divided) {
      dataSets = shape[0];
    } else if (cell.given("descent.data_sets")) {
      dataSets = cell.number("descent.data_sets");
    } else if (cell.given("descent.samples")) {
      dataSets = Math.max(1, rows / cell.number("descent.samples"));
    }
    return new ConvInputs(dataset(cell), rows / dataSets, dataSets, facts.sha256());
  }

  /**
   * Refuses a file that cannot be read or has another shape than the cell asks for.
   *
   * @return the inputs, where nothing is wrong with them
   */
  static Optional<ConvInputs> check(Values cell) {
    Facts facts = facts(cell);
    if (facts.wrong().isPresent()) {
      cell.refuse(FILE, facts.wrong().get(), "a file of inputs");
      return Optional.empty();
    }
    int patches = cell.number("system.patches");
    int patchSize = cell.number("system.patch_size");
    int[] shape = facts.shape();
    boolean overlaps = ConvKeys.overlaps(cell);
    if (overlaps) {
      long size = (patches - 1L) * cell.whole("system.stride") + patchSize;
      if (shape.length != 2 || shape[1] != size) {
        cell.refuse(
            FILE,
            "its inputs have shape " + InputFile.show(shape),
            "a shape [inputs, " + size + "], as patches, patch_size and stride say");
        return Optional.empty();
      }
    } else if (!fits(shape, patches, patchSize)) {
      cell.refuse(
          FILE,
          "its inputs have shape " + InputFile.show(shape),
          "a shape that ends in ["
              + patches
              + ", "
              + patchSize
              + "] or ["
              + (long) patches * patchSize
              + "], as patches and patch_size say");
      return Optional.empty();
    }
    ConvInputs inputs = of(cell);
    int rows = rows(shape);
    boolean whole = inputs.samples() * inputs.dataSets() == rows;
    if (differs(cell, "descent.data_sets", inputs.dataSets())
        || cell.given("descent.data_sets") && !whole) {
      cell.refuse(
          "descent.data_sets",
          FILE + " has shape " + InputFile.show(shape),
          shape.length == 4 ? Integer.toString(shape[0]) : "a divisor of " + rows);
      return Optional.empty();
    }
    if (differs(cell, "descent.samples", inputs.samples()) || !whole) {
      cell.refuse(
          "descent.samples",
          FILE + " has shape " + InputFile.show(shape),
          shape.length == 4 ? Integer.toString(shape[1]) : "a divisor of " + rows);
      return Optional.empty();
    }
    return Optional.of(inputs);
  }

  private static boolean differs(Values cell, String key, int value) {
    return cell.given(key) && cell.whole(key) != value;
  }

  private static int rows(int[] shape) {
    return shape.length == 4 ? shape[0] * shape[1] : shape[0];
  }

  private static boolean fits(int[] shape, int patches, int patchSize) {
    int last = shape[shape.length - 1];
    return shape.length == 2
        ? last == (long) patches * patchSize
        : last == patchSize && shape[shape.length - 2] == patches;
  }

  private static Facts facts(Values cell) {
    Path path = cell.path(FILE);
    String dataset = dataset(cell);
    return cell.once(List.of(path, dataset), () -> read(path, dataset));
  }

  private static Facts read(Path path, String dataset) {
    try {
      InputFile file = InputFile.read(path, dataset);
      return new Facts(file.shape(), file.sha256(), Optional.empty());
    } catch (BrokenInputs e) {
      return new Facts(new int[0], "", Optional.of(e.getMessage()));
    }
  }

  private static String dataset(Values cell) {
    return InputFile.isCsv(cell.path(FILE)) ? "" : cell.word(DATASET);
  }
}
