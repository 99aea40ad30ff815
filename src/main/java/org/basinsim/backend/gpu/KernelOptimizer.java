package org.basinsim.backend.gpu;

import org.basinsim.model.conv.Optimizer;

/**
 * An optimizer as {@code kernels/optimizer.h} has it: m ← keep m + take g, s ← keep s + take g².
 *
 * @param code BASIN_OPTIMIZER of the text
 * @param remembered numbers of a weight between steps: m, s
 * @param keepMean what is kept of m
 * @param takeMean what of the gradient is added to it
 * @param keepSquare what is kept of s
 * @param takeSquare what of the gradient's square is added to it
 * @param epsilon beside the root of s
 */
record KernelOptimizer(
    int code,
    int remembered,
    double keepMean,
    double takeMean,
    double keepSquare,
    double takeSquare,
    double epsilon) {

  static KernelOptimizer of(Optimizer optimizer) {
    return switch (optimizer) {
      case Optimizer.Gd() -> new KernelOptimizer(0, 0, 0, 1, 0, 0, 0);
      case Optimizer.Momentum(double momentum) -> new KernelOptimizer(1, 1, momentum, 1, 0, 0, 0);
      case Optimizer.AdaGrad(double epsilon) -> new KernelOptimizer(2, 1, 0, 1, 1, 1, epsilon);
      case Optimizer.Adam(double beta1, double beta2, double epsilon) ->
          new KernelOptimizer(3, 2, beta1, 1 - beta1, beta2, 1 - beta2, epsilon);
    };
  }

  /** Its part of a cell's numbers, in the order of {@code conv_cell}; none for plain steps. */
  double[] numbers() {
    if (code == 0) {
      return new double[0];
    }
    return new double[] {
      keepMean, takeMean, keepSquare, takeSquare, epsilon, Math.log(keepMean), Math.log(keepSquare)
    };
  }
}
