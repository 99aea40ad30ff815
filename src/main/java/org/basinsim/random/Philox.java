package org.basinsim.random;

/**
 * Philox4x32-10: four random 32-bit words from a counter of four words and a key of two.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 *
 * <p>The counter of a draw is c0 = lane, c1 = step, c2 = low 32 bits of the stream, c3 = high 16
 * bits of the stream | purpose &lt;&lt; 16. Word i of a sequence is word i mod 4 of lane i div 4.
 */
public final class Philox {
  /** Streams are numbered from 0 to this. */
  public static final long LAST_STREAM = (1L << 48) - 1;

  /** Multiplier of c0. */
  public static final int MULTIPLIER_0 = 0xD2511F53;

  /** Multiplier of c2. */
  public static final int MULTIPLIER_1 = 0xCD9E8D57;

  /** Added to the low key word after each round. */
  public static final int WEYL_0 = 0x9E3779B9;

  /** Added to the high key word after each round. */
  public static final int WEYL_1 = 0xBB67AE85;

  /** Number of rounds. */
  public static final int ROUNDS = 10;

  private static final long LOW_32 = 0xffffffffL;

  private Philox() {}

  /**
   * Writes the four words of one lane to {@code out[offset .. offset + 3]}.
   *
   * @param key the key of the experiment: low word k0, high word k1
   * @param stream 0 to {@link #LAST_STREAM}
   * @param purpose what the draw is for
   * @param step step of the descent, any 32 bits
   * @param lane position within the step, any 32 bits
   * @throws IllegalArgumentException if the stream is out of range
   */
  public static void block(
      long key, long stream, Purpose purpose, int step, int lane, int[] out, int offset) {
    rounds(key, lane, step, streamLow(stream), streamHigh(stream, purpose), out, offset);
  }

  /**
   * Word {@code index} of the sequence of (stream, purpose, step): word index mod 4 of lane index
   * div 4.
   *
   * @throws IllegalArgumentException if the stream is out of range
   */
  public static int word(long key, long stream, Purpose purpose, int step, int index) {
    int[] block = new int[4];
    block(key, stream, purpose, step, index >>> 2, block, 0);
    return block[index & 3];
  }

  /** Counter word c2 of a stream: its low 32 bits. */
  public static int streamLow(long stream) {
    return (int) stream;
  }

  /**
   * Counter word c3: the high 16 bits of the stream below the purpose's code.
   *
   * @throws IllegalArgumentException if the stream is negative or above {@link #LAST_STREAM}
   */
  public static int streamHigh(long stream, Purpose purpose) {
    if (stream < 0 || stream > LAST_STREAM) {
      throw new IllegalArgumentException(
          "stream " + stream + " is out of range: 0 to " + LAST_STREAM + " (48 bits) are allowed");
    }
    return (int) (stream >>> 32) | purpose.code() << 16;
  }

  /** Philox4x32-10 of a whole counter, as published; writes {@code out[offset .. offset + 3]}. */
  public static void rounds(long key, int c0, int c1, int c2, int c3, int[] out, int offset) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (c0 & LOW_32) * (MULTIPLIER_0 & LOW_32);
      long product1 = (c2 & LOW_32) * (MULTIPLIER_1 & LOW_32);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[offset] = c0;
    out[offset + 1] = c1;
    out[offset + 2] = c2;
    out[offset + 3] = c3;
  }
}
