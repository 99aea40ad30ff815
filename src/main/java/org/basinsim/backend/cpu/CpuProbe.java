package org.basinsim.backend.cpu;

import java.util.Arrays;
import org.basinsim.backend.Probe;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/** Answers the small questions with the code that trains. */
final class CpuProbe implements Probe {

  @Override
  public int[] words(long key, long stream, int purpose, int step, int count) {
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = Philox.word(key, stream, Purpose.of(purpose), step, i);
    }
    return words;
  }

  @Override
  public double[] normals(
      Precision precision, long key, long stream, int purpose, int step, int count) {
    double[] normals = new double[count];
    Gaussian.fill(normals, 0, count, key, stream, Purpose.of(purpose), step, 0);
    return normals;
  }

  @Override
  public double[] gradient(Experiment experiment, long restart) {
    return CpuBackend.descent(experiment).gradient(restart);
  }

  @Override
  public double[][] trajectory(Experiment experiment, long restart, int steps) {
    return CpuBackend.descent(experiment).trajectory(restart, steps);
  }

  @Override
  public Outcome[] verdicts(Experiment experiment, double[][] starts) {
    ConvExperiment conv = (ConvExperiment) experiment;
    LearnedReduction reduction = new LearnedReduction(conv.teacher(), conv.stepSize());
    return Arrays.stream(starts)
        .map(start -> reduction.descend(ConvState.of(start), conv.maxSteps()))
        .toArray(Outcome[]::new);
  }
}
