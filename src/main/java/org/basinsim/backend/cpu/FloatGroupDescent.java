package org.basinsim.backend.cpu;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.basinsim.data.DataSets;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/**
 * Direct descent of restarts that see the same inputs, in tiles that step together. The inputs of a
 * step come a chunk at a time, small enough to stay in the cache while every tile uses it.
 *
 * <p>Restarts beyond {@link #MOST_TILES} tiles make another round with the same inputs, drawn
 * again: memory does not grow with the number of restarts that share.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatGroupDescent implements DirectGroup {
  private static final int LANES = FloatTile.LANES;

  /** So many tiles hide the generation of their inputs behind their arithmetic. */
  private static final int MOST_TILES = 16;

  /** On a data set nothing is generated; fewer lanes are refilled more often. */
  private static final int MOST_TILES_ON_DATA_SET = 4;

  /** Patches in a chunk: their activations take 16 KiB, a third of an L1 cache. */
  private static final int CHUNK = 64;

  private final ConvExperiment experiment;
  private final ConvStart start;
  private final Teacher teacher;
  private final DataSets dataSets;
  private final boolean online;
  private final int k;
  private final int p;
  private final int d;
  private final int batch;
  private final int chunk;
  private final float[] filter;

  /** Coordinates in which the teacher's filter is not zero: one, unless it was written out. */
  private final int[] support;

  private final float[] output;
  private final FloatInputs law;
  private final FloatNearTile near;
  private final FloatTile[] tiles;

  /** The restart in each lane, and the step of the group with which it began. */
  private final long[] restarts;

  private final long[] begun;
  private final double[] startGradient;

  /** Lanes under way, by tile. */
  private final long[] underWay;

  /** Online: the inputs of a chunk. Empirical: all of a data set. */
  private final float[] inputs;

  /** Inputs as they are drawn, before overlapping patches are written out. */
  private final float[] drawn;

  private final float[] labels;
  private int inputsOf = -1;
  private double zeroLoss;

  /**
   * @param restarts that are to share inputs at most
   */
  FloatGroupDescent(ConvExperiment experiment, long restarts) {
    this.experiment = experiment;
    this.start = new ConvStart(experiment);
    this.teacher = experiment.teacher();
    this.online = experiment.oracle() instanceof Oracle.Online;
    this.dataSets = online ? null : DataSets.of(experiment);
    this.k = experiment.patches();
    this.p = experiment.patchSize();
    this.d = experiment.inputSize();
    this.batch =
        switch (experiment.oracle()) {
          case Oracle.Online of -> of.batch();
          case Oracle.Empirical of -> of.samples();
          case Oracle.Population of -> throw new IllegalArgumentException("no inputs");
        };
    this.chunk = Math.min(batch, chunk(k, d));
    this.filter = narrow(teacher.filter());
    this.support = IntStream.range(0, p).filter(c -> filter[c] != 0).toArray();
    this.output = narrow(teacher.output());
    this.law = new FloatInputs(experiment);
    this.near = new FloatNearTile(experiment);
    int most = online ? MOST_TILES : MOST_TILES_ON_DATA_SET;
    this.tiles = new FloatTile[(int) Math.min(most, Math.ceilDiv(restarts, (long) LANES))];
    tiles[0] = new FloatTile(experiment, chunk);
    for (int i = 1; i < tiles.length; i++) {
      tiles[i] = new FloatTile(experiment, tiles[0]);
    }
    this.underWay = new long[tiles.length];
    this.restarts = new long[tiles.length * LANES];
    this.begun = new long[tiles.length * LANES];
    this.startGradient = new double[tiles.length * LANES];
    int held = online ? chunk : batch;
    this.inputs =
        new float[Math.addExact(Math.multiplyExact(held, k * p), FloatSharedTile.slack(p))];
    this.drawn = new float[online && experiment.overlaps() ? held * d : 0];
    this.labels = new float[held];
  }

  /** Inputs in a chunk: whole generator lanes of four normals. */
  private static int chunk(int k, int d) {
    int inputs = Math.max(1, CHUNK / k);
    return d % 4 == 0 ? inputs : Math.ceilDiv(inputs, 4) * 4;
  }

  static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  @Override
  public boolean descend(
      long first, int stride, long count, DirectRows rows, BooleanSupplier stopped) {
    int room = tiles.length * LANES;
    if (!online) {
      load(first, stride, (int) Math.min(room, count), rows);
      return descendOnDataSet(
          first + stride * Math.min(room, count), stride, first + count * stride, rows, stopped);
    }
    for (long done = 0; done < count; done += room) {
      load(first + done * stride, stride, (int) Math.min(room, count - done), rows);
      if (!descendOnline(rows, stopped)) {
        return false;
      }
    }
    return true;
  }

  private void load(long first, int stride, int count, DirectRows rows) {
    load(first, stride, count);
    for (int i = 0; i < count; i++) {
      rows.start(restarts[i], start.state(restarts[i]));
    }
  }

  private void load(long first, int stride, int count) {
    Arrays.fill(underWay, 0);
    Arrays.fill(begun, 0);
    for (int i = 0; i < count; i++) {
      takeUp(i, first + (long) i * stride);
      underWay[i / LANES] |= 1L << i % LANES;
    }
    if (!online) {
      readDataSet(experiment.dataSet(first));
    }
  }

  private void takeUp(int i, long restart) {
    restarts[i] = restart;
    double[] a = experiment.learned() ? start.output(restart) : teacher.output();
    tiles[i / LANES].load(i % LANES, start.filter(restart), a);
  }

  private void readDataSet(int dataSet) {
    if (inputsOf == dataSet) {
      return;
    }
    inputsOf = dataSet;
    float[] values = narrow(dataSets.inputs(dataSet));
    unfold(values, batch);
    label(batch);
    zeroLoss = 0;
    for (float label : labels) {
      zeroLoss += lossFactor() * label * label / batch;
    }
  }

  /** Restarts of one stream step together and leave together: inputs go by the step. */
  private boolean descendOnline(DirectRows rows, BooleanSupplier stopped) {
    for (int step = 0; ; step++) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      boolean all = rows.dueForAll(step);
      for (int i = 0; i < tiles.length; i++) {
        if (underWay[i] != 0) {
          lookOnline(i, step, all, rows);
        }
      }
      if (finished()) {
        return true;
      }
      gather(restarts[0], step);
      step();
    }
  }

  /** The inputs of all steps are the same, so that a lane takes up the next restart at once. */
  private boolean descendOnDataSet(
      long waiting, int stride, long end, DirectRows rows, BooleanSupplier stopped) {
    long next = waiting;
    for (long step = 0; ; step++) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      gather(restarts[0], 0);
      for (int i = 0; i < tiles.length * LANES; i++) {
        if ((underWay[i / LANES] >>> i % LANES & 1) == 0 || !endedOnDataSet(i, step, rows)) {
          continue;
        }
        if (next < end) {
          takeUp(i, next);
          rows.start(next, start.state(next));
          tiles[i / LANES].clearGradient(i % LANES);
          begun[i] = step + 1;
          next += stride;
        } else {
          underWay[i / LANES] &= ~(1L << i % LANES);
        }
      }
      if (finished()) {
        return true;
      }
      step();
    }
  }

  private boolean finished() {
    for (long lanes : underWay) {
      if (lanes != 0) {
        return false;
      }
    }
    return true;
  }

  private void lookOnline(int i, int step, boolean all, DirectRows rows) {
    long candidates = all ? underWay[i] : underWay[i] & near.lanes(tiles[i]);
    while (candidates != 0) {
      int lane = Long.numberOfTrailingZeros(candidates);
      candidates &= candidates - 1;
      if (rows.ended(restarts[i * LANES + lane], step, state(i, lane), tiles[i].filter(lane))) {
        underWay[i] &= ~(1L << lane);
      }
    }
  }

  private boolean endedOnDataSet(int i, long step, DirectRows rows) {
    FloatTile tile = tiles[i / LANES];
    int own = (int) (step - begun[i]);
    double loss = lossFactor() * tile.squaredResiduals(i % LANES) / batch;
    double norm = tile.gradientNorm(i % LANES);
    if (own == 0) {
      startGradient[i] = norm;
    }
    Outcome established = Outcome.UNDECIDED;
    if (loss <= experiment.rule().loss() * zeroLoss) {
      established = Outcome.GLOBAL;
    } else if (norm <= experiment.rule().gradient() * startGradient[i]) {
      established = Outcome.SPURIOUS;
    }
    ConvState state = state(i / LANES, i % LANES);
    return rows.ended(restarts[i], own, state, established, loss, tile.filter(i % LANES));
  }

  private ConvState state(int i, int lane) {
    double[] v = tiles[i].filter(lane);
    return experiment.learned() ? teacher.project(v, tiles[i].output(lane)) : teacher.project(v);
  }

  private double lossFactor() {
    return experiment.learned() ? 0.5 : 1;
  }

  /** The gradients of all tiles under way, and their residuals. */
  private void gather(long first, int step) {
    for (int i = 0; i < tiles.length; i++) {
      if (underWay[i] != 0) {
        tiles[i].begin();
      }
    }
    for (int b = 0; b < batch; b += chunk) {
      int count = Math.min(chunk, batch - b);
      if (online) {
        draw(experiment.inputStream(first), step, b, count);
      }
      int at = online ? 0 : b;
      for (int i = 0; i < tiles.length; i++) {
        if (underWay[i] != 0) {
          FloatSharedTile.add(tiles[i], inputs, at * k * p, labels, at, count, k, p);
        }
      }
    }
    for (int i = 0; i < tiles.length; i++) {
      if (underWay[i] != 0) {
        tiles[i].finishGradient(batch);
      }
    }
  }

  private void draw(long stream, int step, int b, int count) {
    float[] to = experiment.overlaps() ? drawn : inputs;
    law.draw(to, count, stream, step, b);
    if (experiment.overlaps()) {
      unfold(drawn, count);
    }
    label(count);
  }

  /** Writes out the patches of {@code count} inputs of d numbers each, one after the other. */
  private void unfold(float[] values, int count) {
    for (int b = 0; b < count; b++) {
      for (int j = 0; j < k; j++) {
        int from = b * d + j * experiment.network().stride();
        System.arraycopy(values, from, inputs, (b * k + j) * p, p);
      }
    }
  }

  private void label(int count) {
    for (int b = 0; b < count; b++) {
      float label = 0;
      for (int j = 0; j < k; j++) {
        float z = dot((b * k + j) * p);
        // As the slope is below 1, and without a branch that goes either way.
        label = Math.fma(output[j], Math.max(z, tiles[0].slope * z), label);
      }
      labels[b] = label;
    }
  }

  private float dot(int row) {
    float sum = 0;
    for (int c : support) {
      sum = Math.fma(filter[c], inputs[row + c], sum);
    }
    return sum;
  }

  private void step() {
    for (int i = 0; i < tiles.length; i++) {
      if (underWay[i] != 0) {
        tiles[i].step();
      }
    }
  }

  @Override
  public double[] gradient(long restart) {
    load(restart, 1, 1);
    gather(restart, 0);
    return tiles[0].wholeGradient(0);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    double[][] states = new double[steps + 1][];
    load(restart, 1, 1);
    for (int step = 0; step < steps; step++) {
      states[step] = state(0, 0).toArray();
      gather(restart, step);
      step();
    }
    states[steps] = state(0, 0).toArray();
    return states;
  }
}
