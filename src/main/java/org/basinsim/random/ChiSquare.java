package org.basinsim.random;

/**
 * Chi-square variables, exact in law, from a number of words that n alone fixes.
 *
 * <p>The words are those of the sequence of (stream, purpose, step) from lane 0 on, as {@link
 * Philox} numbers them. For odd n the first two are a Box–Muller pair and its cosine normal,
 * squared, is the first term; the next n div 2 words give one term −2 ln u each. Terms are added in
 * the order of their words. n = 0 takes no word and gives 0.
 */
public final class ChiSquare {
  private ChiSquare() {}

  /** Number of words that a chi-square with n ≥ 0 degrees of freedom takes. */
  public static int words(int n) {
    return n / 2 + 2 * (n % 2);
  }

  /**
   * A chi-square with n degrees of freedom.
   *
   * @param n 0 or more
   * @throws IllegalArgumentException if n is negative or the stream out of range
   */
  public static double draw(int n, long key, long stream, Purpose purpose, int step) {
    int[] words = sequence(n, key, stream, purpose, step);
    double sum = 0;
    if (n % 2 == 1) {
      double[] normals = new double[4];
      Gaussian.normals(words, 0, normals, 0);
      sum = normals[0] * normals[0];
    }
    for (int i = 2 * (n % 2); i < words(n); i++) {
      sum += Gaussian.exponential(words[i]);
    }
    return sum;
  }

  /** The same variable in single precision. */
  public static float drawSingle(int n, long key, long stream, Purpose purpose, int step) {
    int[] words = sequence(n, key, stream, purpose, step);
    float sum = 0;
    if (n % 2 == 1) {
      float[] normals = new float[4];
      Gaussian.normals(words, 0, normals, 0);
      sum = normals[0] * normals[0];
    }
    for (int i = 2 * (n % 2); i < words(n); i++) {
      sum += Gaussian.exponentialSingle(words[i]);
    }
    return sum;
  }

  /** The words needed, rounded up to whole lanes. */
  private static int[] sequence(int n, long key, long stream, Purpose purpose, int step) {
    if (n < 0) {
      throw new IllegalArgumentException("degrees of freedom " + n + ": 0 or more are allowed");
    }
    int lanes = (words(n) + 3) / 4;
    int[] words = new int[4 * lanes];
    for (int lane = 0; lane < lanes; lane++) {
      Philox.block(key, stream, purpose, step, lane, words, 4 * lane);
    }
    return words;
  }
}
