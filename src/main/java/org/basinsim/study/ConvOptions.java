package org.basinsim.study;

import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Optimizer;

/** Options of the convolutional network that need whole inputs: their rules, and what they make. */
final class ConvOptions {
  private ConvOptions() {}

  /** Refuses options that do not go with the oracle. */
  static void check(Values cell) {
    checkOptimizer(cell);
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

  /** Whether what student and teacher see of an input is all that a step needs. */
  static boolean projects(Values cell) {
    return plain(cell);
  }

  private static boolean plain(Values cell) {
    return cell.is("descent.optimizer", "gd");
  }

  /** How a cell that passed {@link #check} descends. */
  static Descent descent(Values cell) {
    return new Descent(
        cell.real("descent.step_size"), cell.number("descent.max_steps"), optimizer(cell));
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
