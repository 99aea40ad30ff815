package org.basinsim.random;

/** Uniform numbers on the open interval (0, 1). */
public final class Uniform {
  private Uniform() {}

  /**
   * The centre of the cell, one of 2³¹ equal ones, that the upper 31 bits of a word select: ((word
   * &gt;&gt;&gt; 1) + ½) 2⁻³¹, exact, never 0 and never 1. The lowest bit of the word is not used.
   */
  public static double of(int word) {
    return ((word | 1) & 0xffffffffL) * 0x1p-32;
  }
}
