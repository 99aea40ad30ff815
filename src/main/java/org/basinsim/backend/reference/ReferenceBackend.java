package org.basinsim.backend.reference;

import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/** Scalar doubles on one thread, whatever precision an experiment asks for. */
public final class ReferenceBackend implements Backend {
  private static final int LAUNCH = 256;

  private final List<ReferenceSystem> systems;

  /** The reference for every system of the program. */
  public ReferenceBackend() {
    this(List.of(new ConvReference(), new TwoLayerReference(), new DeepReference()));
  }

  /**
   * @param systems asked in this order
   */
  public ReferenceBackend(List<ReferenceSystem> systems) {
    this.systems = List.copyOf(systems);
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("reference", "reference", "scalar double, one thread");
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    List<ReferenceSystem.Prepared> prepared = experiments.stream().map(this::prepareOne).toList();
    return new Trainer() {
      @Override
      public void train(List<RestartRange> ranges, Sink sink) {
        for (RestartRange range : ranges) {
          trainRange(range, experiments, prepared, sink);
        }
      }

      @Override
      public void close() {}
    };
  }

  private static void trainRange(
      RestartRange range,
      List<? extends Experiment> experiments,
      List<ReferenceSystem.Prepared> prepared,
      Sink sink) {
    long next = range.first();
    while (next < range.end()) {
      long count = Math.min(LAUNCH, range.end() - next);
      RestartRange piece = new RestartRange(range.cell(), next, count);
      Outcomes outcomes = new Outcomes(piece, experiments.get(range.cell()).columns());
      if (!prepared.get(range.cell()).train(outcomes, sink::stopped)) {
        return;
      }
      sink.accept(outcomes);
      next += count;
    }
  }

  private ReferenceSystem.Prepared prepareOne(Experiment experiment) {
    return systems.stream()
        .flatMap(system -> system.prepare(experiment).stream())
        .findFirst()
        .orElseThrow(() ->
            new BackendUnavailable(
                "reference: no system for a " + experiment.getClass().getSimpleName()));
  }

  @Override
  public Probe probe() {
    return new Probe() {
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
        return prepareOne(experiment).gradient(restart);
      }

      @Override
      public double[][] trajectory(Experiment experiment, long restart, int steps) {
        return prepareOne(experiment).trajectory(restart, steps);
      }

      @Override
      public Outcome[] verdicts(Experiment experiment, double[][] starts) {
        return prepareOne(experiment).verdicts(starts);
      }
    };
  }
}
