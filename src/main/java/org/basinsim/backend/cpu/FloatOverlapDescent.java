package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Overlap;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/**
 * The step and the rule of {@link Overlap}, one restart a lane: p numbers a lane, gradients shift
 * by shift. Attention to single lanes is scalar; a lane whose restart ended takes up the next one
 * at once, and when none is left the last lane moves into the hole.
 *
 * <p>A pass is a few short loops that call the Vector API and hardly anything else, as in {@link
 * FloatPopulationDescent}. Number c of lane l stands at {@code c·LANES + l}.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatOverlapDescent implements OverlapLanes {
  private static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
  private static final int LENGTH = SPECIES.length();
  private static final int VECTORS = 8;
  private static final int LANES = VECTORS * LENGTH;
  private static final int PASSES_BETWEEN_POLLS = 64;

  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector HALF_PI = FloatVector.broadcast(SPECIES, (float) (Math.PI / 2));
  private static final float LIMIT = (float) (Outcome.DIVERGENCE_NORM * Outcome.DIVERGENCE_NORM);

  private final ConvExperiment experiment;
  private final ConvStart start;
  private final Teacher teacher;
  private final Overlap overlap;
  private final int p;
  private final int stride;
  private final boolean phases;
  private final boolean trajectories;
  private final float[] target;
  private final float[] unitTarget;
  private final float teacherNorm;

  /** Of the activation: π + b and s. */
  private final double most;

  private final double bent;
  private final float squaredDistance;
  private final float squaredStationary;

  private final float[] w;
  private final float[] unit;
  private final float[] gradient;
  private final float[] norm = new float[LANES];
  private final float[] radial = new float[LANES];

  /** Of the pair of filters at hand: ‖û − v̂‖ and ‖û + v̂‖, then sin θ and π − θ. */
  private final float[] apart = new float[LANES];

  private final float[] together = new float[LANES];

  private final long[] global = new long[VECTORS];
  private final long[] bounded = new long[VECTORS];
  private final long[] quiet = new long[VECTORS];

  private final int[] row = new int[LANES];
  private final int[] step = new int[LANES];
  private final int[] quietSteps = new int[LANES];
  private final boolean[] inPhaseOne = new boolean[LANES];
  private int occupied;
  private int nextRow;

  FloatOverlapDescent(ConvExperiment experiment) {
    this.experiment = experiment;
    this.start = new ConvStart(experiment);
    this.teacher = experiment.teacher();
    this.p = experiment.patchSize();
    this.stride = experiment.network().stride();
    this.overlap = Overlap.of(experiment);
    this.phases = experiment.records(Recorded.PHASES);
    this.trajectories = experiment.records(Recorded.TRAJECTORY);
    this.target = FloatGroupDescent.narrow(teacher.filter());
    this.unitTarget = FloatGroupDescent.narrow(teacher.unitFilter());
    this.teacherNorm = (float) teacher.filterNorm();
    Activation activation = new Activation(experiment.network().slope());
    this.most = activation.most();
    this.bent = activation.bent();
    double distance = experiment.rule().distance() * teacher.filterNorm();
    this.squaredDistance = (float) (distance * distance);
    double stationary = overlap.stationaryGradient(experiment.precision().unitRoundoff());
    this.squaredStationary = (float) (stationary * stationary);
    this.w = new float[p * LANES];
    this.unit = new float[p * LANES];
    this.gradient = new float[p * LANES];
  }

  @Override
  public boolean descend(long first, int count, ConvRows rows, BooleanSupplier stopped) {
    int[] sampled = trajectories ? rows.sampledSteps() : new int[0];
    nextRow = 0;
    for (occupied = 0; occupied < LANES && nextRow < count; occupied++) {
      take(occupied, first, rows);
    }
    for (int passes = 1; occupied > 0; passes++) {
      if (passes % PASSES_BETWEEN_POLLS == 0 && stopped.getAsBoolean()) {
        return false;
      }
      int vectors = (occupied + LENGTH - 1) / LENGTH;
      differentiate(vectors);
      check(vectors);
      // Downwards, so that a lane that moves into a hole has already been attended to.
      for (int lane = occupied - 1; lane >= 0; lane--) {
        if (trajectories || phases) {
          note(lane, sampled, rows);
        }
        Outcome outcome = outcome(lane);
        if (outcome == Outcome.UNDECIDED && step[lane] < experiment.maxSteps()) {
          step[lane]++;
          continue;
        }
        end(lane, outcome, rows);
        if (nextRow < count) {
          take(lane, first, rows);
        } else {
          move(--occupied, lane);
        }
      }
      step(vectors);
    }
    return true;
  }

  /** A lane takes up the next row; its gradient of 0 lets it stand in the step that follows. */
  private void take(int lane, long first, ConvRows rows) {
    row[lane] = nextRow;
    load(lane, first + nextRow);
    rows.start(nextRow, start.state(first + nextRow));
    nextRow++;
  }

  private void load(int lane, long restart) {
    double[] filter = start.filter(restart);
    for (int c = 0; c < p; c++) {
      w[c * LANES + lane] = (float) filter[c];
      gradient[c * LANES + lane] = 0;
    }
    step[lane] = 0;
    quietSteps[lane] = 0;
    inPhaseOne[lane] = phases;
  }

  private void note(int lane, int[] sampled, ConvRows rows) {
    int position = Arrays.binarySearch(sampled, step[lane]);
    if (position >= 0) {
      double[] filter = column(w, lane);
      rows.sample(row[lane], position, teacher.project(filter), overlap.loss(filter));
    }
    if (inPhaseOne[lane] && rows.phaseOneOver(teacher.project(column(w, lane)))) {
      rows.phaseOne(row[lane], step[lane]);
      inPhaseOne[lane] = false;
    }
  }

  private Outcome outcome(int lane) {
    int vector = lane / LENGTH;
    int bit = lane % LENGTH;
    if ((bounded[vector] >>> bit & 1) == 0) {
      return Outcome.DIVERGED;
    }
    if ((global[vector] >>> bit & 1) != 0) {
      return Outcome.GLOBAL;
    }
    quietSteps[lane] = (quiet[vector] >>> bit & 1) != 0 ? quietSteps[lane] + 1 : 0;
    if (quietSteps[lane] < Overlap.QUIET_STEPS) {
      return Outcome.UNDECIDED;
    }
    quietSteps[lane] = 0;
    return overlap.isBadMinimum(column(w, lane)) ? Outcome.SPURIOUS : Outcome.UNDECIDED;
  }

  private void end(int lane, Outcome outcome, ConvRows rows) {
    double[] filter = column(w, lane);
    ConvState state = teacher.project(filter);
    rows.finish(row[lane], outcome, step[lane], state, overlap.loss(filter), filter);
  }

  private void move(int from, int to) {
    for (int c = 0; c < p; c++) {
      w[c * LANES + to] = w[c * LANES + from];
      gradient[c * LANES + to] = gradient[c * LANES + from];
    }
    row[to] = row[from];
    step[to] = step[from];
    quietSteps[to] = quietSteps[from];
    inPhaseOne[to] = inPhaseOne[from];
  }

  private double[] column(float[] array, int lane) {
    double[] column = new double[p];
    for (int c = 0; c < p; c++) {
      column[c] = array[c * LANES + lane];
    }
    return column;
  }

  @Override
  public double[] gradient(long restart) {
    load(0, restart);
    differentiate(1);
    return column(gradient, 0);
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    double[][] states = new double[steps + 1][];
    load(0, restart);
    for (int t = 0; t <= steps; t++) {
      states[t] = teacher.project(column(w, 0)).toArray();
      differentiate(1);
      step(1);
    }
    return states;
  }

  /** The gradients of the lanes of the first vectors. */
  private void differentiate(int vectors) {
    normalize(vectors);
    for (int s = 1; s <= overlap.reach(); s++) {
      compareOwn(vectors, s * stride);
      turn(vectors);
      addOwn(vectors, s * stride, (float) (2 * overlap.pairs(s)));
    }
    for (int s = -overlap.reach(); s <= overlap.reach(); s++) {
      compareTeacher(vectors, s * stride);
      turn(vectors);
      addTeacher(vectors, s * stride, (float) (-overlap.pairs(s) * teacher.filterNorm()));
    }
    addRadial(vectors);
  }

  /** Norms and unit vectors; what patches apart and each patch with itself pull along ŵ. */
  private void normalize(int vectors) {
    float patches = (float) (overlap.pairs(0) * most);
    float free = (float) overlap.pairsApart();
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector sum = ZERO;
      for (int c = at; c < p * LANES; c += LANES) {
        FloatVector x = FloatVector.fromArray(SPECIES, w, c);
        sum = x.fma(x, sum);
      }
      FloatVector n = sum.sqrt();
      FloatVector perNorm = ONE.div(n);
      n.intoArray(norm, at);
      n.sub(teacherNorm).mul(free).add(n.mul(patches)).intoArray(radial, at);
      for (int c = at; c < p * LANES; c += LANES) {
        FloatVector.fromArray(SPECIES, w, c).mul(perNorm).intoArray(unit, c);
        ZERO.intoArray(gradient, c);
      }
    }
  }

  /** ŵ and itself, {@code by} numbers further: squares of difference and sum. */
  private void compareOwn(int vectors, int by) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector alone = ZERO;
      for (int c = 0; c < by; c++) {
        FloatVector x = FloatVector.fromArray(SPECIES, unit, c * LANES + at);
        FloatVector y = FloatVector.fromArray(SPECIES, unit, (p - 1 - c) * LANES + at);
        alone = x.fma(x, y.fma(y, alone));
      }
      FloatVector difference = alone;
      FloatVector sum = alone;
      for (int c = by; c < p; c++) {
        FloatVector x = FloatVector.fromArray(SPECIES, unit, c * LANES + at);
        FloatVector y = FloatVector.fromArray(SPECIES, unit, (c - by) * LANES + at);
        FloatVector minus = x.sub(y);
        FloatVector plus = x.add(y);
        difference = minus.fma(minus, difference);
        sum = plus.fma(plus, sum);
      }
      difference.intoArray(apart, at);
      sum.intoArray(together, at);
    }
  }

  /** ŵ, {@code by} numbers further, and ŵ*: number c meets number c + by. */
  private void compareTeacher(int vectors, int by) {
    float aloneOfTeacher = 0;
    for (int c = 0; c < p; c++) {
      aloneOfTeacher += c - by >= 0 && c - by < p ? 0 : unitTarget[c] * unitTarget[c];
    }
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector difference = FloatVector.broadcast(SPECIES, aloneOfTeacher);
      FloatVector sum = difference;
      for (int c = 0; c < p; c++) {
        FloatVector x = FloatVector.fromArray(SPECIES, unit, c * LANES + at);
        float y = c + by >= 0 && c + by < p ? unitTarget[c + by] : 0;
        FloatVector minus = x.sub(y);
        FloatVector plus = x.add(y);
        difference = minus.fma(minus, difference);
        sum = plus.fma(plus, sum);
      }
      difference.intoArray(apart, at);
      sum.intoArray(together, at);
    }
  }

  /** From the squares of difference and sum, 2 sin ½θ and 2 cos ½θ: sin θ and π − θ + b. */
  private void turn(int vectors) {
    FloatVector whole = FloatVector.broadcast(SPECIES, (float) most);
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, apart, at).sqrt();
      FloatVector x = FloatVector.fromArray(SPECIES, together, at).sqrt();
      VectorMask<Float> steep = y.compare(GT, x);
      FloatVector angle = FloatLanes.arctangent(y.blend(x, steep).div(x.blend(y, steep)));
      FloatVector half = angle.blend(HALF_PI.sub(angle), steep);
      y.mul(x).mul(0.5f).intoArray(apart, at);
      whole.sub(half.add(half)).intoArray(together, at);
    }
  }

  private void addOwn(int vectors, int by, float pairs) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector weight = FloatVector.fromArray(SPECIES, norm, at).mul(pairs);
      FloatVector pull = FloatVector.fromArray(SPECIES, radial, at);
      weight.fma(FloatVector.fromArray(SPECIES, apart, at), pull).intoArray(radial, at);
      // Both signs of the shift.
      FloatVector left = weight.mul(FloatVector.fromArray(SPECIES, together, at)).mul(0.5f);
      for (int c = 0; c + by < p; c++) {
        int low = c * LANES + at;
        int high = low + by * LANES;
        FloatVector below = FloatVector.fromArray(SPECIES, gradient, low);
        left.fma(FloatVector.fromArray(SPECIES, unit, high), below).intoArray(gradient, low);
        FloatVector above = FloatVector.fromArray(SPECIES, gradient, high);
        left.fma(FloatVector.fromArray(SPECIES, unit, low), above).intoArray(gradient, high);
      }
    }
  }

  private void addTeacher(int vectors, int by, float weight) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector pull = FloatVector.fromArray(SPECIES, radial, at);
      FloatVector sine = FloatVector.fromArray(SPECIES, apart, at);
      sine.mul(weight).add(pull).intoArray(radial, at);
      FloatVector left = FloatVector.fromArray(SPECIES, together, at).mul(weight);
      for (int c = Math.max(0, -by); c < Math.min(p, p - by); c++) {
        FloatVector sum = FloatVector.fromArray(SPECIES, gradient, c * LANES + at);
        left.mul(unitTarget[c + by]).add(sum).intoArray(gradient, c * LANES + at);
      }
    }
  }

  private void addRadial(int vectors) {
    float scale = (float) (bent / (Math.PI * experiment.patches() * experiment.patches()));
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector pull = FloatVector.fromArray(SPECIES, radial, at);
      for (int c = at; c < p * LANES; c += LANES) {
        FloatVector sum = FloatVector.fromArray(SPECIES, gradient, c);
        pull.fma(FloatVector.fromArray(SPECIES, unit, c), sum).mul(scale).intoArray(gradient, c);
      }
    }
  }

  private void check(int vectors) {
    for (int v = 0; v < vectors; v++) {
      FloatVector squares = ZERO;
      FloatVector distance = ZERO;
      FloatVector slope = ZERO;
      for (int c = 0; c < p; c++) {
        FloatVector x = FloatVector.fromArray(SPECIES, w, c * LANES + v * LENGTH);
        FloatVector y = FloatVector.fromArray(SPECIES, gradient, c * LANES + v * LENGTH);
        FloatVector off = x.sub(target[c]);
        squares = x.fma(x, squares);
        distance = off.fma(off, distance);
        slope = y.fma(y, slope);
      }
      bounded[v] = squares.compare(LE, LIMIT).toLong();
      global[v] = distance.compare(LE, squaredDistance).toLong();
      quiet[v] = slope.compare(LE, squaredStationary).toLong();
    }
  }

  private void step(int vectors) {
    FloatVector eta = FloatVector.broadcast(SPECIES, (float) -experiment.stepSize());
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      for (int c = at; c < p * LANES; c += LANES) {
        FloatVector x = FloatVector.fromArray(SPECIES, w, c);
        FloatVector.fromArray(SPECIES, gradient, c).fma(eta, x).intoArray(w, c);
      }
    }
  }
}
