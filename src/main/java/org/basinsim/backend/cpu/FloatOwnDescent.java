package org.basinsim.backend.cpu;

import java.util.function.BooleanSupplier;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.Philox;
import org.basinsim.start.ConvStart;

/**
 * Online direct descent in which every lane draws its own inputs: restarts that share a stream draw
 * the same numbers each for itself. A lane whose restart has ended takes up the next one at once,
 * so lanes stand at different steps.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatOwnDescent implements DirectGroup {
  private static final int LENGTH = FloatTile.LENGTH;
  private static final int LANES = FloatTile.LANES;

  /** Normals of a lane in a chunk: those of all lanes take 128 KiB of the L2 cache. */
  private static final int CHUNK = 512;

  private static final long NONE = -1;

  private final ConvExperiment experiment;
  private final ConvStart start;
  private final Teacher teacher;
  private final int k;
  private final int p;
  private final int d;
  private final int batch;
  private final int chunk;
  private final float[] filter;
  private final float[] output;
  private final FloatInputs law;
  private final FloatNearTile near;
  private final FloatTile tile;

  /** Inputs of a chunk, vector of restarts by vector of restarts. */
  private final float[] inputs;

  private final int inputsOfVector;

  /** Inputs of one vector of restarts as drawn, before overlapping patches are written out. */
  private final float[] drawn;

  /** By lane: its restart or {@link #NONE}. */
  private final long[] restarts = new long[LANES];

  /** By vector and lane there: the words of the counter. */
  private final int[][] streamLow = new int[FloatTile.VECTORS][LENGTH];

  private final int[][] streamHigh = new int[FloatTile.VECTORS][LENGTH];
  private final int[][] steps = new int[FloatTile.VECTORS][LENGTH];

  FloatOwnDescent(ConvExperiment experiment) {
    this.experiment = experiment;
    this.start = new ConvStart(experiment);
    this.teacher = experiment.teacher();
    this.k = experiment.patches();
    this.p = experiment.patchSize();
    this.batch = ((Oracle.Online) experiment.oracle()).batch();
    this.d = experiment.inputSize();
    int whole = Math.max(1, CHUNK / (k * p));
    // Whole generator lanes of four normals.
    this.chunk = Math.min(batch, d % 4 == 0 ? whole : Math.ceilDiv(whole, 4) * 4);
    this.filter = FloatGroupDescent.narrow(teacher.filter());
    this.output = FloatGroupDescent.narrow(teacher.output());
    this.law = new FloatInputs(experiment);
    this.near = new FloatNearTile(experiment);
    this.tile = new FloatTile(experiment, chunk);
    this.inputsOfVector = Math.ceilDiv(chunk * k * p, 4) * 4 * LENGTH + FloatOwnTile.slack(p);
    this.inputs = new float[FloatTile.VECTORS * inputsOfVector];
    this.drawn = new float[experiment.overlaps() ? Math.ceilDiv(chunk * d, 4) * 4 * LENGTH : 0];
  }

  @Override
  public boolean descend(
      long first, int stride, long count, DirectRows rows, BooleanSupplier stopped) {
    long next = first;
    long end = first + count * stride;
    int underWay = 0;
    for (int lane = 0; lane < LANES; lane++) {
      restarts[lane] = NONE;
      if (next < end) {
        takeUp(lane, next, rows);
        next += stride;
        underWay++;
      }
    }
    while (underWay > 0) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      long candidates = near.lanes(tile);
      for (int lane = 0; lane < LANES; lane++) {
        // A restart may end where it starts, hence the next one too.
        while (restarts[lane] != NONE && ended(lane, candidates, rows)) {
          restarts[lane] = NONE;
          if (next < end) {
            takeUp(lane, next, rows);
            next += stride;
            candidates |= 1L << lane;
          } else {
            underWay--;
          }
        }
      }
      step();
    }
    return true;
  }

  private void takeUp(int lane, long restart, DirectRows rows) {
    load(lane, restart);
    rows.start(restart, start.state(restart));
  }

  private void load(int lane, long restart) {
    restarts[lane] = restart;
    double[] a = experiment.learned() ? start.output(restart) : teacher.output();
    tile.load(lane, start.filter(restart), a);
    long stream = experiment.inputStream(restart);
    streamLow[lane / LENGTH][lane % LENGTH] = Philox.streamLow(stream);
    streamHigh[lane / LENGTH][lane % LENGTH] = (int) (stream >>> 32);
    steps[lane / LENGTH][lane % LENGTH] = 0;
  }

  private boolean ended(int lane, long candidates, DirectRows rows) {
    int step = steps[lane / LENGTH][lane % LENGTH];
    boolean candidate = (candidates >>> lane & 1) != 0 || rows.dueForAll(step);
    return candidate && rows.ended(restarts[lane], step, state(lane), tile.filter(lane));
  }

  private ConvState state(int lane) {
    double[] v = tile.filter(lane);
    return experiment.learned() ? teacher.project(v, tile.output(lane)) : teacher.project(v);
  }

  private void step() {
    gather();
    tile.step();
    for (int[] vector : steps) {
      for (int i = 0; i < LENGTH; i++) {
        vector[i]++;
      }
    }
  }

  private void gather() {
    tile.begin();
    for (int b = 0; b < batch; b += chunk) {
      int count = Math.min(chunk, batch - b);
      for (int i = 0; i < FloatTile.VECTORS; i++) {
        int from = i * inputsOfVector;
        draw(i, from, b, count);
        FloatOwnTile.forward(tile, i * LENGTH, inputs, from, count * k, p);
        FloatOwnTile.label(tile, i * LENGTH, inputs, from, count, filter, output);
      }
      tile.weigh(count);
      for (int i = 0; i < FloatTile.VECTORS; i++) {
        FloatOwnTile.backward(tile, i * LENGTH, inputs, i * inputsOfVector, count * k, p);
      }
    }
    tile.finishGradient(batch);
  }

  private void draw(int i, int from, int b, int count) {
    boolean overlaps = experiment.overlaps();
    law.drawPerLane(
        overlaps ? drawn : inputs,
        overlaps ? 0 : from,
        count,
        streamLow[i],
        streamHigh[i],
        steps[i],
        b);
    if (overlaps) {
      unfold(from, count);
    }
  }

  /** Writes out the patches of {@code count} drawn inputs, one after the other. */
  private void unfold(int to, int count) {
    for (int b = 0; b < count; b++) {
      for (int j = 0; j < k; j++) {
        int first = b * d + j * experiment.network().stride();
        System.arraycopy(drawn, first * LENGTH, inputs, to + (b * k + j) * p * LENGTH, p * LENGTH);
      }
    }
  }

  @Override
  public double[] gradient(long restart) {
    load(0, restart);
    gather();
    return tile.wholeGradient(0);
  }

  @Override
  public double[][] trajectory(long restart, int count) {
    double[][] states = new double[count + 1][];
    load(0, restart);
    for (int step = 0; step < count; step++) {
      states[step] = state(0).toArray();
      step();
    }
    states[count] = state(0).toArray();
    return states;
  }
}
