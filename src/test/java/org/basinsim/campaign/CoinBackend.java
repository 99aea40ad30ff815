package org.basinsim.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.basinsim.backend.Backend;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;

/**
 * Trains coins: in pieces of a given size, shuffled, at a given pace.
 *
 * @param launch restarts in a piece
 * @param order seed of the order of the pieces
 * @param nanoseconds that a restart takes
 * @param failAfter pieces after which the device fails
 */
record CoinBackend(int launch, long order, long nanoseconds, int failAfter) implements Backend {

  CoinBackend(int launch, long order) {
    this(launch, order, 0, Integer.MAX_VALUE);
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("coin", "coin", "a thrower of coins");
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    return new Trainer() {
      @Override
      public void train(List<RestartRange> ranges, Sink sink) {
        int done = 0;
        for (RestartRange piece : pieces(ranges)) {
          if (sink.stopped()) {
            return;
          }
          if (done++ == failAfter) {
            throw new IllegalStateException("the coin is lost");
          }
          sink.accept(toss((CoinExperiment) experiments.get(piece.cell()), piece));
        }
      }

      @Override
      public void close() {}
    };
  }

  private List<RestartRange> pieces(List<RestartRange> ranges) {
    List<RestartRange> pieces = new ArrayList<>();
    for (RestartRange range : ranges) {
      for (long first = range.first(); first < range.end(); first += launch) {
        long count = Math.min(launch, range.end() - first);
        pieces.add(new RestartRange(range.cell(), first, count));
      }
    }
    Collections.shuffle(pieces, new Random(order));
    return pieces;
  }

  private Outcomes toss(CoinExperiment coin, RestartRange piece) {
    long due = System.nanoTime() + nanoseconds * piece.count();
    Outcomes outcomes = new Outcomes(piece, coin.columns());
    for (int row = 0; row < outcomes.rows(); row++) {
      outcomes.bytes("outcome")[row] = coin.outcome(piece.first() + row).code();
      outcomes.ints("steps")[row] = (int) (piece.first() + row) & 7;
    }
    LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
    return outcomes;
  }

  @Override
  public Probe probe() {
    throw new UnsupportedOperationException("nothing to probe in a coin");
  }
}
