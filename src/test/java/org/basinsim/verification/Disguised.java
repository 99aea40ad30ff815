package org.basinsim.verification;

import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;

/** A backend whose answers pass through here; a fault overrides what it spoils. */
public class Disguised implements Backend, Probe {
  private final Backend honest;

  public Disguised(Backend honest) {
    this.honest = honest;
  }

  /** May change the outcomes of a piece. */
  protected void spoil(Experiment experiment, Outcomes piece) {}

  @Override
  public DeviceInfo device() {
    return honest.device();
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    Trainer trainer = honest.prepare(experiments);
    return new Trainer() {
      @Override
      public void train(List<RestartRange> ranges, Sink sink) {
        trainer.train(
            ranges,
            new Sink() {
              @Override
              public void accept(Outcomes piece) {
                spoil(experiments.get(piece.range().cell()), piece);
                sink.accept(piece);
              }

              @Override
              public boolean stopped() {
                return sink.stopped();
              }
            });
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }

  @Override
  public Probe probe() {
    return this;
  }

  @Override
  public int[] words(long key, long stream, int purpose, int step, int count) {
    return honest.probe().words(key, stream, purpose, step, count);
  }

  @Override
  public double[] normals(
      Precision precision, long key, long stream, int purpose, int step, int count) {
    return honest.probe().normals(precision, key, stream, purpose, step, count);
  }

  @Override
  public double[] gradient(Experiment experiment, long restart) {
    return honest.probe().gradient(experiment, restart);
  }

  @Override
  public double[][] trajectory(Experiment experiment, long restart, int steps) {
    return honest.probe().trajectory(experiment, restart, steps);
  }

  @Override
  public Outcome[] verdicts(Experiment experiment, double[][] starts) {
    return honest.probe().verdicts(experiment, starts);
  }
}
