package org.basinsim.study;

import java.util.List;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Optimizer;

/** Options of the convolutional network beside the papers' own: their rules, and what they make. */
final class ConvOptions {
  static final String ELEMENTS = "system.set_splitting.elements";
  static final String SUBSETS = "system.set_splitting.subsets";

  /**
   * Patches up to which restarts in single precision end within 10⁻³ of a minimum: where a gradient
   * of 64 roundoffs is taken for none, at the least curvature, of order 1∕patches.
   */
  private static final long MOST_TOLD_APART = 200;

  private ConvOptions() {}

  /** Refuses options that do not go with the oracle. */
  static void check(Values cell) {
    checkOptimizer(cell);
    checkActivation(cell);
    checkInputs(cell);
    checkShortcut(cell);
    checkSetSplitting(cell);
    checkOverlap(cell);
    ConvNoise.check(cell);
  }

  private static void checkOverlap(Values cell) {
    if (!cell.sound("system.stride", "system.patch_size") || !ConvKeys.overlaps(cell)) {
      return;
    }
    if (cell.sound("system.inputs") && splitsSets(cell)) {
      cell.refuse(
          "system.stride", "the reduction is to patches that do not overlap", "leaving it out");
    }
    if (cell.sound("descent.oracle", "system.patches")
        && cell.is("descent.oracle", "population")
        && cell.precision() == Precision.SINGLE
        && cell.whole("system.patches") > MOST_TOLD_APART) {
      cell.warn(
          "restarts.precision",
          "so many patches make so flat a minimum that some restarts end too far apart to count as"
              + " at one; double precision tells");
    }
  }

  private static void checkOptimizer(Values cell) {
    if (!cell.sound("descent.optimizer", "descent.oracle") || plain(cell)) {
      return;
    }
    if (cell.is("descent.oracle", "population")) {
      cell.refuse(
          "descent.optimizer",
          "population descent is followed in coordinates that only plain steps keep to",
          "\"gd\", or oracle = \"online\" or \"empirical\"");
    } else if (cell.is("descent.oracle", "online")
        && cell.sound("descent.sampling")
        && cell.is("descent.sampling", "projected")) {
      cell.refuse(
          "descent.sampling",
          "optimizer = "
              + Rendering.quoted(cell.word("descent.optimizer"))
              + " needs the inputs themselves",
          "\"direct\", or optimizer = \"gd\"");
    }
  }

  private static void checkActivation(Values cell) {
    if (cell.sound("system.activation", "system.inputs") && !rectifies(cell) && splitsSets(cell)) {
      cell.refuse("system.activation", "the reduction is to a network with ReLU", "\"relu\"");
    }
  }

  private static void checkInputs(Values cell) {
    if (!cell.sound("system.inputs", "descent.oracle")
        || gaussian(cell)
        || cell.is("descent.oracle", "empirical")) {
      return;
    }
    if (splitsSets(cell)) {
      cell.refuse(
          "system.inputs",
          "instances of set splitting are data sets",
          "\"gaussian\", or oracle = \"empirical\"");
    } else if (cell.is("descent.oracle", "population")) {
      cell.refuse(
          "system.inputs",
          "the closed form of the population is of Gaussian inputs",
          "\"gaussian\", or oracle = \"online\" or \"empirical\"");
    } else if (cell.sound("descent.sampling") && cell.is("descent.sampling", "projected")) {
      cell.refuse(
          "descent.sampling",
          "what is drawn of projected inputs is worked out for laws alike in all directions, as"
              + " Gaussian inputs are",
          "\"direct\", or inputs = \"gaussian\"");
    }
  }

  private static void checkShortcut(Values cell) {
    if (!cell.sound("system.shortcut") || !cell.flag("system.shortcut")) {
      return;
    }
    if (cell.sound("system.output") && !ConvKeys.learned(cell)) {
      cell.refuse(
          "system.shortcut",
          "a filter beside a fixed one goes with weight normalization",
          "false, or output = \"learned\"");
    }
    if (cell.sound("start.signs") && cell.is("start.signs", "quadruple")) {
      cell.refuse("start.signs", "a shortcut has one sign", "\"one\"");
    }
  }

