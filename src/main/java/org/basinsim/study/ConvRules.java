package org.basinsim.study;

import java.util.Arrays;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Overlap;

/** What does not go together in a study of the convolutional network. */
final class ConvRules {
  /** Normals are numbered by lanes of four, in 32 bits of which the sign is left free. */
  private static final long MOST_NORMALS = 4L * Integer.MAX_VALUE;

  /** Numbers in all data sets of a cell: 2 GiB in double precision. */
  private static final long MOST_INPUTS = 1L << 28;

  private final Values cell;

  private ConvRules(Values cell) {
    this.cell = cell;
  }

  static void check(Values cell) {
    ConvRules rules = new ConvRules(cell);
    rules.checkNetwork();
    rules.checkFilter();
    rules.checkOutput();
    rules.checkStart();
    rules.checkStepSize();
    rules.checkOnline();
    rules.checkEmpirical();
    ConvOptions.check(cell);
  }

  private void checkNetwork() {
    if (cell.sound("system.stride", "system.patch_size", "system.output")) {
      checkStride(cell.whole("system.stride"), cell.whole("system.patch_size"));
    }
    if (cell.sound("system.weight_normalization", "system.output")) {
      boolean learned = ConvKeys.learned(cell);
      if (cell.flag("system.weight_normalization") != learned) {
        cell.refuse(
            "system.weight_normalization",
            "does not go with output = " + Rendering.quoted(cell.word("system.output")),
            Boolean.toString(learned));
      }
    }
  }

  private void checkStride(long stride, long patchSize) {
    if (stride > patchSize) {
      cell.refuse(
          "system.stride",
          "numbers between patches are seen by none: the same in law as no overlap",
          "up to " + patchSize + ", the patch size");
    } else if (stride < patchSize && ConvKeys.learned(cell)) {
      cell.refuse(
          "system.stride",
          "overlapping patches have a closed form with average output only",
          patchSize + ", the patch size, or output = \"average\"");
    }
  }

  private void checkFilter() {
    if (cell.given("teacher.filter")) {
      refuseBeside("teacher.filter", "teacher.filter_norm");
      checkVector("teacher.filter", "system.patch_size");
    }
  }

  private void checkOutput() {
    if (!cell.sound("system.output")) {
      return;
    }
    if (!ConvKeys.learned(cell)) {
      if (cell.given("teacher.output")) {
        cell.refuse(
            "teacher.output",
            "average output gives each patch the weight 1/patches",
            "leaving it out, or output = \"learned\"");
      }
    } else if (cell.given("teacher.output")) {
      refuseBeside("teacher.output", "teacher.output_norm");
      refuseBeside("teacher.output", "teacher.output_ratio");
      checkVector("teacher.output", "system.patches");
    } else if (!cell.given("teacher.output_ratio")) {
      cell.missing(
          "teacher.output_ratio",
          "learned output needs the teacher's (1ᵀa*)² / ‖a*‖²; allowed: a number from 0 to"
              + " patches");
    } else if (cell.sound("teacher.output_ratio", "system.patches")) {
      checkRatio(cell.real("teacher.output_ratio"), cell.whole("system.patches"));
    }
  }

  private void checkRatio(double ratio, long patches) {
    if (patches == 1 && ratio != 1) {
      cell.refuse("teacher.output_ratio", "a single patch has the ratio 1", "1");
    } else if (ratio > patches) {
      cell.refuse(
          "teacher.output_ratio",
          "no output weights of " + patches + " patches have it",
          "a number from 0 to " + patches);
    }
  }

  private void refuseBeside(String vector, String scalar) {
    if (cell.given(scalar)) {
      cell.refuse(scalar, vector + " already says it", "one of the two");
    }
  }

  private void checkVector(String key, String length) {
    if (!cell.sound(key)) {
      return;
    }
    double[] vector = cell.vector(key);
    if (cell.sound(length) && vector.length != cell.whole(length)) {
      cell.refuse(
          key,
          "has " + vector.length + " entries",
          cell.whole(length) + ", as " + length + " says");
    }
    double norm = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    if (norm < ConvKeys.NORM.least() || norm > ConvKeys.NORM.most()) {
      cell.refuse(key, "its norm is " + Rendering.number(norm), ConvKeys.NORM.allowed());
    }
  }

  private void checkStart() {
    if (cell.sound("start.signs", "system.output")
        && cell.is("start.signs", "quadruple")
        && !ConvKeys.learned(cell)) {
      cell.refuse("start.signs", "average output has no output weights to flip", "\"one\"");
    }
    if (cell.sound("start.signs", "descent.oracle")
        && cell.is("start.signs", "quadruple")
        && cell.is("descent.oracle", "empirical")) {
      cell.refuse(
          "start.signs", "the four of a quadruple would see different data sets", "\"one\"");
    }
  }

