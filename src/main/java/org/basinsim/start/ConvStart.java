package org.basinsim.start;

import java.util.Arrays;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Elementary;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.random.Uniform;

/**
 * Random starts of the convolutional network.
 *
 * <p>Descent in reduced coordinates sees a start through its invariants only, and those have closed
 * laws: for a filter uniform on the sphere or normal, x is normal and y² a chi-square with p − 1
 * degrees of freedom (normalized on the sphere); for output weights uniform in the ball of radius R
 * in R^k, the squared radius in a plane is R² Beta(1, k∕2), its angle uniform, and the rest uniform
 * in the ball that is left. Drawing these costs a few words, whatever k and p. {@link #filter} and
 * {@link #output} draw the remaining directions, given the invariants.
 *
 * <p>Words (stream of the start, step 0): {@code FILTER_START} 0–1 x; {@code FILTER_ACROSS} the
 * chi-square; {@code OUTPUT_START} 0 plane radius, 1 plane angle, 2 radius of the rest; for normal
 * output weights 0–1 the plane, {@code OUTPUT_ACROSS} the chi-square of the rest. A cube takes word
 * i of {@code FILTER_START} for coordinate i.
 */
public final class ConvStart {
  private final ConvExperiment experiment;
  private final StartLaw law;
  private final Teacher teacher;
  private final long key;
  private final int p;
  private final int k;

  public ConvStart(ConvExperiment experiment) {
    this.experiment = experiment;
    this.law = experiment.start();
    this.teacher = experiment.teacher();
    this.key = experiment.key();
    this.p = experiment.patchSize();
    this.k = experiment.patches();
  }

  /** The invariants of a restart's start; output parts are 0 for average output. */
  public ConvState state(long restart) {
    long stream = experiment.startStream(restart);
    double[] plane = filterPlane(stream);
    double[] output = experiment.learned() ? outputPlane(stream) : new double[3];
    double filterSign = filterSign(restart);
    double outputSign = outputSign(restart);
    return new ConvState(
        filterSign * plane[0], plane[1], outputSign * output[0], outputSign * output[1], output[2]);
  }

  /**
   * The filter of a restart's start.
   *
   * @return v, length p, with the invariants of {@link #state}
   */
  public double[] filter(long restart) {
    long stream = experiment.startStream(restart);
    double sign = filterSign(restart);
    double[] v;
    if (law.filter() == StartLaw.Filter.CUBE) {
      v = cube(stream);
    } else if (law.filter() == StartLaw.Filter.SHORTCUT) {
      v = shortcut();
    } else {
      double[] plane = filterPlane(stream);
      double[] axis = teacher.unitFilter();
      v = direction(p, stream, Purpose.FILTER_REST, axis);
      for (int i = 0; i < p; i++) {
        v[i] = plane[0] * axis[i] + plane[1] * v[i];
      }
    }
    for (int i = 0; i < p; i++) {
      v[i] *= sign;
    }
    return v;
  }

  /**
   * The output weights of a restart's start.
   *
   * @return a, length k, with the invariants of {@link #state}
   */
  public double[] output(long restart) {
    long stream = experiment.startStream(restart);
    double sign = outputSign(restart);
    double[] plane = outputPlane(stream);
    double[] meanAxis = teacher.meanAxis();
    double[] contrastAxis = teacher.contrastAxis();
    double[] a = new double[k];
    if (k > 2 && plane[2] > 0) {
      a = direction(k, stream, Purpose.OUTPUT_REST, meanAxis, contrastAxis);
    }
    for (int j = 0; j < k; j++) {
      a[j] = sign * (plane[0] * meanAxis[j] + plane[1] * contrastAxis[j] + plane[2] * a[j]);
    }
    return a;
  }

  private double filterSign(long restart) {
    return law.quadruple() && (restart & 1) == 1 ? -1 : 1;
  }

  private double outputSign(long restart) {
    return law.quadruple() && (restart & 2) == 2 ? -1 : 1;
  }

  /** x and y. */
  private double[] filterPlane(long stream) {
    if (law.filter() == StartLaw.Filter.CUBE) {
      return project(cube(stream), teacher.unitFilter());
    }
    if (law.filter() == StartLaw.Filter.SHORTCUT) {
      return project(shortcut(), teacher.unitFilter());
    }
    double[] normals = new double[4];
    Gaussian.normals(block(stream, Purpose.FILTER_START), 0, normals, 0);
    double x = normals[0];
    double across = ChiSquare.draw(p - 1, key, stream, Purpose.FILTER_ACROSS, 0);
    double y = Math.sqrt(across);
    if (law.filter() == StartLaw.Filter.NORMAL) {
      return new double[] {x, y};
    }
    double norm = Math.sqrt(Math.fma(x, x, across));
    return new double[] {x / norm, y / norm};
  }

