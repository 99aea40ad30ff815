package org.basinsim.backend.cpu;

import java.util.Arrays;
import org.basinsim.backend.Probe;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/** Answers the small questions with the code that trains. */
final class CpuProbe implements Probe {

  @Override
  public int[] words(long key, long stream, int purpose, int step, int count) {
    int length = FloatLanes.LENGTH;
    int[] c0 = new int[length];
    int[] c1 = new int[length];
    int[] c2 = new int[length];
    int[] c3 = new int[length];
    Arrays.fill(c1, step);
    Arrays.fill(c2, Philox.streamLow(stream));
    Arrays.fill(c3, Philox.streamHigh(stream, Purpose.of(purpose)));
    float[] block = new float[FloatLanes.BLOCK];
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      int lane = i / 4 % length;
      if (i % FloatLanes.BLOCK == 0) {
        int first = i / 4;
        Arrays.setAll(c0, l -> first + l);
        PhiloxLanes.words(block, 0, 1, key, c0, 0, c1, c2, c3);
      }
      words[i] = Float.floatToRawIntBits(block[i % 4 * length + lane]);
    }
    return words;
  }

  @Override
  public double[] normals(
      Precision precision, long key, long stream, int purpose, int step, int count) {
    double[] normals = new double[count];
    if (precision == Precision.DOUBLE) {
      DoubleDraws.fillNormals(normals, 0, count, key, stream, Purpose.of(purpose), step, 0);
      return normals;
    }
    float[] single = new float[count];
    FloatDraws.fillNormals(single, 0, count, key, stream, Purpose.of(purpose), step, 0);
    for (int i = 0; i < count; i++) {
      normals[i] = single[i];
    }
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
    return PopulationDescent.verdicts((ConvExperiment) experiment, starts);
  }
}
