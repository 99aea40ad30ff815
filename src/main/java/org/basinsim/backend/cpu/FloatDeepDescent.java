package org.basinsim.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.data.DeepData;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.TangentKernel;
import org.basinsim.start.DeepStart;

/**
 * One restart of a network of any depth, forward and backward as matrix products of {@link
 * FloatLayerTile}. Matrices have a row for each sample and position, iP + p, and a column for each
 * unit, both filled up to whole tiles.
 *
 * <p>Forward: Z_h = Φ_h V_h, X_h = skip X_{h−1} + s σ(Z_h), S_h = s σ'(Z_h) with s = γ_h∕√m.
 * Backward from a seed c_i for each sample: B_H = c_i a, Δ_h = B_h ∘ S_h, B_{h−1} = skip B_h +
 * φᵀ(Δ_h V_hᵀ); then Φ_hᵀ Δ_h is Σ c_i ∂f_i∕∂V_h. With c = −ηr it is the step, and is added to V_h;
 * with c = 1 the Δ_h are those of the kernels.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatDeepDescent implements DeepPasses {
  private static final VectorSpecies<Float> SPECIES = FloatLayerTile.SPECIES;
  private static final int LENGTH = FloatLayerTile.LENGTH;
  private static final int FIRST = FloatLayerTile.FIRST;

  private final DeepExperiment experiment;
  private final DeepNetwork network;
  private final DeepData data;
  private final DeepStart starts;
  private final int samples;
  private final int positions;
  private final int depth;

  /** nP, and the same filled up to whole tiles and whole vectors. */
  private final int rows;

  private final int tileRows;
  private final int vectorRows;

  /** m filled up to whole panels. */
  private final int width;

  /** By layer, from 1; x from 0. */
  private final int[] fanIn;

  private final int[] stride;
  private final float[][] v;
  private final float[][] x;
  private final float[][] phi;
  private final float[][] slope;
  private final float[] a;

  private final float[] z;
  private final float[] back;
  private final float[] delta;
  private final float[] deltaColumns;
  private final float[] backColumns;
  private final float[] sums = new float[LENGTH];

  private long restart;
  private double[] labels;
  private final double[] residuals;
  private float[] startSlope = FloatLayerTile.matrix(0, 0);

  FloatDeepDescent(DeepExperiment experiment, DeepData data) {
    this.experiment = experiment;
    this.network = experiment.network();
    this.data = data;
    this.starts = new DeepStart(experiment);
    this.samples = experiment.samples().count();
    this.positions = network.positions();
    this.depth = network.depth();
    this.rows = samples * positions;
    this.tileRows = FloatLayerTile.filled(rows, FloatLayerTile.ROWS);
    this.vectorRows = FloatLayerTile.filled(rows, LENGTH);
    this.width = FloatLayerTile.filled(network.width(), FloatLayerTile.PANEL);
    this.fanIn = new int[depth + 1];
    this.stride = new int[depth + 1];
    this.v = new float[depth + 1][];
    this.x = new float[depth + 1][];
    this.phi = new float[depth + 1][];
    this.slope = new float[depth + 1][];
    int widest = 0;
    x[0] = FloatLayerTile.matrix(tileRows, stride(0));
    for (int h = 1; h <= depth; h++) {
      fanIn[h] = FloatLayerTile.filled(network.layer(h).fanIn(), FloatLayerTile.ROWS);
      widest = h > 1 ? Math.max(widest, fanIn[h]) : widest;
      v[h] = FloatLayerTile.matrix(fanIn[h], width);
      x[h] = FloatLayerTile.matrix(tileRows, width);
      slope[h] = FloatLayerTile.matrix(tileRows, width);
      boolean unfolds = network.window() > 1;
      stride[h] = unfolds ? fanIn[h] : stride(h - 1);
      phi[h] = unfolds ? FloatLayerTile.matrix(tileRows, fanIn[h]) : x[h - 1];
    }
    this.a = FloatLayerTile.matrix(positions, width);
    this.z = FloatLayerTile.matrix(tileRows, width);
    this.back = FloatLayerTile.matrix(tileRows, width);
    this.delta = FloatLayerTile.matrix(tileRows, width);
    this.deltaColumns = FloatLayerTile.matrix(depth > 1 ? width : 0, vectorRows);
    this.backColumns = FloatLayerTile.matrix(widest, vectorRows);
    this.residuals = new double[samples];
  }

  /** Numbers from one row of X_h to the next. */
  private int stride(int h) {
    return h == 0 ? FloatLayerTile.filled(network.channels(0), FloatLayerTile.ROWS) : width;
  }

  @Override
  public void start(long restart) {
    this.restart = restart;
    DeepData.Set set = data.set(experiment.dataStream(restart));
    labels = set.labels();
    int channels = network.channels(0);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < channels; c++) {
        x[0][FIRST + row * stride(0) + c] = (float) set.inputs()[row * channels + c];
      }
    }
    for (int h = 1; h <= depth; h++) {
      double[] w = starts.hidden(restart, h);
      int inputs = network.layer(h).fanIn();
      for (int r = 0; r < network.width(); r++) {
        for (int c = 0; c < inputs; c++) {
          v[h][weight(h, c, r)] = (float) w[r * inputs + c];
        }
      }
    }
    double[] output = starts.output(restart);
    for (int p = 0; p < positions; p++) {
      for (int r = 0; r < network.width(); r++) {
        a[FIRST + p * width + r] = (float) output[p * network.width() + r];
      }
    }
    forward();
    if (experiment.records(Recorded.PATTERNS)) {
      startSlope = slope[1].clone();
    }
  }

  /** Where entry (c, r) of V_h stands. */
  private int weight(int h, int c, int r) {
    int panel = FloatLayerTile.PANEL;
    return FIRST + (r / panel * fanIn[h] + c) * panel + r % panel;
  }

  private void forward() {
    for (int h = 1; h <= depth; h++) {
      if (network.window() > 1) {
        unfold(h);
      }
      FloatLayerTile.forward(v[h], fanIn[h], width, phi[h], stride[h], tileRows, z);
      FloatActivationTile.apply(network.activation(), z, x[h], slope[h]);
      DeepNetwork.Layer layer = network.layer(h);
      scale(h, (float) (layer.gain() / Math.sqrt(network.width())), layer.skip());
    }
    for (int i = 0; i < samples; i++) {
      double output = 0;
      for (int p = 0; p < positions; p++) {
        output +=
            FloatRowsTile.dot(a, p * width, x[depth], (i * positions + p) * width, width, sums);
      }
      residuals[i] = output - labels[i];
    }
  }

  /** Rows of φ: the columns within the window, one behind the other. */
  private void unfold(int h) {
    int channels = network.channels(h - 1);
    int reach = network.window() / 2;
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < network.window(); o++) {
        int from = row % positions + o - reach;
        int to = FIRST + row * stride[h] + o * channels;
        if (from < 0 || from >= positions) {
          Arrays.fill(phi[h], to, to + channels, 0f);
        } else {
          int at = FIRST + (row - row % positions + from) * stride(h - 1);
          System.arraycopy(x[h - 1], at, phi[h], to, channels);
        }
      }
    }
  }

  /** X ← skip X_{h−1} + s X, S ← s S; columns filled up with are zero. */
  private void scale(int h, float s, boolean skip) {
    FloatVector factor = FloatVector.broadcast(SPECIES, s);
    for (int at = FIRST; at < x[h].length; at += LENGTH) {
      FloatVector value = FloatVector.fromArray(SPECIES, x[h], at);
      value = skip ? value.fma(factor, FloatVector.fromArray(SPECIES, x[h - 1], at)) : value.mul(s);
      value.intoArray(x[h], at);
      FloatVector.fromArray(SPECIES, slope[h], at).mul(s).intoArray(slope[h], at);
    }
    for (int row = 0; row < tileRows && network.width() < width; row++) {
      int from = FIRST + row * width;
      Arrays.fill(x[h], from + network.width(), from + width, 0f);
    }
  }

  /** What a backward pass leaves behind of a layer. */
  private interface Visitor {
    /** Δ_h stands in {@link #delta}. */
    void layer(int h);
  }

  /**
   * Passes seeds backward.
   *
   * @param visitor asked for each layer from the last on, when nothing below needs V_h any more
   */
  private void backward(double[] seeds, Visitor visitor) {
    Arrays.fill(back, 0f);
    for (int row = 0; row < rows; row++) {
      FloatVector seed = FloatVector.broadcast(SPECIES, (float) seeds[row / positions]);
      for (int r = 0; r < width; r += LENGTH) {
        FloatVector.fromArray(SPECIES, a, FIRST + row % positions * width + r)
            .mul(seed)
            .intoArray(back, FIRST + row * width + r);
      }
    }
    for (int h = depth; h >= 1; h--) {
      for (int at = FIRST; at < delta.length; at += LENGTH) {
        FloatVector.fromArray(SPECIES, back, at)
            .mul(FloatVector.fromArray(SPECIES, slope[h], at))
            .intoArray(delta, at);
      }
      if (h > 1) {
        FloatRowsTile.transpose(delta, rows, network.width(), width, deltaColumns, vectorRows);
        FloatLayerTile.backward(
            v[h], fanIn[h], network.width(), deltaColumns, vectorRows, backColumns);
        fold(network.layer(h).skip());
      }
      visitor.layer(h);
    }
  }

  /** B_{h−1} = skip B_h + φᵀ of what stands in columns. */
  private void fold(boolean skip) {
    if (network.window() == 1 && !skip) {
      FloatRowsTile.transpose(backColumns, network.width(), rows, vectorRows, back, width);
      return;
    }
    if (!skip) {
      Arrays.fill(back, 0f);
    }
    int reach = network.window() / 2;
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < network.window(); o++) {
        int to = row % positions + o - reach;
        if (to >= 0 && to < positions) {
          int at = FIRST + (row - row % positions + to) * width;
          for (int c = 0; c < network.width(); c++) {
            back[at + c] += backColumns[FIRST + (o * network.width() + c) * vectorRows + row];
          }
        }
      }
    }
  }

  @Override
  public void step(double stepSize) {
    double[] seeds = Arrays.stream(residuals).map(r -> -stepSize * r).toArray();
    backward(seeds, h -> add(v[h], h));
    if (network.trainsOutput()) {
      addOutput(a, seeds);
    }
    forward();
  }

  /** Adds Φ_hᵀ Δ_h. */
  private void add(float[] to, int h) {
    FloatLayerTile.update(to, fanIn[h], width, phi[h], stride[h], delta, rows);
  }

  /** Adds Σ c_i x_i. */
  private void addOutput(float[] to, double[] seeds) {
    for (int row = 0; row < rows; row++) {
      FloatVector seed = FloatVector.broadcast(SPECIES, (float) seeds[row / positions]);
      for (int r = 0; r < width; r += LENGTH) {
        int at = FIRST + row % positions * width + r;
        FloatVector.fromArray(SPECIES, x[depth], FIRST + row * width + r)
            .fma(seed, FloatVector.fromArray(SPECIES, to, at))
            .intoArray(to, at);
      }
    }
  }

  @Override
  public double[] residuals() {
    return residuals.clone();
  }

  @Override
  public double loss() {
    double squares = 0;
    for (double r : residuals) {
      squares += r * r;
    }
    return squares / 2;
  }

  @Override
  public TangentKernel kernel() {
    double[] ones = new double[samples];
    Arrays.fill(ones, 1);
    double[][] sensitivities = new double[depth + 1][];
    backward(ones, h -> sensitivities[h] = FloatRowsTile.products(delta, rows, width, width));
    TangentKernel.Sum sum = new TangentKernel.Sum(samples, positions);
    for (int h = 1; h <= depth; h++) {
      sum.add(FloatRowsTile.products(phi[h], rows, stride[h], fanIn[h]), sensitivities[h]);
    }
    if (network.trainsOutput()) {
      sum.addOutput(FloatRowsTile.products(x[depth], rows, width, width));
    }
    return sum.kernel();
  }

  @Override
  public double[] gradient() {
    float[][] gradients = new float[depth + 1][];
    backward(
        residuals,
        h -> {
          gradients[h] = new float[v[h].length];
          add(gradients[h], h);
        });
    float[] output = new float[a.length];
    addOutput(output, residuals);
    int length = network.trainsOutput() ? network.outputs() : 0;
    for (int h = 1; h <= depth; h++) {
      length += network.weights(h);
    }
    double[] gradient = new double[length];
    int next = 0;
    for (int h = 1; h <= depth; h++) {
      for (int r = 0; r < network.width(); r++) {
        for (int c = 0; c < network.layer(h).fanIn(); c++) {
          gradient[next++] = gradients[h][weight(h, c, r)];
        }
      }
    }
    for (int i = 0; next < length; i++) {
      gradient[next++] = output[FIRST + i / network.width() * width + i % network.width()];
    }
    return gradient;
  }

  @Override
  public DeepRows.Movement movement() {
    double[] layers = new double[network.trainsOutput() ? depth + 1 : depth];
    double largest = 0;
    for (int h = 1; h <= depth; h++) {
      double[] w = starts.hidden(restart, h);
      int inputs = network.layer(h).fanIn();
      double squares = 0;
      for (int r = 0; r < network.width(); r++) {
        double unit = 0;
        for (int c = 0; c < inputs; c++) {
          double moved = v[h][weight(h, c, r)] - (float) w[r * inputs + c];
          unit += moved * moved;
        }
        squares += unit;
        largest = h == 1 ? Math.max(largest, unit) : largest;
      }
      layers[h - 1] = Math.sqrt(squares / network.width());
    }
    if (network.trainsOutput()) {
      layers[depth] = outputMovement();
    }
    return new DeepRows.Movement(layers, flipped(), Math.sqrt(largest));
  }

  private double outputMovement() {
    double[] output = starts.output(restart);
    double squares = 0;
    for (int i = 0; i < output.length; i++) {
      double now = a[FIRST + i / network.width() * width + i % network.width()];
      double moved = now - (float) output[i];
      squares += moved * moved;
    }
    return Math.sqrt(squares / network.width());
  }

  /** The share of units and samples on the other side of ReLU's kink. */
  private double flipped() {
    double flipped = 0;
    for (int row = 0; row < rows && startSlope.length > FIRST; row++) {
      for (int r = 0; r < network.width(); r++) {
        flipped += slope[1][FIRST + row * width + r] == startSlope[FIRST + row * width + r] ? 0 : 1;
      }
    }
    return flipped / rows / network.width();
  }
}
