package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/**
 * A vector of restarts and the projected online step, each restart with its own stream and step
 * number.
 *
 * <p>Per patch the normals u and t stand for the input: u along the student's filter, t beside it
 * in the plane of both filters, so that the teacher sees c u + d t with c = cos φ, d = sin φ. A
 * step needs, of input b, r_b = scale·F_b − Σ_j b*_j σ(c u + d t) with F_b = Σ_j a_j σ(u_bj), and
 *
 * <pre>
 *   G_r = Σ_b r_b F_b ∕ B                        G_e = Σ_b r_b Σ_j a_j σ′(u_bj) t_bj ∕ B
 *   s²  = Σ_b r_b² Σ_j a_j² σ′(u_bj)² ∕ B²       ∂a_j = Σ_b r_b σ(u_bj) ∕ B
 * </pre>
 *
 * Normals are drawn in chunks of inputs that stay in the L1 cache.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatProjectedTile {
  static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
  static final int LENGTH = SPECIES.length();

  /** Normals a lane in a chunk: 16 KiB of doubles. */
  private static final int CHUNK_NORMALS = 2048 / LENGTH;

  /** Not for sums: one that starts from a field is allocated anew in every iteration. */
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);

  private final ConvExperiment experiment;
  private final Teacher teacher;
  private final long key;
  private final boolean learned;
  private final int k;
  private final int batch;
  private final int chunk;
  private final float[] teacherOutput;

  /** α of the activation. */
  private final float slope;

  final float[] x = new float[LENGTH];
  final float[] y = new float[LENGTH];

  /** Output weight j of lane i at j·LENGTH + i. */
  final float[] a;

  /** Steps taken, by lane. */
  final int[] step = new int[LENGTH];

  private final int[] streamLow = new int[LENGTH];
  private final int[] streamHigh = new int[LENGTH];

  private final float[] normals;
  private final float[] residual;
  private final float[] outputGradient;

  /** Norms of the filters after {@link #turn}. */
  final float[] norm = new float[LENGTH];

  private final float[] cosine = new float[LENGTH];
  private final float[] sine = new float[LENGTH];
  private final float[] radial = new float[LENGTH];
  private final float[] toTeacher = new float[LENGTH];
  private final float[] square = new float[LENGTH];
  private final float[] noise = new float[LENGTH];

  FloatProjectedTile(ConvExperiment experiment) {
    this.experiment = experiment;
    this.teacher = experiment.teacher();
    this.key = experiment.key();
    this.learned = experiment.learned();
    this.k = experiment.patches();
    this.batch = ((Oracle.Online) experiment.oracle()).batch();
    // Two inputs take whole Philox lanes of four normals, even where k is odd.
    this.chunk = Math.max(2, CHUNK_NORMALS / (4 * k) * 2);
    this.teacherOutput = new float[k];
    double[] output = teacher.scaledOutput();
    for (int j = 0; j < k; j++) {
      teacherOutput[j] = (float) output[j];
    }
    this.slope = (float) experiment.network().slope();
    this.a = new float[k * LENGTH];
    this.outputGradient = new float[k * LENGTH];
    this.normals = new float[(2 * k * chunk + 3) / 4 * 4 * LENGTH];
    this.residual = new float[chunk * LENGTH];
  }

  /**
   * Puts a restart into a lane.
   *
   * @param stream of its inputs
   * @param output output weights, length k
   */
  void put(int lane, long stream, ConvState state, double[] output) {
    x[lane] = (float) state.x();
    y[lane] = (float) state.y();
    for (int j = 0; j < k; j++) {
      a[j * LENGTH + lane] = (float) output[j];
    }
    step[lane] = 0;
    streamLow[lane] = Philox.streamLow(stream);
    streamHigh[lane] = (int) (stream >>> 32);
  }

  /** The invariants of a lane. */
  ConvState state(int lane) {
    if (!learned) {
      return new ConvState(x[lane], y[lane], 0, 0, 0);
    }
    double[] output = new double[k];
    for (int j = 0; j < k; j++) {
      output[j] = a[j * LENGTH + lane];
    }
    ConvState plane = teacher.project(teacher.filter(), output);
    return new ConvState(x[lane], y[lane], plane.mean(), plane.contrast(), plane.rest());
  }

  /** Norm, cosine and sine of the filters. */
  void turn() {
    FloatVector along = FloatVector.fromArray(SPECIES, x, 0);
    FloatVector beside = FloatVector.fromArray(SPECIES, y, 0);
    FloatVector length = along.fma(along, beside.mul(beside)).sqrt();
    length.intoArray(norm, 0);
    along.div(length).intoArray(cosine, 0);
    beside.div(length).intoArray(sine, 0);
  }

  /** Takes a step in every lane. */
  void step() {
    turn();
    Arrays.fill(radial, 0);
    Arrays.fill(toTeacher, 0);
    Arrays.fill(square, 0);
    Arrays.fill(outputGradient, 0);
    for (int b = 0; b < batch; b += chunk) {
      int inputs = Math.min(chunk, batch - b);
      FloatDraws.normalsPerLane(
          normals,
          0,
          (2 * k * inputs + 3) / 4,
          key,
          streamLow,
          streamHigh,
          Purpose.INPUTS,
          step,
          k * b / 2);
      forward(inputs);
      if (learned) {
        backward(inputs);
      }
    }
    FloatDraws.chiSquarePerLane(
        noise,
        0,
        experiment.patchSize() - 2,
        key,
        streamLow,
        streamHigh,
        Purpose.PERPENDICULAR,
        step);
    if (learned) {
      moveNormalized();
      moveOutput();
    } else {
      movePlain();
    }
    for (int lane = 0; lane < LENGTH; lane++) {
      step[lane]++;
    }
  }

  /** Residuals of the inputs of a chunk, and the sums over them that the filter needs. */
  private void forward(int inputs) {
    FloatVector c = FloatVector.fromArray(SPECIES, cosine, 0);
    FloatVector d = FloatVector.fromArray(SPECIES, sine, 0);
    FloatVector radialSum = FloatVector.fromArray(SPECIES, radial, 0);
    FloatVector teacherSum = FloatVector.fromArray(SPECIES, toTeacher, 0);
    FloatVector squareSum = FloatVector.fromArray(SPECIES, square, 0);
    FloatVector scale =
        learned ? FloatVector.broadcast(SPECIES, 1f) : FloatVector.fromArray(SPECIES, norm, 0);
    for (int b = 0; b < inputs; b++) {
      FloatVector own = FloatVector.zero(SPECIES);
      FloatVector label = FloatVector.zero(SPECIES);
      FloatVector beside = FloatVector.zero(SPECIES);
      FloatVector squares = FloatVector.zero(SPECIES);
      for (int j = 0; j < k; j++) {
        int at = 2 * (b * k + j) * LENGTH;
        FloatVector u = FloatVector.fromArray(SPECIES, normals, at);
        FloatVector t = FloatVector.fromArray(SPECIES, normals, at + LENGTH);
        FloatVector seen = c.fma(u, d.mul(t));
        FloatVector output = FloatVector.fromArray(SPECIES, a, j * LENGTH);
        FloatVector weight = output.mul(slope).blend(output, u.compare(GT, ZERO));
        own = weight.fma(u, own);
        // As the slope is below 1.
        FloatVector active = seen.max(seen.mul(slope));
        label = active.fma(FloatVector.broadcast(SPECIES, teacherOutput[j]), label);
        beside = weight.fma(t, beside);
        squares = weight.fma(weight, squares);
      }
      FloatVector r = scale.mul(own).sub(label);
      r.intoArray(residual, b * LENGTH);
      radialSum = r.fma(own, radialSum);
      teacherSum = r.fma(beside, teacherSum);
      squareSum = r.mul(r).fma(squares, squareSum);
    }
    radialSum.intoArray(radial, 0);
    teacherSum.intoArray(toTeacher, 0);
    squareSum.intoArray(square, 0);
  }

  /** Adds Σ_b r_b σ(u_bj) of a chunk. */
  private void backward(int inputs) {
    for (int j = 0; j < k; j++) {
      FloatVector sum = FloatVector.fromArray(SPECIES, outputGradient, j * LENGTH);
      for (int b = 0; b < inputs; b++) {
        FloatVector u = FloatVector.fromArray(SPECIES, normals, 2 * (b * k + j) * LENGTH);
        FloatVector r = FloatVector.fromArray(SPECIES, residual, b * LENGTH);
        sum = u.max(u.mul(slope)).fma(r, sum);
      }
      sum.intoArray(outputGradient, j * LENGTH);
    }
  }

  /** Weight normalization: only the tangential gradient moves the filter, by τ = η∕‖v‖. */
  private void moveNormalized() {
    FloatVector c = FloatVector.fromArray(SPECIES, cosine, 0);
    FloatVector d = FloatVector.fromArray(SPECIES, sine, 0);
    FloatVector tau =
        FloatVector.broadcast(SPECIES, (float) (experiment.stepSize() / batch))
            .div(FloatVector.fromArray(SPECIES, norm, 0));
    FloatVector pull = FloatVector.fromArray(SPECIES, toTeacher, 0).mul(tau);
    move(pull.mul(d), pull.mul(c), tau);
  }

  /** The loss of average output has no ½: twice the gradient. */
  private void movePlain() {
    FloatVector c = FloatVector.fromArray(SPECIES, cosine, 0);
    FloatVector d = FloatVector.fromArray(SPECIES, sine, 0);
    FloatVector eta = FloatVector.broadcast(SPECIES, (float) (2 * experiment.stepSize() / batch));
    FloatVector out = FloatVector.fromArray(SPECIES, radial, 0).mul(eta);
    FloatVector pull = FloatVector.fromArray(SPECIES, toTeacher, 0).mul(eta);
    move(out.mul(c).add(pull.mul(d)), pull.mul(c).sub(out.mul(d)), eta);
  }

  /**
   * x ← x − along, y ← √((y + beside)² + τ² s² χ²).
   *
   * @param tau step size by which s²χ², the square of the gradient orthogonal to both filters, acts
   */
  private void move(FloatVector along, FloatVector beside, FloatVector tau) {
    FloatVector.fromArray(SPECIES, x, 0).sub(along).intoArray(x, 0);
    FloatVector inPlane = FloatVector.fromArray(SPECIES, y, 0).add(beside);
    FloatVector variance =
        FloatVector.fromArray(SPECIES, square, 0).mul(FloatVector.fromArray(SPECIES, noise, 0));
    inPlane.fma(inPlane, tau.mul(tau).mul(variance)).sqrt().intoArray(y, 0);
  }

  private void moveOutput() {
    float rate = (float) (experiment.stepSize() / batch);
    for (int at = 0; at < a.length; at += LENGTH) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, outputGradient, at);
      FloatVector.fromArray(SPECIES, a, at).sub(gradient.mul(rate)).intoArray(a, at);
    }
  }
}