  private void checkStepSize() {
    if (!cell.sound("descent.step_size", "descent.oracle", "system.output", "system.patches")
        || cell.is("descent.oracle", "empirical")
        || cell.sound("system.inputs") && !ConvOptions.gaussian(cell)) {
      return;
    }
    double stepSize = cell.real("descent.step_size");
    int patches = cell.number("system.patches");
    boolean learned = ConvKeys.learned(cell);
    double slope =
        cell.sound("system.activation", "system.leaky_slope") ? ConvOptions.slope(cell) : 0;
    double divergent = divergentStepSize(patches, learned, slope);
    double largest = LearnedReduction.largestVerdictStepSize(slope);
    if (stepSize >= divergent) {
      cell.refuse(
          "descent.step_size",
          "descent diverges at patches = " + patches,
          "less than " + Rendering.number(divergent));
    } else if (learned
        && stepSize > largest
        && cell.is("descent.oracle", "population")
        && !ConvNoise.given(cell)
        && cell.is("outcome.stop", "verdict")) {
      cell.refuse(
          "descent.step_size",
          "no verdict is certain with so large a step",
          "up to " + Rendering.number(largest) + ", or outcome.stop = \"accuracy\"");
    }
  }

  private double divergentStepSize(int patches, boolean learned, double slope) {
    if (learned) {
      return LearnedReduction.divergentStepSize(patches, slope);
    }
    if (!ConvKeys.overlaps(cell)) {
      return Average.divergentStepSize(patches, slope);
    }
    // A teacher that its own check refused says nothing about step sizes.
    boolean given = cell.given("teacher.filter");
    boolean sound = cell.sound(given ? "teacher.filter" : "teacher.filter_norm");
    if (!sound
        || given && cell.vector("teacher.filter").length != cell.whole("system.patch_size")) {
      return Double.POSITIVE_INFINITY;
    }
    return new Overlap(ConvKind.teacher(cell), cell.number("system.stride"), new Activation(slope))
        .divergentStepSize();
  }

  private void checkOnline() {
    boolean online = cell.sound("descent.oracle") && cell.is("descent.oracle", "online");
    if (online
        && cell.sound("descent.sampling", "system.output")
        && cell.is("descent.sampling", "projected")
        && ConvKeys.overlaps(cell)) {
      cell.refuse(
          "descent.sampling",
          "patches that overlap are not independent: they need the inputs themselves",
          "\"direct\", or stride = patch_size");
    }
    if (online
        && cell.sound("descent.sampling", "descent.share")
        && cell.is("descent.sampling", "projected")
        && cell.whole("descent.share") > 1) {
      cell.refuse(
          "descent.sampling",
          "restarts that share inputs (share = "
              + cell.whole("descent.share")
              + ") need the inputs themselves",
          "\"direct\", or share = 1");
    }
    if (online && cell.sound("descent.batch", "system.patches", "system.patch_size")) {
      long input = ConvKeys.inputSize(cell);
      if (cell.whole("descent.batch") * input > MOST_NORMALS) {
        cell.refuse(
            "descent.batch",
            "a step would draw more than " + MOST_NORMALS + " normals",
            "up to " + MOST_NORMALS / input + " inputs of " + input + " numbers");
      }
    }
  }

  private void checkEmpirical() {
    if (!cell.sound("descent.oracle")) {
      return;
    }
    if (!cell.is("descent.oracle", "empirical")) {
      if (cell.given(ConvInputs.FILE)) {
        cell.refuse(
            ConvInputs.FILE,
            "oracle = " + Rendering.quoted(cell.word("descent.oracle")) + " uses no data sets",
            "leaving it out, or oracle = \"empirical\"");
      }
      return;
    }
    if (cell.sound("descent.sampling") && cell.is("descent.sampling", "projected")) {
      cell.refuse("descent.sampling", "data sets need the inputs themselves", "\"direct\"");
    }
    if (!cell.sound(
        "system.patches", "system.patch_size", "descent.samples", "descent.data_sets")) {
      return;
    }
    if (cell.given(ConvInputs.FILE)) {
      if (cell.sound(ConvInputs.FILE, ConvInputs.DATASET)) {
        ConvInputs.check(cell).ifPresent(this::checkRead);
      }
    } else {
      checkDrawn();
    }
  }

  private void checkRead(ConvInputs inputs) {
    double numbers =
        (double) inputs.samples() * cell.whole("system.patches") * cell.whole("system.patch_size");
    if (numbers > MOST_INPUTS) {
      cell.refuse(
          ConvInputs.FILE,
          "the patches of a data set hold more than " + MOST_INPUTS + " numbers (2 GiB)",
          "fewer inputs, or a larger stride");
    }
    warnFew(ConvInputs.FILE, inputs.samples());
  }

  private void checkDrawn() {
    long patches = cell.whole("system.patches");
    long patchSize = cell.whole("system.patch_size");
    long samples = ConvOptions.samples(cell);
    // Backends write patches out where they overlap.
    double numbers = (double) samples * patches * patchSize * cell.whole("descent.data_sets");
    if (numbers > MOST_INPUTS) {
      cell.refuse(
          "descent.samples",
          "the patches of all data sets hold more than " + MOST_INPUTS + " numbers (2 GiB)",
          "fewer samples or data sets");
    }
    warnFew("descent.samples", samples);
  }

  private void warnFew(String key, long samples) {
    long parameters = cell.whole("system.patches") + cell.whole("system.patch_size");
    if (samples <= parameters) {
      cell.warn(
          key,
          samples
              + " inputs for "
              + parameters
              + " parameters: zero training loss need not mean the teacher");
    }
  }
}
