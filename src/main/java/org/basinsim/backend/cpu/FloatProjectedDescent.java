package org.basinsim.backend.cpu;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.Outcome;
import org.basinsim.model.TrajectorySteps;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvRows;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.Teacher;
import org.basinsim.start.ConvStart;

/**
 * Projected online descent, one restart a lane: checks the rules before every step, and lets a lane
 * whose restart has ended take up the next one at once.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatProjectedDescent implements ProjectedLanes {
  private static final VectorSpecies<Float> SPECIES = FloatProjectedTile.SPECIES;
  private static final int LENGTH = FloatProjectedTile.LENGTH;

  /** Normals between two questions whether to stop: below half a second even when interpreted. */
  private static final int NORMALS_BETWEEN_POLLS = 1 << 16;

  private static final float LIMIT = (float) (Outcome.DIVERGENCE_NORM * Outcome.DIVERGENCE_NORM);

  private final ConvExperiment experiment;
  private final ConvStart start;
  private final Teacher teacher;
  private final LearnedReduction population;
  private final boolean learned;
  private final int k;
  private final int batch;
  private final int[] sampled;

  private final float[] teacherOutput;
  private final float[] spuriousOutput;

  private final FloatProjectedTile tile;
  private final int[] row = new int[LENGTH];
  private final boolean[] phaseOne = new boolean[LENGTH];
  private int nextRow;

  private final float[] angle = new float[LENGTH];
  private final float[] squaredOutput = new float[LENGTH];
  private final float[] toGlobal = new float[LENGTH];
  private final float[] toSpurious = new float[LENGTH];

  FloatProjectedDescent(ConvExperiment experiment) {
    this.experiment = experiment;
    this.start = new ConvStart(experiment);
    this.teacher = experiment.teacher();
    this.population = LearnedReduction.of(experiment);
    this.learned = experiment.learned();
    this.k = experiment.patches();
    this.batch = ((Oracle.Online) experiment.oracle()).batch();
    this.sampled =
        experiment.records(Recorded.TRAJECTORY)
            ? TrajectorySteps.upTo(experiment.maxSteps())
            : new int[0];
    this.teacherOutput = new float[k];
    this.spuriousOutput = new float[k];
    double[] output = teacher.scaledOutput();
    double[] mean = teacher.meanAxis();
    double[] contrast = teacher.contrastAxis();
    for (int j = 0; j < k; j++) {
      teacherOutput[j] = (float) output[j];
      spuriousOutput[j] =
          (float)
              (population.spuriousMean() * mean[j] + population.spuriousContrast() * contrast[j]);
    }
    this.tile = new FloatProjectedTile(experiment);
  }

  @Override
  public boolean descend(long first, int count, ConvRows rows, BooleanSupplier stopped) {
    nextRow = 0;
    Arrays.fill(row, -1);
    for (int lane = 0; lane < LENGTH; lane++) {
      take(lane, first, count, rows);
    }
    int polls = (int) Math.max(1, NORMALS_BETWEEN_POLLS / (2L * batch * k * LENGTH));
    for (int passes = 1; ; passes++) {
      if (passes % polls == 0 && stopped.getAsBoolean()) {
        return false;
      }
      // A restart that has just been taken up is checked before its first step.
      boolean taken = true;
      while (taken) {
        check();
        taken = attend(first, count, rows);
      }
      if (idle()) {
        return true;
      }
      tile.step();
    }
  }

  @Override
  public double[][] trajectory(long restart, int steps) {
    load(0, restart);
    double[][] states = new double[steps + 1][];
    for (int t = 0; t <= steps; t++) {
      states[t] = tile.state(0).toArray();
      tile.step();
    }
    return states;
  }

  private boolean idle() {
    for (int taken : row) {
      if (taken >= 0) {
        return false;
      }
    }
    return true;
  }

  /** A lane takes up the next restart, if there is one. */
  private boolean take(int lane, long first, int count, ConvRows rows) {
    if (nextRow == count) {
      row[lane] = -1;
      return false;
    }
    row[lane] = nextRow++;
    phaseOne[lane] = experiment.records(Recorded.PHASES);
    rows.start(row[lane], load(lane, first + row[lane]));
    return true;
  }

  private ConvState load(int lane, long restart) {
    ConvState state = start.state(restart);
    double[] output = learned ? start.output(restart) : teacher.output();
    tile.put(lane, experiment.inputStream(restart), state, output);
    return state;
  }

  /** Writes down what is due and ends what is over; says whether a lane took up a restart. */
  private boolean attend(long first, int count, ConvRows rows) {
    boolean taken = false;
    for (int lane = 0; lane < LENGTH; lane++) {
      if (row[lane] < 0) {
        continue;
      }
      int position = sampled.length == 0 ? -1 : Arrays.binarySearch(sampled, tile.step[lane]);
      if (position >= 0) {
        ConvState state = tile.state(lane);
        rows.sample(row[lane], position, state, rows.populationLoss(state));
      }
      if (phaseOne[lane] && rows.phaseOneOver(tile.state(lane))) {
        rows.phaseOne(row[lane], tile.step[lane]);
        phaseOne[lane] = false;
      }
      Outcome outcome = outcome(lane);
      if (outcome != Outcome.UNDECIDED || tile.step[lane] == experiment.maxSteps()) {
        rows.finish(row[lane], outcome, tile.step[lane], tile.state(lane));
        taken |= take(lane, first, count, rows);
      }
    }
    return taken;
  }

  private Outcome outcome(int lane) {
    double squaredFilter = (double) tile.norm[lane] * tile.norm[lane];
    if (!(squaredFilter <= LIMIT && (!learned || squaredOutput[lane] <= LIMIT))) {
      return Outcome.DIVERGED;
    }
    if (!learned) {
      return near(toGlobal[lane], experiment.rule().distance() * teacher.filterNorm())
          ? Outcome.GLOBAL
          : Outcome.UNDECIDED;
    }
    double radius = experiment.rule().output() * population.teacherNorm();
    if (angle[lane] <= experiment.rule().angle() && near(toGlobal[lane], radius)) {
      return Outcome.GLOBAL;
    }
    return angle[lane] >= Math.PI - 2 * experiment.rule().angle()
            && population.spuriousIsMinimum()
            && near(toSpurious[lane], radius)
        ? Outcome.SPURIOUS
        : Outcome.UNDECIDED;
  }

  private static boolean near(double squaredDistance, double radius) {
    return squaredDistance <= radius * radius;
  }

  /** What the rules need of every lane. */
  private void check() {
    tile.turn();
    if (!learned) {
      FloatVector along =
          FloatVector.fromArray(SPECIES, tile.x, 0).sub((float) teacher.filterNorm());
      FloatVector beside = FloatVector.fromArray(SPECIES, tile.y, 0);
      along.fma(along, beside.mul(beside)).intoArray(toGlobal, 0);
      return;
    }
    FloatLanes.atan2(
            FloatVector.fromArray(SPECIES, tile.y, 0), FloatVector.fromArray(SPECIES, tile.x, 0))
        .intoArray(angle, 0);
    FloatVector squares = FloatVector.zero(SPECIES);
    FloatVector global = FloatVector.zero(SPECIES);
    FloatVector spurious = FloatVector.zero(SPECIES);
    for (int j = 0; j < k; j++) {
      FloatVector weight = FloatVector.fromArray(SPECIES, tile.a, j * LENGTH);
      FloatVector left = weight.sub(teacherOutput[j]);
      FloatVector other = weight.sub(spuriousOutput[j]);
      squares = weight.fma(weight, squares);
      global = left.fma(left, global);
      spurious = other.fma(other, spurious);
    }
    squares.intoArray(squaredOutput, 0);
    global.intoArray(toGlobal, 0);
    spurious.intoArray(toSpurious, 0);
  }
}
