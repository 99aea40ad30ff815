package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.basinsim.data.DeepData;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.TangentKernel;

/**
 * A range of restarts trained side by side. The device steps; which step ends a restart, and what
 * is recorded of it, is settled here from the losses, which come in stretches.
 */
final class DeepBatch {
  /** A launch ends within a fraction of a second, so that a training stops when it is told to. */
  private static final double SHORT_SECONDS = 0.1;

  private static final double LONG_SECONDS = 0.4;

  private final DeepCell cell;
  private final DeepExperiment experiment;
  private final DeepShape shape;
  private final RestartRange range;
  private final DeepRun run;
  private final int restarts;
  private final Outcomes outcomes;
  private final List<DeepRows.Row> rows;
  private final Outcome[] ends;
  private final int[] steps;
  private final double[] last;

  /**
   * @param run of the cell's shape, for as many restarts as the range has
   */
  DeepBatch(DeepCell cell, RestartRange range, DeepRun run) {
    this.cell = cell;
    this.experiment = cell.experiment();
    this.shape = cell.plan().shape();
    this.range = range;
    this.run = run;
    this.restarts = Math.toIntExact(range.count());
    this.outcomes = new Outcomes(range, experiment.columns());
    DeepRows filled = new DeepRows(experiment, cell.limits(), outcomes);
    this.rows = IntStream.range(0, restarts).mapToObj(filled::begin).toList();
    this.ends = new Outcome[restarts];
    this.steps = new int[restarts];
    this.last = new double[restarts];
  }

  private IntStream each() {
    return IntStream.range(0, restarts).parallel();
  }

  /**
   * Trains all restarts.
   *
   * @return their rows; null where it was told to stop before all had ended
   */
  Outcomes train(BooleanSupplier stopped) {
    load();
    run.forward();
    BitSet[] patterns = patterns();
    start();
    if (!descend(stopped)) {
      return null;
    }
    run.memory().idle(new boolean[restarts]);
    run.forward();
    end(patterns, patterns());
    return outcomes;
  }

  /** Sends data and the weights of all starts. */
  void load() {
    NativeNumbers weights = run.memory().roomForWeights();
    NativeNumbers inputs = run.memory().roomForInputs();
    NativeNumbers labels = run.memory().roomForLabels();
    each()
        .forEach(r -> {
          double[][] layers = cell.weights(range.first() + r);
          for (int h = 1; h <= layers.length; h++) {
            weights.put((long) r * shape.weights() + shape.layer(h), layers[h - 1]);
          }
          if (r == 0 || !shape.sharesData()) {
            DeepData.Set set = cell.set(range.first() + r);
            inputs.put((long) r * shape.inputs(), set.inputs());
            labels.put((long) r * shape.labels(), set.labels());
          }
        });
    run.memory().loadWeights(weights);
    run.memory().loadData(inputs, labels);
    run.memory().idle(new boolean[restarts]);
  }

  /** Settles the step sizes and what losses end a restart. */
  private void start() {
    NativeNumbers outputs = run.memory().roomForOutputs();
    run.memory().readOutputs(outputs);
    TangentKernel[] kernels = kernels(experiment.asksForStartKernel());
    NativeNumbers rule = run.memory().roomForRule();
    each()
        .forEach(r -> {
          double[] residuals = outputs.reals((long) r * shape.outputs(), shape.samples());
          double stepSize = rows.get(r).start(residuals, kernels[r]);
          double loss = 0;
          for (double residual : residuals) {
            loss += residual * residual;
          }
          rule.put(
              (long) r * DeepShape.RULE, new double[] {stepSize, below(loss / 2), above(loss / 2)});
        });
    run.memory().loadRule(rule);
  }

  /** The largest number of the precision that ends a restart as global. */
  private double below(double startLoss) {
    return down(experiment.rule().tolerance() * startLoss);
  }

  /** The largest number of the precision beyond which a restart has diverged. */
  private double above(double startLoss) {
    return down(DeepRule.DIVERGENCE * startLoss);
  }

  /** Device and host compare the same loss: with a bound of its precision both say the same. */
  private double down(double bound) {
    if (experiment.precision() == Precision.DOUBLE || (float) bound <= bound) {
      return bound;
    }
    return Math.nextDown((float) bound);
  }

