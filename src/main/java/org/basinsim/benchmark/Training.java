package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** One experiment made ready on one backend. Close it after use. */
public final class Training implements AutoCloseable {
  private final Trainer trainer;

  /** Prepares an experiment, which on a device with a compiler may take a second. */
  public Training(Backend backend, Experiment experiment) {
    this.trainer = backend.prepare(List.of(experiment));
  }

  /** Outcomes of a range, in the order of their restarts. */
  public List<Outcomes> outcomes(long first, long count) {
    List<Outcomes> pieces = new ArrayList<>();
    train(first, count, pieces::add);
    pieces.sort((one, other) -> Long.compare(one.range().first(), other.range().first()));
    return pieces;
  }

  /** Trains restarts 0 … count − 1 and says how many steps they took together. */
  public long steps(long count) {
    AtomicLong steps = new AtomicLong();
    train(
        0,
        count,
        outcomes -> steps.addAndGet(Arrays.stream(outcomes.ints("steps")).asLongStream().sum()));
    return steps.get();
  }

  private void train(long first, long count, Consumer<Outcomes> taken) {
    trainer.train(
        List.of(new RestartRange(0, first, count)),
        new Sink() {
          @Override
          public void accept(Outcomes outcomes) {
            taken.accept(outcomes);
          }

          @Override
          public boolean stopped() {
            return false;
          }
        });
  }

  @Override
  public void close() {
    trainer.close();
  }
}
