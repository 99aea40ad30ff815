package org.basinsim.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Oracle;

/**
 * The data sets of an experiment with the empirical oracle. Get them from {@link #of}; safe for use
 * by several threads.
 */
public final class DataSets {
  private final ConvExperiment experiment;
  private final int length;
  private final InputFile file;
  private final Map<Integer, double[]> cache;

  private DataSets(ConvExperiment experiment, Oracle.Empirical oracle) {
    this.experiment = experiment;
    this.length = Math.multiplyExact(oracle.samples(), experiment.inputSize());
    this.file = experiment.inputs() instanceof Inputs.File given ? read(given) : null;
    this.cache = leastRecentlyUsed(mostCached(length));
  }

  /**
   * The data sets of an experiment; a file is read at once, drawn ones when they are asked for.
   *
   * @throws BrokenInputs if the file cannot be read or is no longer the one that the study was made
   *     with
   * @throws IllegalArgumentException if the oracle is another one
   */
  public static DataSets of(ConvExperiment experiment) {
    if (experiment.oracle() instanceof Oracle.Empirical oracle) {
      return new DataSets(experiment, oracle);
    }
    throw new IllegalArgumentException("no data sets with oracle " + experiment.oracle().word());
  }

  /**
   * The inputs of a data set, row-major [sample][number], patch after patch where they do not
   * overlap. Drawn inputs depend on the key of the experiment and on the data set alone, and a
   * longer data set begins with the shorter one.
   *
   * @param dataSet from 0
   * @return samples·input size numbers; shared, to be read only
   */
  public double[] inputs(int dataSet) {
    synchronized (cache) {
      return cache.computeIfAbsent(dataSet, this::make);
    }
  }

  private double[] make(int dataSet) {
    if (file != null) {
      return file.numbers(dataSet * length, length);
    }
    return DrawnInputs.of(experiment, dataSet, length);
  }

  private static InputFile read(Inputs.File given) {
    InputFile file = InputFile.read(given.path(), given.dataset());
    if (!file.sha256().equals(given.sha256())) {
      throw new BrokenInputs(given.path() + ": changed since the study was read");
    }
    return file;
  }

  /** Data sets that fit in a quarter of the memory this program may use, at least one. */
  private static int mostCached(int length) {
    long numbers = Runtime.getRuntime().maxMemory() / 4 / Double.BYTES;
    return Math.clamp(numbers / length, 1, Integer.MAX_VALUE);
  }

  private static Map<Integer, double[]> leastRecentlyUsed(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, double[]> eldest) {
        return size() > most;
      }
    };
  }
}
