package org.basinsim.model.conv;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The network that labels inputs: a filter w* in R^p and output weights a* in R^k.
 *
 * <p>All a student can see of it is rotation: the plane of output weights is described by two axes,
 * the mean axis ±1∕√k·1, its sign such that the teacher's component is not negative, and the
 * contrast axis, the unit vector along the rest of a* (along e_1 − 1/k·1 where nothing is left).
 */
public final class Teacher {
  private final double[] filter;
  private final double[] output;
  private final Map<String, String> mathematics;
  private final double filterNorm;
  private final double[] meanAxis;
  private final double[] contrastAxis;
  private final double mean;
  private final double contrast;

  private Teacher(
      double[] filter,
      double[] output,
      double mean,
      double contrast,
      double[] contrastAxis,
      Map<String, String> mathematics) {
    int k = output.length;
    this.filter = filter.clone();
    this.output = output.clone();
    this.filterNorm = norm(filter);
    this.meanAxis = new double[k];
    Arrays.fill(meanAxis, (Arrays.stream(output).sum() < 0 ? -1 : 1) / Math.sqrt(k));
    this.contrastAxis = contrastAxis;
    this.mean = filterNorm * mean;
    this.contrast = filterNorm * contrast;
    this.mathematics = Map.copyOf(mathematics);
  }

  /**
   * A teacher by its norms and its output ratio: w* along the first axis, a* = √A [√(r∕k)·1∕√k +
   * √(1 − r∕k)·u], u the unit vector along e_1 − 1/k·1.
   *
   * @param patches k ≥ 1
   * @param patchSize p ≥ 2
   * @param filterNorm ‖w*‖ > 0
   * @param outputNorm √A = ‖a*‖ > 0
   * @param outputRatio r = (1ᵀa*)² ∕ ‖a*‖², 0 … k; k = 1 forces r = 1
   */
  public static Teacher ofRatio(
      int patches, int patchSize, double filterNorm, double outputNorm, double outputRatio) {
    double[] filter = new double[patchSize];
    filter[0] = filterNorm;
    // Not summed up again from the weights: at ratio 0 the mean is exactly 0, at k the contrast.
    double mean = outputNorm * Math.sqrt(outputRatio / patches);
    double contrast = outputNorm * Math.sqrt(1 - outputRatio / patches);
    double[] axis = firstContrast(patches);
    double[] output = new double[patches];
    for (int j = 0; j < patches; j++) {
      output[j] = mean / Math.sqrt(patches) + contrast * axis[j];
    }
    Map<String, String> mathematics = new LinkedHashMap<>();
    mathematics.put("teacher.filter_norm", Double.toString(filterNorm));
    mathematics.put("teacher.output_norm", Double.toString(outputNorm));
    mathematics.put("teacher.output_ratio", Double.toString(outputRatio));
    return new Teacher(filter, output, mean, contrast, axis, mathematics);
  }

  /**
   * The teacher of a network with average output: every output weight is 1∕k.
   *
   * @param filterNorm ‖w*‖ > 0, along the first axis
   */
  public static Teacher average(int patches, int patchSize, double filterNorm) {
    double[] filter = new double[patchSize];
    filter[0] = filterNorm;
    double[] output = new double[patches];
    Arrays.fill(output, 1.0 / patches);
    return new Teacher(
        filter,
        output,
        1 / Math.sqrt(patches),
        0,
        firstContrast(patches),
        Map.of("teacher.filter_norm", Double.toString(filterNorm)));
  }

  /**
   * The teacher that solves set splitting, with average output: a filter of k blocks of d entries,
   * in block l the number 1 for the elements of part l and −d for the others.
   *
   * @param patches k ≥ 2, as many as parts
   * @param elements d ≥ 3
   */
  public static Teacher planted(int patches, int elements) {
    double[] filter = new double[patches * elements];
    for (int l = 0; l < patches; l++) {
      for (int s = 0; s < elements; s++) {
        filter[l * elements + s] = part(s, patches) == l ? 1 : -elements;
      }
    }
    double[] output = new double[patches];
    Arrays.fill(output, 1.0 / patches);
    // Its inputs say all of it.
    return new Teacher(filter, output, 1 / Math.sqrt(patches), 0, firstContrast(patches), Map.of());
  }

