package org.basinsim.verification;

import java.util.Arrays;
import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/** The outcomes of an experiment's first restarts, as a trainer delivers them. */
final class Training implements Sink {
  /** No outcome has this code: a restart that was never delivered differs from every other. */
  private static final byte NEVER = -1;

  private final byte[] outcomes;

  private Training(int restarts) {
    outcomes = new byte[restarts];
    Arrays.fill(outcomes, NEVER);
  }

  /** Codes of the outcomes of restarts 0 … restarts − 1. */
  static byte[] outcomes(Backend backend, Experiment experiment, int restarts) {
    Training training = new Training(restarts);
    try (Trainer trainer = backend.prepare(List.of(experiment))) {
      trainer.train(List.of(new RestartRange(0, 0, restarts)), training);
    }
    return training.outcomes;
  }

  @Override
  public void accept(Outcomes piece) {
    int first = Math.toIntExact(piece.range().first());
    System.arraycopy(piece.bytes("outcome"), 0, outcomes, first, piece.rows());
  }

  @Override
  public boolean stopped() {
    return false;
  }
}
