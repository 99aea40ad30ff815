package org.basinsim.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Samples;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;

/**
 * Inputs and labels of over-parameterized networks, by the stream of the data. Get them from {@link
 * #of}; safe for use by several threads.
 *
 * <p>Drawn data: {@code DATA_SET}, stream of the data. Step 0: number c of input i is normal id +
 * c, divided by the norm of its input. Step 1: label i is normal i, or its sign. Step 2: coordinate
 * c of the teacher is normal c. With common streams more samples begin with the fewer, and data are
 * the same at every width.
 */
public final class DeepData {
  private static final int MOST_KEPT = 64;

  /**
   * One data set.
   *
   * @param inputs n × d, row-major
   * @param labels n
   */
  public record Set(double[] inputs, double[] labels) {}

  private final DeepExperiment experiment;
  private final Set read;
  private final Map<Long, Set> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Set> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private DeepData(DeepExperiment experiment) {
    this.experiment = experiment;
    this.read = experiment.samples() instanceof Samples.File file ? read(file) : null;
  }

  /**
   * The data of an experiment; a file is read at once, drawn data when they are asked for.
   *
   * @throws BrokenInputs if the file cannot be read or is no longer the one that the study was made
   *     with
   */
  public static DeepData of(DeepExperiment experiment) {
    return new DeepData(experiment);
  }

  /** The data of a stream; shared, to be read only. */
  public Set set(long dataStream) {
    if (read != null) {
      return read;
    }
    synchronized (kept) {
      return kept.computeIfAbsent(dataStream, this::draw);
    }
  }

  private Set read(Samples.File given) {
    InputFile file = InputFile.read(given.path(), given.dataset());
    if (!file.sha256().equals(given.sha256())) {
      throw new BrokenInputs(given.path() + ": changed since the study was read");
    }
    int d = experiment.network().inputSize();
    double[] inputs = new double[given.count() * d];
    double[] labels = new double[given.count()];
    for (int i = 0; i < labels.length; i++) {
      double[] row = file.numbers(i * (d + 1), d + 1);
      System.arraycopy(row, 0, inputs, i * d, d);
      labels[i] = row[d];
    }
    return new Set(inputs, labels);
  }

  private Set draw(long stream) {
    Samples.Sphere law = (Samples.Sphere) experiment.samples();
    int d = experiment.network().inputSize();
    double[] inputs = normals(stream, 0, law.count() * d);
    for (int i = 0; i < law.count(); i++) {
      double squares = 0;
      for (int c = 0; c < d; c++) {
        squares += inputs[i * d + c] * inputs[i * d + c];
      }
      for (int c = 0; c < d; c++) {
        inputs[i * d + c] /= Math.sqrt(squares);
      }
    }
    return new Set(inputs, labels(law.labels(), inputs, law.count(), stream));
  }

  private double[] labels(Labels law, double[] inputs, int count, long stream) {
    if (law == Labels.TEACHER) {
      return taught(inputs, count, normals(stream, 2, experiment.network().inputSize()));
    }
    double[] labels = normals(stream, 1, count);
    for (int i = 0; i < count && law == Labels.SIGNS; i++) {
      labels[i] = labels[i] < 0 ? -1 : 1;
    }
    return labels;
  }

  private double[] taught(double[] inputs, int count, double[] teacher) {
    Activation activation = experiment.network().activation();
    double scale = Math.sqrt(activation.normalization());
    double[] labels = new double[count];
    for (int i = 0; i < count; i++) {
      double seen = 0;
      for (int c = 0; c < teacher.length; c++) {
        seen += teacher[c] * inputs[i * teacher.length + c];
      }
      labels[i] = scale * activation.value(seen);
    }
    return labels;
  }

  private double[] normals(long stream, int step, int count) {
    double[] normals = new double[count];
    Gaussian.fill(normals, 0, count, experiment.key(), stream, Purpose.DATA_SET, step, 0);
    return normals;
  }
}