  /** Those of the state of the last forward pass; nulls where none are asked for. */
  TangentKernel[] kernels(boolean asked) {
    TangentKernel[] kernels = new TangentKernel[restarts];
    if (asked) {
      run.tangentKernels();
      NativeNumbers read = run.memory().roomForKernels();
      run.memory().readKernels(read);
      int size = shape.samples() * shape.samples();
      each()
          .forEach(r -> {
            long first = 2L * r * shape.kernel();
            kernels[r] =
                new TangentKernel(
                    read.reals(first, size), read.reals(first + shape.kernel(), size));
          });
    }
    return kernels;
  }

  /** Steps until all restarts have ended; false where told to stop. */
  private boolean descend(BooleanSupplier stopped) {
    NativeNumbers losses = run.memory().roomForLosses();
    int most = 1;
    int t = 0;
    while (!ended()) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      int count = Math.min(most, experiment.maxSteps() + 1 - t);
      int from = t;
      long start = System.nanoTime();
      run.steps(count, t + count <= experiment.maxSteps());
      run.memory().readLosses(losses);
      double seconds = (System.nanoTime() - start) * 1e-9;
      each().forEach(r -> read(r, from, count, losses));
      t += count;
      if (seconds < SHORT_SECONDS) {
        most = Math.min(DeepShape.MOST_STEPS, 2 * most);
      } else if (seconds > LONG_SECONDS) {
        most = Math.max(1, most / 2);
      }
    }
    return true;
  }

  private boolean ended() {
    for (Outcome end : ends) {
      if (end == null) {
        return false;
      }
    }
    return true;
  }

  private void read(int r, int from, int count, NativeNumbers losses) {
    for (int t = from; t < from + count && ends[r] == null; t++) {
      last[r] = losses.real((long) r * DeepShape.MOST_STEPS + t - from);
      Outcome outcome = rows.get(r).loss(t, last[r]);
      if (outcome != Outcome.UNDECIDED || t == experiment.maxSteps()) {
        ends[r] = outcome;
        steps[r] = t;
      }
    }
  }

  /** Which units of layer 1 are active, from the slopes of the last forward pass. */
  private BitSet[] patterns() {
    BitSet[] patterns = new BitSet[restarts];
    if (experiment.records(Recorded.PATTERNS)) {
      NativeNumbers slopes = run.memory().roomForSlopes();
      run.memory().readSlopes(slopes);
      int count = shape.rows() * shape.network().width();
      each()
          .forEach(r -> {
            patterns[r] = new BitSet(count);
            for (int i = 0; i < count; i++) {
              patterns[r].set(i, slopes.real((long) r * shape.states() + i) > 0);
            }
          });
    }
    return patterns;
  }

  private void end(BitSet[] patternsBefore, BitSet[] patternsAfter) {
    TangentKernel[] kernels = kernels(experiment.asksForEndKernel());
    NativeNumbers weights = run.memory().roomForWeights();
    run.memory().readWeights(weights);
    each()
        .forEach(r -> {
          TangentKernel kernel = ends[r] == Outcome.DIVERGED ? null : kernels[r];
          DeepRows.Movement movement = movement(r, weights, patternsBefore[r], patternsAfter[r]);
          rows.get(r).end(ends[r], steps[r], last[r], kernel, movement);
        });
  }

  private DeepRows.Movement movement(int r, NativeNumbers weights, BitSet before, BitSet after) {
    if (!experiment.records(Recorded.MOVEMENT) && before == null) {
      return null;
    }
    DeepNetwork network = shape.network();
    double[][] start = cell.weights(range.first() + r);
    List<double[]> moved = new ArrayList<>();
    for (int h = 1; h <= (network.trainsOutput() ? start.length : start.length - 1); h++) {
      double[] difference = start[h - 1];
      long first = (long) r * shape.weights() + shape.layer(h);
      for (int i = 0; i < difference.length; i++) {
        difference[i] = weights.real(first + i) - difference[i];
      }
      moved.add(difference);
    }
    double[] layers =
        moved.stream()
            .mapToDouble(layer -> norm(layer, 0, layer.length) / Math.sqrt(network.width()))
            .toArray();
    double largest = 0;
    int fanIn = shape.fanIn(1);
    for (int unit = 0; unit < network.width(); unit++) {
      largest = Math.max(largest, norm(moved.getFirst(), unit * fanIn, fanIn));
    }
    double flipped = 0;
    if (before != null) {
      BitSet differing = (BitSet) before.clone();
      differing.xor(after);
      flipped = (double) differing.cardinality() / shape.rows() / network.width();
    }
    return new DeepRows.Movement(layers, flipped, largest);
  }

  private static double norm(double[] of, int first, int count) {
    double squares = 0;
    for (int i = first; i < first + count; i++) {
      squares += of[i] * of[i];
    }
    return Math.sqrt(squares);
  }
}
