package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.I2L;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.basinsim.random.Philox;

/**
 * Philox4x32-10 for a vector of counters at once, the same words as {@link Philox}.
 *
 * <p>The state is held in 64-bit lanes whose lower halves are the counter words: one instruction
 * multiplies two 32-bit words into 64 bits there. The upper halves are left as they fall. The masks
 * before a multiplication tell the compiler that this one instruction is enough.
 *
 * <p>The words are left, as raw bits, in the array in which their normals are to stand: for each
 * block the vectors of words 0, 1, 2, 3 one after the other.
 */
final class PhiloxLanes {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  /** As many ints as LONGS has lanes. */
  private static final VectorSpecies<Integer> HALF_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(LONGS.vectorBitSize() / 2));

  private static final long LOW_32 = 0xffffffffL;

  private PhiloxLanes() {}

  /**
   * Writes {@code blocks} blocks of 4 vectors of floats to {@code target} from {@code offset} on.
   * In lane i the first block has the counter (c0[i], c1[i], c2[i], c3[i]); from one block to the
   * next c0 grows by {@code stride}.
   *
   * @param key the key of the experiment, as {@link Philox} takes it
   */
  static void words(
      float[] target,
      int offset,
      int blocks,
      long key,
      int[] c0,
      int stride,
      int[] c1,
      int[] c2,
      int[] c3) {
    int length = FloatVector.SPECIES_PREFERRED.length();
    long[] keys = keys(key);
    LongVector multiplier0 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_0 & LOW_32).and(LOW_32);
    LongVector multiplier1 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_1 & LOW_32).and(LOW_32);
    for (int block = 0; block < blocks; block++) {
      // Even int lanes are the lower halves of long lanes; odd ones are shifted there.
      LongVector even0 = IntVector.fromArray(INTS, c0, 0).add(block * stride).reinterpretAsLongs();
      LongVector even1 = IntVector.fromArray(INTS, c1, 0).reinterpretAsLongs();
      LongVector even2 = IntVector.fromArray(INTS, c2, 0).reinterpretAsLongs();
      LongVector even3 = IntVector.fromArray(INTS, c3, 0).reinterpretAsLongs();
      LongVector odd0 = even0.lanewise(LSHR, 32);
      LongVector odd1 = even1.lanewise(LSHR, 32);
      LongVector odd2 = even2.lanewise(LSHR, 32);
      LongVector odd3 = even3.lanewise(LSHR, 32);
      for (int k = 0; k < 2 * Philox.ROUNDS; k += 2) {
        LongVector key0 = LongVector.broadcast(LONGS, keys[k]);
        LongVector key1 = LongVector.broadcast(LONGS, keys[k + 1]);
        LongVector product0 = even0.and(LOW_32).mul(multiplier0);
        LongVector product1 = even2.and(LOW_32).mul(multiplier1);
        even0 = product1.lanewise(LSHR, 32).lanewise(XOR, even1).lanewise(XOR, key0);
        even1 = product1;
        even2 = product0.lanewise(LSHR, 32).lanewise(XOR, even3).lanewise(XOR, key1);
        even3 = product0;
        product0 = odd0.and(LOW_32).mul(multiplier0);
        product1 = odd2.and(LOW_32).mul(multiplier1);
        odd0 = product1.lanewise(LSHR, 32).lanewise(XOR, odd1).lanewise(XOR, key0);
        odd1 = product1;
        odd2 = product0.lanewise(LSHR, 32).lanewise(XOR, odd3).lanewise(XOR, key1);
        odd3 = product0;
      }
      LongVector words0 = odd0.lanewise(LSHL, 32).or(even0.and(LOW_32));
      LongVector words1 = odd1.lanewise(LSHL, 32).or(even1.and(LOW_32));
      LongVector words2 = odd2.lanewise(LSHL, 32).or(even2.and(LOW_32));
      LongVector words3 = odd3.lanewise(LSHL, 32).or(even3.and(LOW_32));
      int at = offset + block * 4 * length;
      words0.reinterpretAsFloats().intoArray(target, at);
      words1.reinterpretAsFloats().intoArray(target, at + length);
      words2.reinterpretAsFloats().intoArray(target, at + 2 * length);
      words3.reinterpretAsFloats().intoArray(target, at + 3 * length);
    }
  }

  /**
   * The same for vectors of doubles: a word is the lower half of a double's bits, the upper half
   * means nothing.
   */
  static void words(
      double[] target,
      int offset,
      int blocks,
      long key,
      int[] c0,
      int stride,
      int[] c1,
      int[] c2,
      int[] c3) {
    int length = DoubleVector.SPECIES_PREFERRED.length();
    long[] keys = keys(key);
    LongVector multiplier0 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_0 & LOW_32).and(LOW_32);
    LongVector multiplier1 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_1 & LOW_32).and(LOW_32);
    for (int block = 0; block < blocks; block++) {
      LongVector a0 =
          (LongVector)
              IntVector.fromArray(HALF_INTS, c0, 0).add(block * stride).convertShape(I2L, LONGS, 0);
      LongVector a1 =
          (LongVector) IntVector.fromArray(HALF_INTS, c1, 0).convertShape(I2L, LONGS, 0);
      LongVector a2 =
          (LongVector) IntVector.fromArray(HALF_INTS, c2, 0).convertShape(I2L, LONGS, 0);
      LongVector a3 =
          (LongVector) IntVector.fromArray(HALF_INTS, c3, 0).convertShape(I2L, LONGS, 0);
      for (int k = 0; k < 2 * Philox.ROUNDS; k += 2) {
        LongVector key0 = LongVector.broadcast(LONGS, keys[k]);
        LongVector key1 = LongVector.broadcast(LONGS, keys[k + 1]);
        LongVector product0 = a0.and(LOW_32).mul(multiplier0);
        LongVector product1 = a2.and(LOW_32).mul(multiplier1);
        a0 = product1.lanewise(LSHR, 32).lanewise(XOR, a1).lanewise(XOR, key0);
        a1 = product1;
        a2 = product0.lanewise(LSHR, 32).lanewise(XOR, a3).lanewise(XOR, key1);
        a3 = product0;
      }
      int at = offset + block * 4 * length;
      a0.reinterpretAsDoubles().intoArray(target, at);
      a1.reinterpretAsDoubles().intoArray(target, at + length);
      a2.reinterpretAsDoubles().intoArray(target, at + 2 * length);
      a3.reinterpretAsDoubles().intoArray(target, at + 3 * length);
    }
  }

  /** The two key words of every round, one after the other. */
  private static long[] keys(long key) {
    long[] keys = new long[2 * Philox.ROUNDS];
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < Philox.ROUNDS; round++) {
      keys[2 * round] = k0;
      keys[2 * round + 1] = k1;
      k0 += Philox.WEYL_0;
      k1 += Philox.WEYL_1;
    }
    return keys;
  }
}