  private static void checkSetSplitting(Values cell) {
    if (!cell.sound("system.inputs") || !splitsSets(cell)) {
      return;
    }
    if (cell.sound("system.output") && ConvKeys.learned(cell)) {
      cell.refuse(
          "system.inputs",
          "the reduction is to a network with average output",
          "output = \"average\" with it");
    }
    if (cell.sound("restarts.precision") && cell.is("restarts.precision", "single")) {
      cell.refuse(
          "restarts.precision",
          "instances end at kinks, where single precision finds no zero gradient",
          "\"double\"");
    }
    for (String key : List.of(ELEMENTS, SUBSETS)) {
      if (!cell.given(key)) {
        cell.missing(key, "inputs = \"set-splitting\" need it; allowed: a whole number");
      }
    }
    if (cell.sound("system.patches") && cell.whole("system.patches") < 2) {
      cell.refuse("system.patches", "a single part holds every subset", "2 and more");
    }
    if (cell.sound(ELEMENTS, "system.patches", "system.patch_size")) {
      long size = cell.whole(ELEMENTS) * cell.whole("system.patches");
      if (cell.whole("system.patch_size") != size) {
        cell.refuse(
            "system.patch_size",
            "a patch has a block of elements for each patch",
            size + ", patches × elements");
      }
    }
    if (cell.sound(ELEMENTS, SUBSETS, "descent.samples")
        && cell.given("descent.samples")
        && cell.whole("descent.samples") != samples(cell)) {
      cell.refuse(
          "descent.samples",
          "each element and each subset is an input",
          samples(cell) + ", elements + subsets");
    }
  }

  /** Whether the inputs of a cell are instances of set splitting. */
  static boolean splitsSets(Values cell) {
    return cell.is("system.inputs", "set-splitting");
  }

  /** Where the inputs of a cell come from that reads no file. */
  static Inputs inputs(Values cell) {
    return switch (cell.word("system.inputs")) {
      case "correlated" -> new Inputs.Correlated(cell.real("system.correlation"));
      case "uniform" -> new Inputs.Uniform();
      case "rademacher" -> new Inputs.Rademacher();
      case "set-splitting" -> new Inputs.SetSplitting(cell.number(ELEMENTS), cell.number(SUBSETS));
      default -> new Inputs.Gaussian();
    };
  }

  /** Inputs in a data set that is drawn. */
  static long samples(Values cell) {
    return splitsSets(cell) && cell.sound(ELEMENTS, SUBSETS)
        ? cell.whole(ELEMENTS) + cell.whole(SUBSETS)
        : cell.whole("descent.samples");
  }

  /** Whether what student and teacher see of an input is all that a step needs. */
  static boolean projects(Values cell) {
    return plain(cell) && gaussian(cell);
  }

  /** Whether the law of the inputs is that of the closed forms. */
  static boolean gaussian(Values cell) {
    return cell.is("system.inputs", "gaussian");
  }

  /** Slope of the activation below zero. */
  static double slope(Values cell) {
    return rectifies(cell) ? 0 : cell.real("system.leaky_slope");
  }

  private static boolean rectifies(Values cell) {
    return cell.is("system.activation", "relu");
  }

  private static boolean plain(Values cell) {
    return cell.is("descent.optimizer", "gd");
  }

  /** How a cell that passed {@link #check} descends. */
  static Descent descent(Values cell) {
    return new Descent(
        cell.real("descent.step_size"),
        cell.number("descent.max_steps"),
        optimizer(cell),
        ConvNoise.noise(cell));
  }

  private static Optimizer optimizer(Values cell) {
    return switch (cell.word("descent.optimizer")) {
      case "momentum" -> new Optimizer.Momentum(cell.real("descent.momentum"));
      case "adam" ->
          new Optimizer.Adam(
              cell.real("descent.beta1"), cell.real("descent.beta2"), cell.real("descent.epsilon"));
      case "adagrad" -> new Optimizer.AdaGrad(cell.real("descent.epsilon"));
      default -> new Optimizer.Gd();
    };
  }
}
