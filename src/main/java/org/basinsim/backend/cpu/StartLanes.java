package org.basinsim.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.start.ConvStart;

/**
 * Draws the starts of a launch a vector at a time, with the bits of {@link ConvStart#state}: a
 * population restart is decided after some fifty steps, so that a scalar start would cost as much
 * as the descent. Laws that nobody draws by the million are left to the scalar text.
 */
final class StartLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleLanes.SPECIES;
  private static final int LENGTH = DoubleLanes.LENGTH;

  private final ConvExperiment experiment;
  private final ConvStart scalar;
  private final long key;
  private final boolean vectorized;
  private final int k;
  private final double radius;

  private final int[] streamLow = new int[LENGTH];
  private final int[] streamHigh = new int[LENGTH];
  private final int[] streamHighOutput = new int[LENGTH];
  private final int[] zeros = new int[LENGTH];
  private final double[] normals = new double[DoubleLanes.BLOCK];
  private final double[] across = new double[LENGTH];
  private final double[] words = new double[DoubleLanes.BLOCK];
  private final double[] turn = new double[2 * LENGTH];

  StartLanes(ConvExperiment experiment) {
    StartLaw law = experiment.start();
    this.experiment = experiment;
    this.scalar = new ConvStart(experiment);
    this.key = experiment.key();
    this.k = experiment.patches();
    this.radius = law.outputRadius();
    boolean ball = law.output() == StartLaw.Output.BALL && k > 1;
    boolean round =
        law.filter() == StartLaw.Filter.SPHERE || law.filter() == StartLaw.Filter.NORMAL;
    this.vectorized = round && (ball || !experiment.learned());
  }

  /** Draws the starts of restarts {@code first …} to the rows of a launch. */
  void draw(long first, PopulationLaunch launch) {
    int row = 0;
    for (; vectorized && row + LENGTH <= launch.count; row += LENGTH) {
      streams(first + row);
      filters(launch, row);
      if (experiment.learned()) {
        outputs(launch, row);
      }
    }
    if (experiment.start().quadruple()) {
      signs(first, launch, row);
    }
    for (; row < launch.count; row++) {
      launch.put(row, scalar.state(first + row));
    }
  }

  private void streams(long restart) {
    for (int i = 0; i < LENGTH; i++) {
      long stream = experiment.startStream(restart + i);
      streamLow[i] = Philox.streamLow(stream);
      streamHigh[i] = (int) (stream >>> 32);
      streamHighOutput[i] = Philox.streamHigh(stream, Purpose.OUTPUT_START);
    }
  }

  private void filters(PopulationLaunch launch, int row) {
    DoubleDraws.normalsPerLane(
        normals, 0, 1, key, streamLow, streamHigh, Purpose.FILTER_START, zeros, 0);
    DoubleDraws.chiSquarePerLane(
        across,
        0,
        experiment.patchSize() - 1,
        key,
        streamLow,
        streamHigh,
        Purpose.FILTER_ACROSS,
        zeros);
    DoubleVector x = DoubleVector.fromArray(SPECIES, normals, 0);
    DoubleVector square = DoubleVector.fromArray(SPECIES, across, 0);
    DoubleVector y = square.sqrt();
    if (experiment.start().filter() == StartLaw.Filter.SPHERE) {
      DoubleVector norm = x.fma(x, square).sqrt();
      x = x.div(norm);
      y = y.div(norm);
    }
    x.intoArray(launch.x, row);
    y.intoArray(launch.y, row);
  }

  /** A point of the ball: words 0, 1, 2 are radius and angle in the plane, radius of the rest. */
  private void outputs(PopulationLaunch launch, int row) {
    PhiloxLanes.words(words, 0, 1, key, zeros, 0, zeros, streamLow, streamHighOutput);
    DoubleVector.broadcast(SPECIES, 1).intoArray(turn, 0);
    System.arraycopy(words, LENGTH, turn, LENGTH, LENGTH);
    DoubleLanes.turns(turn, 0, 2 * LENGTH);
    DoubleLanes.exponentials(words, 0, 4 * LENGTH, 2);
    DoubleVector part = powerComplement(0, 2.0 / k).neg();
    DoubleVector beside = DoubleVector.zero(SPECIES);
    if (k > 2) {
      DoubleVector left = part.neg().add(1);
      beside = left.mul(powerComplement(2 * LENGTH, 2.0 / (k - 2)).add(1));
    }
    DoubleVector inPlane = part.sqrt().mul(radius);
    inPlane.mul(DoubleVector.fromArray(SPECIES, turn, 0)).intoArray(launch.mean, row);
    inPlane.mul(DoubleVector.fromArray(SPECIES, turn, LENGTH)).intoArray(launch.contrast, row);
    beside.sqrt().mul(radius).intoArray(launch.rest, row);
  }

  /** U^power − 1 for the uniforms U whose −2 ln U stand in words. */
  private DoubleVector powerComplement(int at, double power) {
    return DoubleLanes.expm1(DoubleVector.fromArray(SPECIES, words, at).mul(-0.5 * power));
  }

  /** The four of a quadruple: (v, a), (−v, a), (v, −a), (−v, −a). */
  private static void signs(long first, PopulationLaunch launch, int rows) {
    for (int row = 0; row < rows; row++) {
      if ((first + row & 1) != 0) {
        launch.x[row] = -launch.x[row];
      }
      if ((first + row & 2) != 0) {
        launch.mean[row] = -launch.mean[row];
        launch.contrast[row] = -launch.contrast[row];
      }
    }
  }
}