  /** The component of v along a unit vector, and the norm of what is beside it. */
  private static double[] project(double[] v, double[] axis) {
    double along = 0;
    for (int i = 0; i < v.length; i++) {
      along += v[i] * axis[i];
    }
    double squares = 0;
    for (int i = 0; i < v.length; i++) {
      double left = v[i] - along * axis[i];
      squares += left * left;
    }
    return new double[] {along, Math.sqrt(squares)};
  }

  private double[] shortcut() {
    double[] v = new double[p];
    Arrays.fill(v, 1 / Math.sqrt(p));
    return v;
  }

  private double[] cube(long stream) {
    double[] v = new double[p];
    for (int i = 0; i < p; i++) {
      v[i] = 2 * Uniform.of(Philox.word(key, stream, Purpose.FILTER_START, 0, i)) - 1;
    }
    return v;
  }

  /** Mean, contrast and rest. */
  private double[] outputPlane(long stream) {
    double radius = law.outputRadius();
    int[] words = block(stream, Purpose.OUTPUT_START);
    return switch (law.output()) {
      case ZERO -> new double[3];
      case NORMAL -> normalPlane(stream, words, radius / Math.sqrt(k));
      case BALL -> {
        if (k == 1) {
          yield new double[] {radius * (2 * Uniform.of(words[0]) - 1), 0, 0};
        }
        double part = -powerComplement(words[0], 2.0 / k);
        double left = 1 - part;
        double beside = k == 2 ? 0 : left * (1 + powerComplement(words[2], 2.0 / (k - 2)));
        yield plane(radius, part, words[1], beside);
      }
      case SPHERE -> {
        if (k == 1) {
          yield new double[] {words[0] < 0 ? -radius : radius, 0, 0};
        }
        double part = k == 2 ? 1 : -powerComplement(words[0], 2.0 / (k - 2));
        yield plane(radius, part, words[1], 1 - part);
      }
    };
  }

  private double[] normalPlane(long stream, int[] words, double deviation) {
    double[] normals = new double[4];
    Gaussian.normals(words, 0, normals, 0);
    if (k == 1) {
      return new double[] {deviation * normals[0], 0, 0};
    }
    double rest = ChiSquare.draw(k - 2, key, stream, Purpose.OUTPUT_ACROSS, 0);
    return new double[] {
      deviation * normals[0], deviation * normals[1], deviation * Math.sqrt(rest)
    };
  }

  /**
   * A point of the plane and the norm beside it.
   *
   * @param part squared radius in the plane, in units of the squared radius
   * @param turn word that is the angle
   * @param beside squared norm beside the plane, in the same units
   */
  private static double[] plane(double radius, double part, int turn, double beside) {
    double inPlane = radius * Math.sqrt(part);
    return new double[] {
      inPlane * Elementary.cosineOfTurn(turn),
      inPlane * Elementary.sineOfTurn(turn),
      radius * Math.sqrt(beside)
    };
  }

  /** U^power − 1 for the uniform U of a word, accurate also where it is small. */
  private static double powerComplement(int word, double power) {
    return Elementary.expm1(-0.5 * power * Gaussian.exponential(word));
  }

  /** A uniform unit vector orthogonal to the given orthonormal axes. */
  private double[] direction(int length, long stream, Purpose purpose, double[]... axes) {
    double[] d = new double[length];
    Gaussian.fill(d, 0, length, key, stream, purpose, 0, 0);
    // Twice is enough: the second pass removes what rounding left of the first.
    for (int pass = 0; pass < 2; pass++) {
      for (double[] axis : axes) {
        double along = 0;
        for (int i = 0; i < length; i++) {
          along += d[i] * axis[i];
        }
        for (int i = 0; i < length; i++) {
          d[i] -= along * axis[i];
        }
      }
    }
    double norm = 0;
    for (double value : d) {
      norm += value * value;
    }
    norm = Math.sqrt(norm);
    for (int i = 0; i < length; i++) {
      d[i] /= norm;
    }
    return d;
  }

  private int[] block(long stream, Purpose purpose) {
    int[] words = new int[4];
    Philox.block(key, stream, purpose, 0, 0, words, 0);
    return words;
  }
}
