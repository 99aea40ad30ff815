package org.basinsim.backend.reference;

import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Optimizer;

/** One restart's optimizer: turns gradients into steps, with what it remembers between them. */
final class WeightSteps {
  private final double stepSize;
  private final Optimizer optimizer;

  /** m of {@link Optimizer}. */
  private final double[] mean;

  /** s of {@link Optimizer}. */
  private final double[] square;

  /**
   * @param weights length of the gradients
   */
  WeightSteps(Descent descent, int weights) {
    this.stepSize = descent.stepSize();
    this.optimizer = descent.optimizer();
    this.mean = new double[weights];
    this.square = new double[weights];
  }

  /**
   * What to subtract from the weights; to be asked once for every step.
   *
   * @param gradient the gradient
   * @param step its number, from 0
   */
  double[] after(double[] gradient, int step) {
    double[] change = new double[gradient.length];
    for (int i = 0; i < gradient.length; i++) {
      change[i] = stepSize * direction(i, gradient[i], step + 1);
    }
    return change;
  }

  private double direction(int i, double g, int t) {
    switch (optimizer) {
      case Optimizer.Gd() -> {
        return g;
      }
      case Optimizer.Momentum(double momentum) -> {
        mean[i] = momentum * mean[i] + g;
        return mean[i];
      }
      case Optimizer.AdaGrad(double epsilon) -> {
        square[i] += g * g;
        return g / (Math.sqrt(square[i]) + epsilon);
      }
      case Optimizer.Adam(double beta1, double beta2, double epsilon) -> {
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        // Math.pow may differ by an ulp between interpreted and compiled code, StrictMath not.
        double m = mean[i] / (1 - StrictMath.pow(beta1, t));
        double s = square[i] / (1 - StrictMath.pow(beta2, t));
        return m / (Math.sqrt(s) + epsilon);
      }
    }
  }
}
