package org.basinsim.backend.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Teacher;

/**
 * Angles and population losses of the ends of a launch, a vector at a time: {@link
 * LearnedReduction#loss} and {@link Average#loss}, which scalar would cost as much as the descent.
 */
final class EndLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleLanes.SPECIES;
  private static final int LENGTH = DoubleLanes.LENGTH;

  private final boolean learned;
  private final double k;
  private final double teacherMean;
  private final double teacherContrast;
  private final double squaredOutput;
  private final double teacherNorm;
  private final Average population;

  /** Of the activation: s, b and G(0). */
  private final double bent;

  private final double tilt;
  private final double most;

  /** By row; rows are padded to whole vectors. */
  final double[] angle;

  final double[] loss;

  EndLanes(ConvExperiment experiment, PopulationLaunch launch) {
    Teacher teacher = experiment.teacher();
    Activation activation = experiment.network().activation();
    this.population = Average.of(experiment);
    this.bent = activation.bent();
    this.tilt = activation.tilt();
    this.most = activation.most();
    this.learned = experiment.learned();
    this.k = teacher.patches();
    this.teacherMean = teacher.mean();
    this.teacherContrast = teacher.contrast();
    this.squaredOutput = teacher.squaredOutput();
    this.teacherNorm = teacher.filterNorm();
    this.angle = new double[launch.padded];
    this.loss = new double[launch.padded];
    for (int row = 0; row < launch.count; row += LENGTH) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, launch.x, row);
      DoubleVector y = DoubleVector.fromArray(SPECIES, launch.y, row);
      DoubleLanes.atan2(y, x).intoArray(angle, row);
    }
    for (int row = 0; row < launch.count; row += LENGTH) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, launch.x, row);
      DoubleVector y = DoubleVector.fromArray(SPECIES, launch.y, row);
      DoubleVector norm = x.fma(x, y.mul(y)).sqrt();
      DoubleVector left = DoubleVector.fromArray(SPECIES, angle, row).sub(Math.PI).neg();
      // G(φ), in units of 1∕n.
      DoubleVector g = left.add(tilt).mul(x).add(y);
      if (learned) {
        learned(launch, row, g.div(norm)).intoArray(loss, row);
      } else {
        average(norm, g).intoArray(loss, row);
      }
    }
  }

  private DoubleVector learned(PopulationLaunch launch, int row, DoubleVector g) {
    DoubleVector mean = DoubleVector.fromArray(SPECIES, launch.mean, row);
    DoubleVector contrast = DoubleVector.fromArray(SPECIES, launch.contrast, row);
    DoubleVector rest = DoubleVector.fromArray(SPECIES, launch.rest, row);
    DoubleVector q = mean.mul(teacherMean).add(contrast.mul(teacherContrast));
    DoubleVector squares = mean.mul(mean).add(contrast.mul(contrast)).add(rest.mul(rest));
    DoubleVector own = squares.add(squaredOutput).mul(most - 1);
    DoubleVector sums = mean.mul(mean).add(teacherMean * teacherMean).mul(k);
    DoubleVector cross = g.sub(1).mul(q).add(mean.mul(k * teacherMean));
    return own.add(sums).sub(cross.mul(2)).mul(bent / (4 * Math.PI));
  }

  private DoubleVector average(DoubleVector norm, DoubleVector scaledG) {
    double stretch = 2 * population.beta() * teacherNorm;
    DoubleVector squares = norm.mul(norm).add(teacherNorm * teacherNorm).mul(population.gamma());
    DoubleVector kernel = scaledG.mul(teacherNorm * k / Math.PI);
    return squares.sub(kernel).sub(norm.mul(stretch)).mul(population.scale());
  }
}
