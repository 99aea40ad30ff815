package org.basinsim.backend.cpu;

import java.util.EnumSet;
import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;

/** The experiments that are checked and timed. */
final class Work {
  private Work() {}

  static Oracle population() {
    return new Oracle.Population();
  }

  static Oracle projected(int batch) {
    return new Oracle.Online(true, batch, 1);
  }

  static Oracle direct(int batch, int share) {
    return new Oracle.Online(false, batch, share);
  }

  static Oracle empirical(int samples, int dataSets) {
    return new Oracle.Empirical(samples, dataSets, new Inputs.Gaussian());
  }

  /** A cell whose restarts end where {@code near} says, at the verdict for the population. */
  static ConvExperiment cell(
      ConvOutput output, int p, int k, Oracle oracle, Precision precision, int steps, double near) {
    return new ConvExperiment(
        output,
        output == ConvOutput.LEARNED ? Teacher.ofRatio(k, p, 1, 1, 4) : Teacher.average(k, p, 1),
        new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 2 / Math.sqrt(k), false),
        oracle,
        0.05,
        steps,
        new OutcomeRule(OutcomeRule.Stop.VERDICT, near, near, near, near * near, near * near),
        EnumSet.of(Recorded.LOSS, Recorded.ANGLE),
        20260,
        Streams.INDEPENDENT,
        precision);
  }

  /** Takes restarts from 0 on to their ends. */
  static List<Outcomes> train(Backend backend, ConvExperiment experiment, int restarts) {
    Collected collected = new Collected(new java.util.ArrayList<>());
    try (Trainer trainer = backend.prepare(List.of(experiment))) {
      trainer.train(List.of(new RestartRange(0, 0, restarts)), collected);
    }
    return collected.all();
  }

  static Backend cpu(int threads) {
    return new CpuBackend(new WorkSizing(threads, 0, 0));
  }

  private record Collected(List<Outcomes> all) implements Sink {
    @Override
    public void accept(Outcomes outcomes) {
      all.add(outcomes);
    }

    @Override
    public boolean stopped() {
      return false;
    }
  }
}
