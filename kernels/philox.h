/*
 * Philox4x32-10, the twin of org.basinsim.random.Philox: a block of four random words from a key of
 * two words and a counter of four. In each of ten rounds
 *
 *   (c0, c1, c2, c3) := (high(M1 c2) ^ c1 ^ key0, low(M1 c2), high(M0 c0) ^ c3 ^ key1, low(M0 c0))
 *
 * and then the key words grow by the Weyl constants. A counter is lane, step, low 32 bits of the
 * stream, high 16 bits of the stream | purpose << 16. Word i of a sequence is word i mod 4 of lane
 * i div 4. The key is that of the experiment and the same for all components of a vector.
 *
 * Needs the constants of KernelConstants. Source: Salmon, Moraes, Dror, Shaw, SC 2011.
 */

/* Who draws: the key of the experiment and the stream of each restart. */
typedef struct {
  word key0, key1; /* low and high word of the key */
  words low, high; /* of the stream: its low 32 bits, its high 16 bits without a purpose */
} streams;

/* The ten rounds of a whole counter; writes out[0 .. 3]. */
BASIN_FUNCTION void philox(
    word key0, word key1, words c0, words c1, words c2, words c3, words *out) {
  BASIN_UNROLL(BASIN_PHILOX_ROUNDS)
  for (int round = 0; round < BASIN_PHILOX_ROUNDS; round++) {
    words high0, low0, high1, low1;
    BASIN_MULTIPLY(c0, BASIN_PHILOX_MULTIPLIER_0, high0, low0);
    BASIN_MULTIPLY(c2, BASIN_PHILOX_MULTIPLIER_1, high1, low1);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 += BASIN_PHILOX_WEYL_0;
    key1 += BASIN_PHILOX_WEYL_1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/* The four words of one lane of the sequence of (stream, purpose, step). */
BASIN_FUNCTION void philox_block(streams s, word purpose, words step, words lane, words *out) {
  philox(s.key0, s.key1, lane, step, s.low, s.high | purpose << 16, out);
}
