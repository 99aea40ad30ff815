package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static final long KEY = 0x0123456789abcdefL;
  private static final double FALSE_ALARM = 1e-6;

  /** Published with Random123 1.14 (kat_vectors, philox4x32 10). */
  @Test
  void givesThePublishedVectors() {
    assertBlock("6627e8d5 e169c58d bc57ac4c 9b00dbd8", 0, 0, 0, 0, 0);
    assertBlock("408f276d 41c83b0e a20bc7c6 6d5451fd", -1, -1, -1, -1, -1);
    assertBlock(
        "d16cfe09 94fdcceb 5001e420 24126ea1",
        0x299f31d0a4093822L,
        0x243f6a88,
        0x85a308d3,
        0x13198a2e,
        0x03707344);
  }

  private static void assertBlock(String words, long key, int c0, int c1, int c2, int c3) {
    int[] expected =
        Arrays.stream(words.split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
    int[] out = new int[6];
    Philox.rounds(key, c0, c1, c2, c3, out, 1);
    assertArrayEquals(expected, Arrays.copyOfRange(out, 1, 5));
    assertEquals(0, out[0] | out[5], "words outside the block are left alone");
  }

  /** A counter that can be read back stands for one draw only. */
  @Test
  void namesCanBeReadBackFromTheirCounters() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      long stream = random.nextLong(Philox.LAST_STREAM + 1) >>> random.nextInt(48);
      Purpose purpose = Purpose.values()[random.nextInt(Purpose.values().length)];
      int step = random.nextInt();
      int lane = random.nextInt();
      int low = Philox.streamLow(stream);
      int high = Philox.streamHigh(stream, purpose);
      assertEquals(stream, (low & 0xffffffffL) | (high & 0xffffL) << 32);
      assertEquals(purpose.code(), high >>> 16);
      int[] named = new int[4];
      int[] counted = new int[4];
      Philox.block(KEY, stream, purpose, step, lane, named, 0);
      Philox.rounds(KEY, lane, step, low, high, counted, 0);
      assertArrayEquals(counted, named);
      int index = random.nextInt();
      Philox.block(KEY, stream, purpose, step, index >>> 2, named, 0);
      assertEquals(named[index & 3], Philox.word(KEY, stream, purpose, step, index));
    }
  }

  @Test
  void neighboursInEveryDirectionDrawDifferentBlocks() {
    long[] streams = {0, 1, 2, 0xffffffffL, 1L << 32, (1L << 32) + 1, Philox.LAST_STREAM};
    int[] numbers = {0, 1, 2, 3, 0x7fffffff, 0x80000000, -2, -1};
    Set<String> blocks = new HashSet<>();
    int[] out = new int[4];
    for (Purpose purpose : Purpose.values()) {
      for (long stream : streams) {
        for (int step : numbers) {
          for (int lane : numbers) {
            Philox.block(KEY, stream, purpose, step, lane, out, 0);
            assertTrue(blocks.add(Arrays.toString(out)));
          }
        }
      }
    }
  }

  @Test
  void codesOfPurposesNeverChange() {
    assertEquals(0, Purpose.FILTER_START.code());
    assertEquals(1, Purpose.OUTPUT_START.code());
    assertEquals(2, Purpose.FILTER_REST.code());
    assertEquals(3, Purpose.OUTPUT_REST.code());
    assertEquals(4, Purpose.INPUTS.code());
    assertEquals(5, Purpose.PERPENDICULAR.code());
    assertEquals(6, Purpose.DATA_SET.code());
    int[] codes = Arrays.stream(Purpose.values()).mapToInt(Purpose::code).toArray();
    assertEquals(codes.length, Arrays.stream(codes).distinct().count());
    assertTrue(Arrays.stream(codes).allMatch(code -> code >= 0 && code <= 0xffff));
  }

  @Test
  void refusesStreamsBeyond48Bits() {
    int[] out = new int[4];
    for (long stream : new long[] {-1, 1L << 48, Long.MIN_VALUE, Long.MAX_VALUE}) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> Philox.block(KEY, stream, Purpose.INPUTS, 0, 0, out, 0));
      assertTrue(refusal.getMessage().contains(Long.toString(stream)));
    }
  }

  /** Bytes of the words met when one part of the name counts up and the others rest. */
  @Test
  void bytesAreEquallyFrequentAlongEveryDirection() {
    int draws = 50_000;
    double limit =
        ChiSquaredDistribution.of(255).inverseSurvivalProbability(FALSE_ALARM / (3 * 4 * 4));
    for (int direction = 0; direction < 3; direction++) {
      long[][] counts = new long[16][256];
      int[] out = new int[4];
      for (int i = 0; i < draws; i++) {
        Philox.block(
            KEY,
            direction == 0 ? i : 5,
            Purpose.INPUTS,
            direction == 1 ? i : 7,
            direction == 2 ? i : 11,
            out,
            0);
        for (int b = 0; b < 16; b++) {
          counts[b][out[b / 4] >>> 8 * (b % 4) & 255]++;
        }
      }
      for (long[] count : counts) {
        double expected = draws / 256.0;
        double chiSquare =
            Arrays.stream(count).mapToDouble(c -> (c - expected) * (c - expected)).sum() / expected;
        assertTrue(chiSquare < limit, () -> chiSquare + " above " + limit);
      }
    }
  }
}
