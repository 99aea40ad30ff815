package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.twolayer.TwoLayer;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerState;

/**
 * Loss and gradient of two layers for one vector of restarts, one a lane.
 *
 * <p>With s = sin θ and m = π − θ between student i and student j or teacher t, 2π times the
 * gradient is the product G = M W − m_it of a symmetric n × n matrix with the students: M_ij = m_ij
 * off the diagonal, M_ii = π + (Σ_j ‖w_j‖ s_ij − Σ_t s_it)∕‖w_i‖. So each pair of students is
 * looked at once. κ is homogeneous of degree one in each argument, so that w_i·∂F∕∂w_i is a sum of
 * kernels, and F = ½ Σ_i w_i·∂F∕∂w_i − ½ Σ κ(w_i, v_t) + ½ Σ κ(v_s, v_t) needs only those with
 * teachers besides.
 *
 * <p>s = √((1 − c)(1 + c)) from the cosine c is off by ε∕s, and θ with it; but κ and its gradient
 * change by ε only, because there s, θ and c belong to one angle and dκ∕dθ is of order s.
 *
 * <p>Passes are short loops that call the Vector API and hardly anything else, because the compiler
 * stops inlining other methods after some forty vector operations.
 */
final class TwoLayerLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleLanes.SPECIES;

  /** Restarts side by side. */
  static final int LENGTH = DoubleLanes.LENGTH;

  private static final double TWO_PI = 2 * Math.PI;

  private final int n;
  private final int k;

  /** Length of a row of {@link #cosine}, {@link #sine} and {@link #left}. */
  private final int stride;

  private final double teachersAlone;
  private final double scaledStep;

  /** Coordinate c of student i in lane l: [(ik + c)L + l]. */
  private final double[] w;

  /** 2π ∂F∕∂w, in the same places. */
  private final double[] g;

  private final double[] norm;
  private final double[] perNorm;

  /**
   * Student i with student j > i: [(i(n + k) + j)L + l]; with teacher t: column n + t. Of {@link
   * #left}, which is M, the rest of the square is filled in.
   */
  private final double[] cosine;

  private final double[] sine;
  private final double[] left;

  private final double[] loss = new double[LENGTH];
  private final double[] steepest = new double[LENGTH];
  private final double[] longest = new double[LENGTH];

  TwoLayerLanes(TwoLayerExperiment experiment) {
    this.n = experiment.students();
    this.k = experiment.teachers();
    this.stride = (n + k) * LENGTH;
    this.teachersAlone = new TwoLayer(k).teachersAlone();
    this.scaledStep = experiment.stepSize() / TWO_PI;
    this.w = new double[n * k * LENGTH];
    this.g = new double[n * k * LENGTH];
    this.norm = new double[n * LENGTH];
    this.perNorm = new double[n * LENGTH];
    this.cosine = new double[n * stride];
    this.sine = new double[n * stride];
    this.left = new double[n * stride];
  }

  /** Puts students into a lane; the next {@link #step} leaves them as they are. */
  void put(int lane, double[][] students) {
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < k; c++) {
        w[(i * k + c) * LENGTH + lane] = students[i][c];
        g[(i * k + c) * LENGTH + lane] = 0;
      }
    }
  }

  /** Computes what {@link #state}, {@link #gradient} and {@link #step} need of all lanes. */
  void evaluate() {
    norms();
    for (int i = 0; i < n; i++) {
      cosinesWithStudents(i);
      cosinesWithTeachers(i);
      // Student j > i and all teachers lie side by side.
      int from = i * stride + (i + 1) * LENGTH;
      sines(from, (i + 1) * stride);
      angles(from, (i + 1) * stride);
    }
    for (int i = 0; i < n; i++) {
      diagonal(i);
    }
    for (int i = 0; i < n; i++) {
      product(i);
    }
    sums();
  }

  TwoLayerState state(int lane) {
    return new TwoLayerState(loss[lane], steepest[lane], longest[lane]);
  }

  /** ∂F∕∂w of a lane, student by student. */
  double[] gradient(int lane) {
    double[] gradient = new double[n * k];
    for (int at = 0; at < gradient.length; at++) {
      gradient[at] = g[at * LENGTH + lane] / TWO_PI;
    }
    return gradient;
  }

  /** W − η ∂F∕∂W in every lane. */
  void step() {
    DoubleVector scale = DoubleVector.broadcast(SPECIES, -scaledStep);
    for (int at = 0; at < w.length; at += LENGTH) {
      DoubleVector.fromArray(SPECIES, g, at)
          .fma(scale, DoubleVector.fromArray(SPECIES, w, at))
          .intoArray(w, at);
    }
  }

  private void norms() {
    DoubleVector most = DoubleVector.zero(SPECIES);
    for (int i = 0; i < n; i++) {
      DoubleVector squares = DoubleVector.zero(SPECIES);
      for (int at = i * k * LENGTH; at < (i + 1) * k * LENGTH; at += LENGTH) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, w, at);
        squares = x.fma(x, squares);
      }
      DoubleVector length = squares.sqrt();
      length.intoArray(norm, i * LENGTH);
      DoubleVector.broadcast(SPECIES, 1).div(length).intoArray(perNorm, i * LENGTH);
      most = most.max(length);
    }
    most.intoArray(longest, 0);
  }

  private void cosinesWithStudents(int i) {
    DoubleVector scale = DoubleVector.fromArray(SPECIES, perNorm, i * LENGTH);
    int own = i * k * LENGTH;
    int end = k * LENGTH;
    int j = i + 1;
    for (; j + 1 < n; j += 2) {
      DoubleVector one = DoubleVector.zero(SPECIES);
      DoubleVector two = DoubleVector.zero(SPECIES);
      int first = j * end;
      for (int c = 0; c < end; c += LENGTH) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, w, own + c);
        one = x.fma(DoubleVector.fromArray(SPECIES, w, first + c), one);
        two = x.fma(DoubleVector.fromArray(SPECIES, w, first + end + c), two);
      }
      int to = i * stride + j * LENGTH;
      one.mul(scale.mul(DoubleVector.fromArray(SPECIES, perNorm, j * LENGTH)))
          .intoArray(cosine, to);
      two.mul(scale.mul(DoubleVector.fromArray(SPECIES, perNorm, (j + 1) * LENGTH)))
          .intoArray(cosine, to + LENGTH);
    }
    if (j < n) {
      DoubleVector one = DoubleVector.zero(SPECIES);
      for (int c = 0; c < end; c += LENGTH) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, w, own + c);
        one = x.fma(DoubleVector.fromArray(SPECIES, w, j * end + c), one);
      }
      one.mul(scale.mul(DoubleVector.fromArray(SPECIES, perNorm, j * LENGTH)))
          .intoArray(cosine, i * stride + j * LENGTH);
    }
  }

  private void cosinesWithTeachers(int i) {
    DoubleVector scale = DoubleVector.fromArray(SPECIES, perNorm, i * LENGTH);
    int to = i * stride + n * LENGTH;
    for (int c = 0; c < k * LENGTH; c += LENGTH) {
      DoubleVector.fromArray(SPECIES, w, i * k * LENGTH + c).mul(scale).intoArray(cosine, to + c);
    }
  }

  /** Sines of the angles. */
  private void sines(int from, int to) {
    DoubleVector unit = DoubleVector.broadcast(SPECIES, 1);
    for (int at = from; at < to; at += LENGTH) {
      DoubleVector c = DoubleVector.fromArray(SPECIES, cosine, at);
      DoubleVector side = c.abs();
      // Rounding may take a cosine past 1.
      DoubleVector s = unit.sub(side).max(0).mul(unit.add(side)).sqrt();
      s.intoArray(sine, at);
    }
  }

  /** π − θ: the smaller of sine and cosine has an arcsine within an eighth of a turn. */
  private void angles(int from, int to) {
    DoubleVector pi = DoubleVector.broadcast(SPECIES, Math.PI);
    DoubleVector half = DoubleVector.broadcast(SPECIES, Math.PI / 2);
    for (int at = from; at < to; at += LENGTH) {
      DoubleVector c = DoubleVector.fromArray(SPECIES, cosine, at);
      DoubleVector s = DoubleVector.fromArray(SPECIES, sine, at);
      DoubleVector angle = DoubleLanes.arcsine(s.min(c.abs()));
      VectorMask<Double> steep = s.compare(GT, c.abs());
      DoubleVector upright = angle.blend(half.sub(angle), steep);
      pi.sub(upright).blend(upright, c.compare(LT, 0)).intoArray(left, at);
    }
  }

  /** Row i of M: the part below the diagonal is that above it, and M_ii. */
  private void diagonal(int i) {
    DoubleVector pull = DoubleVector.zero(SPECIES);
    for (int j = 0; j < i; j++) {
      int mirrored = j * stride + i * LENGTH;
      DoubleVector.fromArray(SPECIES, left, mirrored).intoArray(left, i * stride + j * LENGTH);
      pull =
          DoubleVector.fromArray(SPECIES, sine, mirrored)
              .fma(DoubleVector.fromArray(SPECIES, norm, j * LENGTH), pull);
    }
    for (int j = i + 1; j < n; j++) {
      pull =
          DoubleVector.fromArray(SPECIES, sine, i * stride + j * LENGTH)
              .fma(DoubleVector.fromArray(SPECIES, norm, j * LENGTH), pull);
    }
    for (int at = i * stride + n * LENGTH; at < (i + 1) * stride; at += LENGTH) {
      pull = pull.sub(DoubleVector.fromArray(SPECIES, sine, at));
    }
    pull.fma(
            DoubleVector.fromArray(SPECIES, perNorm, i * LENGTH),
            DoubleVector.broadcast(SPECIES, Math.PI))
        .intoArray(left, i * stride + i * LENGTH);
  }

  /** Row i of G. */
  private void product(int i) {
    int row = i * stride;
    int width = k * LENGTH;
    int c = 0;
    for (; c + LENGTH < width; c += 2 * LENGTH) {
      DoubleVector one = DoubleVector.fromArray(SPECIES, left, row + n * LENGTH + c).neg();
      DoubleVector two = DoubleVector.fromArray(SPECIES, left, row + n * LENGTH + c + LENGTH).neg();
      for (int j = 0; j < n; j++) {
        DoubleVector m = DoubleVector.fromArray(SPECIES, left, row + j * LENGTH);
        one = m.fma(DoubleVector.fromArray(SPECIES, w, j * width + c), one);
        two = m.fma(DoubleVector.fromArray(SPECIES, w, j * width + c + LENGTH), two);
      }
      one.intoArray(g, i * width + c);
      two.intoArray(g, i * width + c + LENGTH);
    }
    if (c < width) {
      DoubleVector one = DoubleVector.fromArray(SPECIES, left, row + n * LENGTH + c).neg();
      for (int j = 0; j < n; j++) {
        DoubleVector m = DoubleVector.fromArray(SPECIES, left, row + j * LENGTH);
        one = m.fma(DoubleVector.fromArray(SPECIES, w, j * width + c), one);
      }
      one.intoArray(g, i * width + c);
    }
  }

  /** The loss and the longest gradient. */
  private void sums() {
    DoubleVector most = DoubleVector.zero(SPECIES);
    DoubleVector sum = DoubleVector.zero(SPECIES);
    for (int i = 0; i < n; i++) {
      DoubleVector squares = DoubleVector.zero(SPECIES);
      DoubleVector across = DoubleVector.zero(SPECIES);
      for (int c = 0; c < k * LENGTH; c += LENGTH) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, w, i * k * LENGTH + c);
        DoubleVector slope = DoubleVector.fromArray(SPECIES, g, i * k * LENGTH + c);
        int teacher = i * stride + n * LENGTH + c;
        squares = slope.fma(slope, squares);
        sum = slope.sub(DoubleVector.fromArray(SPECIES, left, teacher)).fma(x, sum);
        across = across.add(DoubleVector.fromArray(SPECIES, sine, teacher));
      }
      sum = sum.sub(across.mul(DoubleVector.fromArray(SPECIES, norm, i * LENGTH)));
      most = most.max(squares.sqrt());
    }
    most.intoArray(steepest, 0);
    sum.mul(1 / (2 * TWO_PI)).add(teachersAlone).intoArray(loss, 0);
  }
}
