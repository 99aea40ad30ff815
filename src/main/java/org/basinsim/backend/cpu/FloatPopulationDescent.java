package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Set;
import java.util.function.BooleanSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.Outcome;
import org.basinsim.model.TrajectorySteps;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Recorded;

/**
 * Population descent, one restart a lane, state in arrays of a few vectors.
 *
 * <p>A pass checks and steps every lane at once. It leaves a lane as it stands, and asks for
 * attention, where something has to be written down: an outcome, a due sample, the end of phase
 * one, a spent budget. Attention is scalar; then a finished lane takes up the next row at once.
 * When rows run out the last lane moves into the hole, so that the lanes in use stay together.
 *
 * <p>A pass is a few short loops that call the Vector API and hardly anything else: the compiler
 * stops inlining other methods after some forty vector operations, and a vector or a mask that
 * crosses a call is allocated.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
abstract class FloatPopulationDescent implements PopulationLanes {
  static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
  static final int LENGTH = SPECIES.length();

  /** Enough independent vectors to hide latency and to make a pass worth its loop. */
  static final int VECTORS = 16;

  static final int LANES = VECTORS * LENGTH;
  private static final int PASSES_BETWEEN_POLLS = 256;

  /** Longest countdown: steps up to it are exact in either precision. */
  private static final int COUNTDOWN = 1 << 23;

  static final FloatVector ZERO = FloatVector.zero(SPECIES);
  static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector PI = FloatVector.broadcast(SPECIES, (float) Math.PI);
  private static final FloatVector HALF_PI = FloatVector.broadcast(SPECIES, (float) (Math.PI / 2));

  /** Squared norms past this, or not a number, count as diverged. */
  static final float LIMIT = (float) (Outcome.DIVERGENCE_NORM * Outcome.DIVERGENCE_NORM);

  /** b of the activation. */
  final float tilt;

  final boolean phases;
  private final int maxSteps;
  private final int[] sampled;

  final float[] x = new float[LANES];
  final float[] y = new float[LANES];
  final float[] mean = new float[LANES];
  final float[] contrast = new float[LANES];
  final float[] rest = new float[LANES];

  final float[] perNorm = new float[LANES];
  final float[] cosine = new float[LANES];
  final float[] sine = new float[LANES];
  final float[] angleLeft = new float[LANES];
  final float[] g = new float[LANES];

  /** Steps until a lane asks for attention because of its step number alone. */
  final float[] left = new float[LANES];

  /** 1 while a lane is in phase one, −1 afterwards and where nobody asks. */
  final float[] phase = new float[LANES];

  /** Masks of the last check, by vector. */
  final long[] global = new long[VECTORS];

  final long[] spurious = new long[VECTORS];
  final long[] diverged = new long[VECTORS];
  final long[] phaseOver = new long[VECTORS];
  final long[] attention = new long[VECTORS];

  /** The step at which {@link #left} will be 0. */
  final int[] due = new int[LANES];

  final int[] row = new int[LANES];
  private int occupied;
  private int nextRow;

  /** The restart of row 0. */
  long first;

  /**
   * @param noted what is noted on the way
   */
  FloatPopulationDescent(ConvExperiment experiment, Set<Recorded> noted) {
    this.maxSteps = experiment.maxSteps();
    this.tilt = (float) experiment.network().activation().tilt();
    this.phases = noted.contains(Recorded.PHASES);
    this.sampled =
        noted.contains(Recorded.TRAJECTORY) ? TrajectorySteps.upTo(maxSteps) : new int[] {maxSteps};
  }

  /**
   * Applies the rules to the lanes of the first vectors: fills {@link #global}, {@link #spurious},
   * {@link #diverged}, {@link #phaseOver} and {@link #attention}.
   */
  abstract void check(int vectors);

  /**
   * After a check, takes one step with the lanes of the first vectors that ask for no attention.
   */
  abstract void step(int vectors);

  @Override
  public final boolean descend(PopulationLaunch launch, ConvRows rows, BooleanSupplier stopped) {
    nextRow = 0;
    first = launch.first;
    for (occupied = 0; occupied < LANES && nextRow < launch.count; occupied++) {
      take(occupied, launch);
    }
    for (int passes = 1; occupied > 0; passes++) {
      if (passes % PASSES_BETWEEN_POLLS == 0 && stopped.getAsBoolean()) {
        return false;
      }
      int vectors = (occupied + LENGTH - 1) / LENGTH;
      turn(vectors);
      check(vectors);
      step(vectors);
      // Downwards, so that a lane that moves into a hole has already been attended to.
      for (int v = vectors - 1; v >= 0; v--) {
        for (long bits = attention[v]; bits != 0; ) {
          int bit = 63 - Long.numberOfLeadingZeros(bits);
          bits ^= 1L << bit;
          if (v * LENGTH + bit < occupied) {
            attend(v, bit, launch, rows);
          }
        }
      }
    }
    return true;
  }

  @Override
  public final double[][] trajectory(PopulationLaunch launch, int steps) {
    nextRow = 0;
    first = launch.first;
    take(0, launch);
    double[][] states = new double[steps + 1][];
    for (int t = 0; t <= steps; t++) {
      states[t] = state(0).toArray();
      turn(1);
      check(1);
      attention[0] = 0;
      step(1);
    }
    return states;
  }

  private ConvState state(int lane) {
    return new ConvState(x[lane], y[lane], mean[lane], contrast[lane], rest[lane]);
  }

  /** A lane takes up the next row. */
  private void take(int lane, PopulationLaunch launch) {
    int taken = nextRow++;
    row[lane] = taken;
    x[lane] = (float) launch.x[taken];
    y[lane] = (float) launch.y[taken];
    mean[lane] = (float) launch.mean[taken];
    contrast[lane] = (float) launch.contrast[taken];
    rest[lane] = (float) launch.rest[taken];
    phase[lane] = phases ? 1 : -1;
    arm(lane, 0, 0);
  }

  /** Lets a lane ask for attention at the first sampled step from {@code from} on. */
  private void arm(int lane, int step, int from) {
    int target = sampled[TrajectorySteps.next(sampled, from)];
    due[lane] = Math.min(target, step + Math.min(COUNTDOWN, Integer.MAX_VALUE - step));
    left[lane] = due[lane] - step;
  }

  private void attend(int vector, int bit, PopulationLaunch launch, ConvRows rows) {
    int lane = vector * LENGTH + bit;
    int step = due[lane] - (int) left[lane];
    if (phases && (phaseOver[vector] >>> bit & 1) != 0) {
      rows.phaseOne(row[lane], step);
      phase[lane] = -1;
    }
    if (left[lane] == 0) {
      due(lane, step, rows);
    }
    Outcome outcome = outcome(vector, bit);
    if (outcome == Outcome.UNDECIDED && step < maxSteps) {
      return;
    }
    end(lane, step, outcome, launch);
    if (nextRow < launch.count) {
      take(lane, launch);
    } else {
      move(--occupied, lane);
    }
  }

  private void due(int lane, int step, ConvRows rows) {
    int position = TrajectorySteps.next(sampled, step);
    if (sampled.length > 1 && sampled[position] == step) {
      ConvState state = state(lane);
      rows.sample(row[lane], position, state, rows.populationLoss(state));
    }
    if (step < maxSteps) {
      arm(lane, step, step + 1);
    }
  }

  private Outcome outcome(int vector, int bit) {
    if ((diverged[vector] >>> bit & 1) != 0) {
      return Outcome.DIVERGED;
    }
    if ((global[vector] >>> bit & 1) != 0) {
      return Outcome.GLOBAL;
    }
    return (spurious[vector] >>> bit & 1) != 0 ? Outcome.SPURIOUS : Outcome.UNDECIDED;
  }

  private void end(int lane, int step, Outcome outcome, PopulationLaunch launch) {
    int ended = row[lane];
    launch.x[ended] = x[lane];
    launch.y[ended] = y[lane];
    launch.mean[ended] = mean[lane];
    launch.contrast[ended] = contrast[lane];
    launch.rest[ended] = rest[lane];
    launch.steps[ended] = step;
    launch.outcome[ended] = outcome.code();
  }

  private void move(int from, int to) {
    x[to] = x[from];
    y[to] = y[from];
    mean[to] = mean[from];
    contrast[to] = contrast[from];
    rest[to] = rest[from];
    left[to] = left[from];
    phase[to] = phase[from];
    due[to] = due[from];
    row[to] = row[from];
  }

  /** What check and step need of the filters: 1∕n, cosine and sine of φ, π − φ and G(φ). */
  private void turn(int vectors) {
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector norm = x.fma(x, y.mul(y)).sqrt();
      FloatVector side = x.abs();
      VectorMask<Float> steep = y.compare(GT, side);
      FloatVector larger = side.blend(y, steep);
      // One division for both 1∕n and the ratio of the coordinates.
      FloatVector reciprocal = ONE.div(norm.mul(larger));
      FloatVector scale = larger.mul(reciprocal);
      scale.intoArray(perNorm, at);
      x.mul(scale).intoArray(cosine, at);
      y.mul(scale).intoArray(sine, at);
      y.blend(side, steep).mul(norm).mul(reciprocal).intoArray(angleLeft, at);
    }
    for (int at = 0; at < vectors * LENGTH; at += LENGTH) {
      FloatVector angle = FloatLanes.arctangent(FloatVector.fromArray(SPECIES, angleLeft, at));
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector upright = angle.blend(HALF_PI.sub(angle), y.compare(GT, x.abs()));
      FloatVector left = PI.sub(upright).blend(upright, x.compare(LT, ZERO));
      FloatVector sine = FloatVector.fromArray(SPECIES, this.sine, at);
      left.intoArray(angleLeft, at);
      left.add(tilt).fma(FloatVector.fromArray(SPECIES, cosine, at), sine).intoArray(g, at);
    }
  }

  /** Whether the filter lies within π∕4 of the teacher's line, in lanes that are in phase one. */
  final VectorMask<Float> nearLine(int at) {
    FloatVector side = FloatVector.fromArray(SPECIES, x, at).abs();
    return FloatVector.fromArray(SPECIES, y, at)
        .compare(LE, side.mul(FloatVector.fromArray(SPECIES, phase, at)));
  }
}
