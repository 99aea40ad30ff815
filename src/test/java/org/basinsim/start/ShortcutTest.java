package org.basinsim.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Collector;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Learned;
import org.basinsim.model.conv.StartLaw;
import org.junit.jupiter.api.Test;

/** The network with a shortcut, which learns what is added to it, is one that starts there. */
class ShortcutTest {
  private static final double STEP_SIZE = 0.1;

  private static ConvExperiment experiment(int k, int p, StartLaw.Output output) {
    return ConvCell.learned(k, p, 1)
        .start(new StartLaw(StartLaw.Filter.SHORTCUT, output, 1 / Math.sqrt(k), false))
        .stepSize(STEP_SIZE)
        .build();
  }

  private static double[] gradient(ToDoubleFunction<double[]> f, double[] at) {
    double h = 1e-5;
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] above = at.clone();
      double[] below = at.clone();
      above[i] += h;
      below[i] -= h;
      gradient[i] = (f.applyAsDouble(above) - f.applyAsDouble(below)) / (2 * h);
    }
    return gradient;
  }

  /** Liu et al.: descent on w from 0, of the loss of the network with filter 1/√p·1 + w. */
  @Test
  void statesAreThoseOfDescentOnWhatIsAdded() {
    for (int[] size : new int[][] {{1, 2}, {2, 3}, {13, 17}}) {
      int p = size[1];
      ConvExperiment experiment = experiment(size[0], p, StartLaw.Output.BALL);
      double[] w = new double[p];
      double[] a = new ConvStart(experiment).output(7);
      Backend reference = new ReferenceBackend();
      Backend cpu = new CpuBackend(new WorkSizing(1, 0, 0));
      double[][] expected = new double[11][];
      for (int t = 0; t <= 10; t++) {
        double[] outputs = a.clone();
        double[] added = w.clone();
        expected[t] = experiment.teacher().project(sum(added), outputs).toArray();
        double[] dw = gradient(u -> Learned.loss(experiment.teacher(), sum(u), outputs), added);
        double[] da = gradient(b -> Learned.loss(experiment.teacher(), sum(added), b), outputs);
        for (int c = 0; c < p; c++) {
          w[c] -= STEP_SIZE * dw[c];
        }
        for (int j = 0; j < a.length; j++) {
          a[j] -= STEP_SIZE * da[j];
        }
      }
      double[][] full = reference.probe().trajectory(experiment, 7, 10);
      double[][] reduced = cpu.probe().trajectory(experiment, 7, 10);
      for (int t = 0; t <= 10; t++) {
        // Ten steps of 0.1 with gradients that differences give to 1e-9.
        assertArrayEquals(expected[t], full[t], 1e-8, "step " + t);
        assertArrayEquals(expected[t], reduced[t], 1e-8, "step " + t);
      }
    }
  }

  private static double[] sum(double[] w) {
    return Arrays.stream(w).map(x -> x + 1 / Math.sqrt(w.length)).toArray();
  }

  /**
   * At a = 0 the first step of a goes along the teacher as long as the angle is below 90 degrees.
   */
  @Test
  void fromZeroOutputWeightsDescentFindsTheTeacher() {
    byte[] outcomes =
        Collector.train(
                new CpuBackend(new WorkSizing(1, 0, 0)), experiment(9, 3, StartLaw.Output.ZERO), 5)
            .bytes("outcome");
    for (byte outcome : outcomes) {
      assertEquals(Outcome.GLOBAL.code(), outcome);
    }
  }
}