  /** The part of an element in the split of {@link #planted}: one after the other. */
  public static int part(int element, int parts) {
    return element % parts;
  }

  /**
   * A teacher written out.
   *
   * @param filter w*, length p ≥ 2, not zero
   * @param output a*, length k ≥ 1, not zero
   */
  public static Teacher of(double[] filter, double[] output) {
    Map<String, String> mathematics = new LinkedHashMap<>();
    mathematics.put("teacher.filter", Arrays.toString(filter));
    mathematics.put("teacher.output", Arrays.toString(output));
    int k = output.length;
    double sum = Arrays.stream(output).sum();
    double[] rest = output.clone();
    for (int j = 0; j < k; j++) {
      rest[j] -= sum / k;
    }
    double contrast = norm(rest);
    // Rounding leaves a few ulp of a constant vector; they are not a direction.
    boolean constant = contrast <= 1e-14 * norm(output);
    return new Teacher(
        filter,
        output,
        Math.abs(sum) / Math.sqrt(k),
        constant ? 0 : contrast,
        constant ? firstContrast(k) : scaled(rest, 1 / contrast),
        mathematics);
  }

  /** Number of patches, k. */
  public int patches() {
    return output.length;
  }

  /** Inputs of a patch, p. */
  public int patchSize() {
    return filter.length;
  }

  /** w*, length p. */
  public double[] filter() {
    return filter.clone();
  }

  /** w*∕‖w*‖, length p. */
  public double[] unitFilter() {
    return scaled(filter, 1 / filterNorm);
  }

  /** ‖w*‖. */
  public double filterNorm() {
    return filterNorm;
  }

  /** a*, length k. */
  public double[] output() {
    return output.clone();
  }

  /** b* = ‖w*‖ a*, length k: the output weights that go with the unit filter. */
  public double[] scaledOutput() {
    return scaled(output, filterNorm);
  }

  /** Unit vector ±1∕√k·1, length k. */
  public double[] meanAxis() {
    return meanAxis.clone();
  }

  /** Unit vector orthogonal to the mean axis, length k; zero for k = 1. */
  public double[] contrastAxis() {
    return contrastAxis.clone();
  }

  /** Component of b* along the mean axis, |S*|∕√k, not negative. */
  public double mean() {
    return mean;
  }

  /** Component of b* along the contrast axis, not negative. */
  public double contrast() {
    return contrast;
  }

  /** ‖b*‖² = ‖w*‖² ‖a*‖². */
  public double squaredOutput() {
    return mean * mean + contrast * contrast;
  }

  /** The study keys and canonical values that this teacher is made of. */
  public Map<String, String> mathematics() {
    return mathematics;
  }

  /**
   * The invariants of a student with learned output weights.
   *
   * @param v filter, length p
   * @param a output weights, length k
   */
  public ConvState project(double[] v, double[] a) {
    ConvState plane = project(v);
    double along = 0;
    double across = 0;
    for (int j = 0; j < a.length; j++) {
      along += a[j] * meanAxis[j];
      across += a[j] * contrastAxis[j];
    }
    double rest = 0;
    for (int j = 0; j < a.length; j++) {
      double left = a[j] - along * meanAxis[j] - across * contrastAxis[j];
      rest += left * left;
    }
    return new ConvState(plane.x(), plane.y(), along, across, Math.sqrt(rest));
  }

  /**
   * The invariants of a filter alone.
   *
   * @param v filter, length p
   */
  public ConvState project(double[] v) {
    double x = 0;
    for (int i = 0; i < v.length; i++) {
      x += v[i] * filter[i];
    }
    x /= filterNorm;
    double y = 0;
    for (int i = 0; i < v.length; i++) {
      double left = v[i] - x * filter[i] / filterNorm;
      y += left * left;
    }
    return new ConvState(x, Math.sqrt(y), 0, 0, 0);
  }

  private static double[] firstContrast(int k) {
    double[] u = new double[k];
    if (k > 1) {
      Arrays.fill(u, -1.0 / k);
      u[0] += 1;
      u = scaled(u, 1 / norm(u));
    }
    return u;
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double[] scaled(double[] vector, double factor) {
    double[] result = vector.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }
}
