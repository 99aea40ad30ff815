package org.basinsim.study;

import static org.basinsim.study.Key.off;
import static org.basinsim.study.Key.required;
import static org.basinsim.study.Key.standard;

import java.util.List;

/** The keys of the convolutional network. */
final class ConvKeys {
  /** A million patches would still be no network anybody trains from random starts. */
  private static final int LARGEST = 1 << 16;

  /** Teachers are of order one; beyond this range even a fit counts as diverged. */
  static final Form.Real NORM = new Form.Real(1e-3, 1e3);

  /** Not 1: what is kept for ever is no mean, and what is never bent no activation. */
  private static final Form.Real SHARE = new Form.Real(0, 0.999999);

  private static final Form.Real SMALL = new Form.Real(1e-12, 1);
  private static final Form.Real RADIUS = new Form.Real(0, 1e3);
  private static final Form.Real KEPT = new Form.Real(1e-6, 1);
  private static final Form.Real ENTRY = new Form.Real(-1e3, 1e3);

  static final List<Key> ALL =
      List.of(
          required("system.patches", new Form.Whole(1, LARGEST), "the number of patches, k"),
          standard("system.patch_size", new Form.Whole(2, LARGEST), 6L, "inputs of a patch, p"),
          off(
              "system.stride",
              new Form.Whole(1, LARGEST),
              "from patch to patch, at most the patch size, which it is if left out"),
          standard(
              "system.output",
              Form.Word.of("learned", "average"),
              "learned",
              "what stands behind the hidden layer"),
          off(
              "system.weight_normalization",
              new Form.Flag(),
              "true with learned output, false with average"),
          standard(
              "system.activation",
              Form.Word.of("relu", "leaky-relu"),
              "relu",
              "of the hidden layer"),
          standard("system.leaky_slope", SHARE, 0.01, "of leaky-relu, below zero"),
          standard(
              "system.inputs",
              Form.Word.of("gaussian", "correlated", "uniform", "rademacher", "set-splitting"),
              "gaussian",
              "law of the inputs"),
          off(
              ConvInputs.FILE,
              new Form.FilePath("the path of an HDF5 or CSV file"),
              "inputs from a file"),
          standard(
              ConvInputs.DATASET,
              new Form.Text("\\P{Cntrl}{1,1000}", "the name of a data set in the file"),
              "/inputs",
              "of an HDF5 file"),
          standard(
              "system.correlation",
              new Form.Real(-0.999999, 0.999999),
              0.5,
              "of correlated inputs, between neighbouring coordinates"),
          standard(
              "system.shortcut",
              new Form.Flag(),
              false,
              "whether a filter that starts at 0 is added to 1/√p·1"),
          off(ConvOptions.ELEMENTS, new Form.Whole(3, LARGEST), "of a set-splitting instance"),
          off(ConvOptions.SUBSETS, new Form.Whole(1, 1 << 24), "of a set-splitting instance"),
          standard("teacher.filter_norm", NORM, 1.0, "‖w*‖"),
          standard("teacher.output_norm", NORM, 1.0, "‖a*‖"),
          off("teacher.output_ratio", new Form.Real(0, LARGEST), "(1ᵀa*)² / ‖a*‖², 0 to patches"),
          off("teacher.filter", new Form.Vector(ENTRY), "w*, written out"),
          off("teacher.output", new Form.Vector(ENTRY), "a*, written out"),
          standard("start.filter", Form.Word.of("sphere", "cube", "normal"), "sphere", "law of v"),
          standard(
              "start.output", Form.Word.of("ball", "sphere", "normal", "zero"), "ball", "law of a"),
          standard(
              "start.output_radius",
              new Form.RealOr(new Form.Real(0, 1e6), Form.Word.of("paper")),
              "paper",
              "of the ball"),
          standard(
              "start.signs",
              Form.Word.of("one", "quadruple"),
              "one",
              "whether each start comes with all four signs"),
          standard(
              "start.sampling",
              new Form.Word(List.of("random"), List.of("sobol")),
              "random",
              "how starts are drawn"),
          standard(
              "descent.oracle",
              Form.Word.of("population", "online", "empirical"),
              "population",
              "where gradients come from"),
          off(
              "descent.sampling",
              Form.Word.of("projected", "direct"),
              "how an online batch is drawn; projected where valid"),
          standard("descent.batch", new Form.Whole(1, 1 << 24), 128L, "inputs a step"),
          standard("descent.share", new Form.Whole(1, 1 << 20), 1L, "restarts that share a stream"),
          standard("descent.samples", new Form.Whole(1, 1 << 24), 1000L, "inputs in a data set"),
          standard("descent.data_sets", new Form.Whole(1, 1 << 20), 16L, "number of data sets"),
          standard(
              "descent.optimizer",
              Form.Word.of("gd", "momentum", "adam", "adagrad"),
              "gd",
              "how a gradient becomes a step"),
          standard("descent.momentum", SHARE, 0.9, "of momentum, what a step keeps of the last"),
          standard("descent.beta1", SHARE, 0.9, "of adam, what its mean keeps of a step"),
          standard("descent.beta2", SHARE, 0.999, "of adam, what its mean square keeps of a step"),
          standard("descent.epsilon", SMALL, 1e-8, "of adam and adagrad"),
          standard("descent.step_size", new Form.Real(1e-12, 1e3), 0.05, "η"),
          standard(
              "descent.max_steps", new Form.Whole(1, Integer.MAX_VALUE - 1), 40000L, "step budget"),
          off(ConvNoise.FILTER, RADIUS, "ρ_w of the ball that perturbs filters"),
          off(ConvNoise.OUTPUT, RADIUS, "ρ_a of the ball that perturbs output weights"),
          off(ConvNoise.DECAY, KEPT, "what both radii keep from epoch to epoch"),
          off(ConvNoise.STEP_DECAY, KEPT, "what the step size keeps from epoch to epoch"),
          off(ConvNoise.EPOCH, new Form.Whole(1, Integer.MAX_VALUE - 1), "steps of an epoch"),
          standard(
              "outcome.stop",
              Form.Word.of("verdict", "accuracy"),
              "verdict",
              "what ends a population restart"),
          standard("outcome.angle", SMALL, 0.05, "near the teacher, in radians"),
          standard("outcome.output", SMALL, 0.1, "near a target, relative"),
          standard("outcome.distance", SMALL, 0.05, "near the teacher, relative"),
          standard("outcome.loss", SMALL, 1e-6, "training loss that counts as zero, relative"),
          standard("outcome.gradient", SMALL, 1e-6, "gradient that counts as zero, relative"));

  private ConvKeys() {}

  /** Whether the output weights of a cell are learned; ask for a sound {@code system.output}. */
  static boolean learned(Values cell) {
    return cell.is("system.output", "learned");
  }

  /** Whether neighbouring patches of a cell have inputs in common. */
  static boolean overlaps(Values cell) {
    return cell.sound("system.stride", "system.patch_size")
        && cell.whole("system.stride") < cell.whole("system.patch_size");
  }

  /** Numbers of an input: of its patches, those that they share once. */
  static long inputSize(Values cell) {
    long patches = cell.whole("system.patches");
    long size = cell.whole("system.patch_size");
    return overlaps(cell) ? (patches - 1) * cell.whole("system.stride") + size : patches * size;
  }
}
