package org.basinsim.backend.reference;

import java.util.Arrays;
import org.basinsim.data.DeepData;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRows;
import org.basinsim.model.deep.TangentKernel;
import org.basinsim.start.DeepStart;

/**
 * One restart. Gradients are those of each output by itself, ∂f_i∕∂θ written out over all weights
 * θ; everything else, the step and the kernels, is made of them.
 */
final class DeepDescent {
  private final DeepNetwork network;
  private final DeepData.Set data;
  private final int samples;
  private final int positions;
  private final int window;
  private final int width;

  /** W^(h) at place h − 1, and a behind them. */
  private final double[][] weights;

  private final double[][] start;

  DeepDescent(DeepExperiment experiment, DeepStart start, DeepData.Set data, long restart) {
    this.network = experiment.network();
    this.data = data;
    this.samples = data.labels().length;
    this.positions = network.positions();
    this.window = network.window();
    this.width = network.width();
    this.weights = new double[network.depth() + 1][];
    for (int h = 1; h <= network.depth(); h++) {
      weights[h - 1] = start.hidden(restart, h);
    }
    weights[network.depth()] = start.output(restart);
    this.start = Arrays.stream(weights).map(double[]::clone).toArray(double[][]::new);
  }

  /** The weights themselves: layer after layer, output weights last. */
  double[][] weights() {
    return weights;
  }

  /** One input's way through the network: x^(0) … x^(H) and z^(1) … z^(H), position-major. */
  private record Pass(double[][] x, double[][] z, double output) {}

  private Pass forward(int sample) {
    int depth = network.depth();
    double[][] x = new double[depth + 1][];
    double[][] z = new double[depth + 1][];
    int d = network.inputSize();
    x[0] = Arrays.copyOfRange(data.inputs(), sample * d, (sample + 1) * d);
    for (int h = 1; h <= depth; h++) {
      DeepNetwork.Layer layer = network.layer(h);
      x[h] = new double[positions * width];
      z[h] = new double[positions * width];
      for (int p = 0; p < positions; p++) {
        for (int r = 0; r < width; r++) {
          double sum = 0;
          for (int c = 0; c < layer.fanIn(); c++) {
            sum += weights[h - 1][r * layer.fanIn() + c] * seen(x[h - 1], h, p, c);
          }
          int at = p * width + r;
          z[h][at] = sum;
          x[h][at] =
              (layer.skip() ? x[h - 1][at] : 0)
                  + layer.gain() / Math.sqrt(width) * network.activation().value(sum);
        }
      }
    }
    double output = 0;
    for (int i = 0; i < positions * width; i++) {
      output += weights[depth][i] * x[depth][i];
    }
    return new Pass(x, z, output);
  }

  /** Entry c of φ(x) at a position. */
  private double seen(double[] x, int h, int position, int c) {
    int channels = network.channels(h - 1);
    int from = position + c / channels - window / 2;
    return from < 0 || from >= positions ? 0 : x[from * channels + c % channels];
  }

  /** ∂f∕∂θ at one input: layer after layer, output weights last; those untrained are 0. */
  private double[][] partials(Pass pass) {
    int depth = network.depth();
    double[][] partials = new double[depth + 1][];
    partials[depth] =
        network.trainsOutput() ? pass.x[depth].clone() : new double[width * positions];
    double[] back = weights[depth].clone();
    for (int h = depth; h >= 1; h--) {
      DeepNetwork.Layer layer = network.layer(h);
      int channels = network.channels(h - 1);
      partials[h - 1] = new double[weights[h - 1].length];
      double[] before = layer.skip() ? back.clone() : new double[positions * channels];
      for (int p = 0; p < positions; p++) {
        for (int r = 0; r < width; r++) {
          int at = p * width + r;
          double sensitivity =
              back[at]
                  * layer.gain()
                  / Math.sqrt(width)
                  * network.activation().slope(pass.z[h][at]);
          for (int c = 0; c < layer.fanIn(); c++) {
            int weight = r * layer.fanIn() + c;
            partials[h - 1][weight] += sensitivity * seen(pass.x[h - 1], h, p, c);
            int from = p + c / channels - window / 2;
            if (from >= 0 && from < positions) {
              before[from * channels + c % channels] += sensitivity * weights[h - 1][weight];
            }
          }
        }
      }
      back = before;
    }
    return partials;
  }

