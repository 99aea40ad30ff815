package org.basinsim.backend.reference;

import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.ChiSquare;
import org.basinsim.random.Gaussian;
import org.basinsim.random.Purpose;
import org.basinsim.start.ConvStart;

/**
 * Online descent on what student and teacher see of the inputs, equal in law to drawing the inputs
 * themselves.
 *
 * <p>Of a patch Z only u = ŵ·Z and t = e·Z matter, e the unit vector of span(ŵ, w*) orthogonal to
 * ŵ; both are standard normal, and w*·Z = ‖w*‖(c u + d t) with c = cos φ, d = sin φ. With the
 * residual r_b,
 *
 * <pre>
 *   ∂a_j = (1∕B) Σ_b r_b σ(u_bj)                G_e = (1∕B) Σ_b r_b Σ_j a_j σ′(u_bj) t_bj
 *   G_r  = (1∕B) Σ_b r_b Σ_j a_j σ(u_bj)        s²  = (1∕B²) Σ_b r_b² Σ_j a_j² σ′(u_bj)²
 * </pre>
 *
 * and in the p − 2 directions orthogonal to both filters the gradient is exactly N(0, s² I): the
 * square of its norm is s² χ²_{p−2}. Normals 2(bk + j) and 2(bk + j) + 1 of the step are u_bj and
 * t_bj.
 */
final class ProjectedDescent implements ConvDescent {
  private final ConvExperiment experiment;
  private final Teacher teacher;
  private final Network network;
  private final LearnedReduction learned;
  private final Average average;
  private final long key;
  private final long stream;
  private final int batch;
  private final int k;
  private final int p;
  private double x;
  private double y;
  private final double[] a;

  ProjectedDescent(ConvExperiment experiment, ConvStart start, long restart) {
    this.experiment = experiment;
    this.teacher = experiment.teacher();
    this.network = experiment.network();
    this.learned = LearnedReduction.of(experiment);
    this.average = Average.of(experiment);
    this.key = experiment.key();
    this.stream = experiment.inputStream(restart);
    this.batch = ((Oracle.Online) experiment.oracle()).batch();
    this.k = experiment.patches();
    this.p = experiment.patchSize();
    ConvState state = start.state(restart);
    this.x = state.x();
    this.y = state.y();
    this.a = experiment.learned() ? start.output(restart) : teacher.output();
  }

  @Override
  public ConvState state() {
    if (!experiment.learned()) {
      return new ConvState(x, y, 0, 0, 0);
    }
    ConvState output = teacher.project(teacher.filter(), a);
    return new ConvState(x, y, output.mean(), output.contrast(), output.rest());
  }

  @Override
  public double[] filter() {
    return new double[0];
  }

  @Override
  public Outcome established(int step) {
    return experiment.learned()
        ? experiment.rule().near(learned, state())
        : experiment.rule().near(average, state());
  }

  @Override
  public double loss(int step) {
    return experiment.learned() ? learned.loss(state()) : average.loss(state());
  }

  @Override
  public double[] gradient(int step) {
    return new double[0];
  }

  @Override
  public void step(int step) {
    double n = Math.sqrt(x * x + y * y);
    double c = x / n;
    double d = y / n;
    // f = Σ a_j σ(v̂·Z_j) when learned, ‖w‖ Σ (1/k) σ(ŵ·Z_j) on average.
    double scale = experiment.learned() ? 1 : n;
    double[] teacherOutput = teacher.scaledOutput();
    double[] normals = new double[2 * batch * k];
    Gaussian.fill(normals, 0, normals.length, key, stream, Purpose.INPUTS, step, 0);
    double[] outputGradient = new double[k];
    double radial = 0;
    double toTeacher = 0;
    double square = 0;
    for (int b = 0; b < batch; b++) {
      double residual = 0;
      for (int j = 0; j < k; j++) {
        double u = normals[2 * (b * k + j)];
        double t = normals[2 * (b * k + j) + 1];
        double label = teacherOutput[j] * network.activation(c * u + d * t);
        residual += scale * a[j] * network.activation(u) - label;
      }
      for (int j = 0; j < k; j++) {
        double u = normals[2 * (b * k + j)];
        double t = normals[2 * (b * k + j) + 1];
        double weight = a[j] * network.steepness(u);
        outputGradient[j] += residual * network.activation(u) / batch;
        radial += residual * weight * u / batch;
        toTeacher += residual * weight * t / batch;
        square += residual * residual * weight * weight / ((double) batch * batch);
      }
    }
    double noise = ChiSquare.draw(p - 2, key, stream, Purpose.PERPENDICULAR, step);
    if (experiment.learned()) {
      stepNormalized(experiment.stepSize() / n, c, d, toTeacher, square * noise);
      for (int j = 0; j < k; j++) {
        a[j] -= experiment.stepSize() * outputGradient[j];
      }
    } else {
      // The loss has no ½: twice the gradient.
      stepPlain(2 * experiment.stepSize(), c, d, radial, toTeacher, square * noise);
    }
  }

  /** Weight normalization: only the tangential gradient moves the filter; τ = η∕‖v‖. */
  private void stepNormalized(double tau, double c, double d, double toTeacher, double beside) {
    x -= tau * toTeacher * d;
    double along = y + tau * toTeacher * c;
    y = Math.sqrt(along * along + tau * tau * beside);
  }

  private void stepPlain(
      double eta, double c, double d, double radial, double toTeacher, double beside) {
    x -= eta * (radial * c + toTeacher * d);
    double along = y - eta * (radial * d - toTeacher * c);
    y = Math.sqrt(along * along + eta * eta * beside);
  }
}
