package org.basinsim.model.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices whose spectra are known. Errors are n roundings of the largest eigenvalue. */
class SpectrumTest {

  /** The second difference: λ_k = 2 − 2 cos kπ∕(n + 1), u_k(j) ∝ sin jkπ∕(n + 1). */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 13, 97})
  void secondDifferences(int n) {
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) {
        matrix[i * n + i - 1] = -1;
        matrix[(i - 1) * n + i] = -1;
      }
    }
    double tolerance = 1e-15 * (10 + n);
    Spectrum spectrum = Spectrum.of(matrix, n);
    double[] values = spectrum.values();
    for (int k = 1; k <= n; k++) {
      double angle = k * Math.PI / (n + 1);
      assertEquals(2 - 2 * Math.cos(angle), values[k - 1], 4 * tolerance);
      // Neighbouring eigenvalues are n⁻² apart at least, which errors of vectors are divided by.
      double overlap = 0;
      for (int j = 1; j <= n; j++) {
        overlap += Math.sqrt(2.0 / (n + 1)) * Math.sin(j * angle) * spectrum.vector(k - 1)[j - 1];
      }
      assertEquals(1, Math.abs(overlap), 1e-12);
    }
    assertArrayEquals(
        new double[] {values[0], values[n - 1]}, Spectrum.extremes(matrix, n), 4 * tolerance);
  }

  /** Q diag(λ) Qᵀ with a reflection Q: eigenvalues of all signs and sizes, some twice. */
  @Test
  void reflectedDiagonals() {
    double[] known = {-3, -1e-9, 0, 0, 1e-6, 0.5, 2, 2, 2, 1e3, 1e3};
    int n = known.length;
    double[] normal = new SplittableRandom(5).doubles(n, -1, 1).toArray();
    double squares = 0;
    for (double x : normal) {
      squares += x * x;
    }
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          double qi = (i == k ? 1 : 0) - 2 * normal[i] * normal[k] / squares;
          double qj = (j == k ? 1 : 0) - 2 * normal[j] * normal[k] / squares;
          matrix[i * n + j] += qi * known[k] * qj;
        }
      }
    }
    double tolerance = 1e-15 * 1e3 * n;
    Spectrum spectrum = Spectrum.of(matrix, n);
    assertArrayEquals(known, spectrum.values(), tolerance);
    assertArrayEquals(new double[] {-3, 1e3}, Spectrum.extremes(matrix, n), tolerance);
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        double product = 0;
        for (int i = 0; i < n; i++) {
          product += spectrum.vector(a)[i] * spectrum.vector(b)[i];
        }
        assertEquals(a == b ? 1 : 0, product, 1e-13);
      }
    }
  }

  @Test
  void zerosHaveZeroEigenvalues() {
    assertArrayEquals(new double[] {0, 0}, Spectrum.extremes(new double[9], 3));
  }

  @Test
  void whatIsNotFiniteHasNoSpectrum() {
    double[] matrix = {1, Double.NaN, Double.NaN, 1};
    double[] infinite = {Double.POSITIVE_INFINITY};
    double[] none = {Double.NaN, Double.NaN};
    assertArrayEquals(none, Spectrum.extremes(matrix, 2));
    assertArrayEquals(none, Spectrum.extremes(infinite, 1));
    assertThrows(ArithmeticException.class, () -> Spectrum.of(matrix, 2));
    assertThrows(ArithmeticException.class, () -> Spectrum.of(infinite, 1));
  }
}