  /** f(x_i) − y_i. */
  double[] residuals() {
    double[] residuals = new double[samples];
    for (int i = 0; i < samples; i++) {
      residuals[i] = forward(i).output - data.labels()[i];
    }
    return residuals;
  }

  /** L = ½ Σ r². */
  double loss() {
    return Arrays.stream(residuals()).map(r -> r * r).sum() / 2;
  }

  /** ∂L∕∂θ = Σ r_i ∂f_i∕∂θ, by layer. */
  private double[][] gradients() {
    double[][] gradients =
        Arrays.stream(weights).map(w -> new double[w.length]).toArray(double[][]::new);
    for (int i = 0; i < samples; i++) {
      Pass pass = forward(i);
      double[][] partials = partials(pass);
      double residual = pass.output - data.labels()[i];
      for (int h = 0; h < gradients.length; h++) {
        for (int w = 0; w < gradients[h].length; w++) {
          gradients[h][w] += residual * partials[h][w];
        }
      }
    }
    return gradients;
  }

  /** ∂L∕∂θ of everything trained, layer after layer. */
  double[] gradient() {
    double[][] gradients = gradients();
    int trained = network.trainsOutput() ? gradients.length : gradients.length - 1;
    return Arrays.stream(gradients).limit(trained).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Loss, norm of the gradient. */
  double[] state() {
    double squares = Arrays.stream(gradient()).map(g -> g * g).sum();
    return new double[] {loss(), Math.sqrt(squares)};
  }

  /** θ ← θ − η ∂L∕∂θ. */
  void step(double stepSize) {
    double[][] gradients = gradients();
    for (int h = 0; h < weights.length; h++) {
      for (int w = 0; w < weights[h].length; w++) {
        weights[h][w] -= stepSize * gradients[h][w];
      }
    }
  }

  /** Θ and G^(H): inner products of ∂f_i∕∂θ. */
  TangentKernel kernel() {
    double[][][] partials = new double[samples][][];
    for (int i = 0; i < samples; i++) {
      partials[i] = partials(forward(i));
    }
    double[] tangent = new double[samples * samples];
    double[] last = new double[samples * samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        for (int h = 0; h < weights.length; h++) {
          tangent[i * samples + j] += dot(partials[i][h], partials[j][h]);
        }
        int top = network.depth() - 1;
        last[i * samples + j] = dot(partials[i][top], partials[j][top]);
      }
    }
    return new TangentKernel(tangent, last);
  }

  /** How far the weights have come. */
  DeepRows.Movement movement() {
    int trained = network.trainsOutput() ? weights.length : weights.length - 1;
    double[] layers = new double[trained];
    for (int h = 0; h < trained; h++) {
      double[] moved = difference(weights[h], start[h]);
      layers[h] = Math.sqrt(dot(moved, moved) / width);
    }
    return new DeepRows.Movement(layers, flipped(), largest());
  }

  /** The share of patterns 1[w_r·x_i > 0] of layer 1 that have changed. */
  private double flipped() {
    double flipped = 0;
    for (int i = 0; i < samples; i++) {
      for (int p = 0; p < positions; p++) {
        for (int r = 0; r < width; r++) {
          flipped += active(start[0], i, p, r) == active(weights[0], i, p, r) ? 0 : 1;
        }
      }
    }
    return flipped / samples / positions / width;
  }

  private boolean active(double[] layer, int sample, int position, int r) {
    int d = network.inputSize();
    double[] x = Arrays.copyOfRange(data.inputs(), sample * d, (sample + 1) * d);
    int fanIn = network.layer(1).fanIn();
    double z = 0;
    for (int c = 0; c < fanIn; c++) {
      z += layer[r * fanIn + c] * seen(x, 1, position, c);
    }
    return z > 0;
  }

  /** The longest way of a unit of layer 1. */
  private double largest() {
    int fanIn = network.layer(1).fanIn();
    double[] moved = difference(weights[0], start[0]);
    double largest = 0;
    for (int r = 0; r < width; r++) {
      double[] unit = Arrays.copyOfRange(moved, r * fanIn, (r + 1) * fanIn);
      largest = Math.max(largest, Math.sqrt(dot(unit, unit)));
    }
    return largest;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
