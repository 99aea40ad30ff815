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

/* One round of the counter c[0 .. 3], whose words it replaces. */
BASIN_FUNCTION void philox_round(word key0, word key1, words *c) {
  words high0, low0, high1, low1;
  BASIN_MULTIPLY(c[0], BASIN_PHILOX_MULTIPLIER_0, high0, low0);
  BASIN_MULTIPLY(c[2], BASIN_PHILOX_MULTIPLIER_1, high1, low1);
  c[0] = high1 ^ c[1] ^ key0;
  c[1] = low1;
  c[2] = high0 ^ c[3] ^ key1;
  c[3] = low0;
}

/* The counter of one lane of the sequence of (stream, purpose, step). */
BASIN_FUNCTION void philox_counter(streams s, word purpose, words step, words lane, words *c) {
  c[0] = lane;
  c[1] = step;
  c[2] = s.low;
  c[3] = s.high | purpose << 16;
}

/* The four words of one lane of the sequence of (stream, purpose, step). */
BASIN_FUNCTION void philox_block(streams s, word purpose, words step, words lane, words *out) {
  philox_counter(s, purpose, step, lane, out);
  BASIN_UNROLL(BASIN_PHILOX_ROUNDS)
  for (int round = 0; round < BASIN_PHILOX_ROUNDS; round++) {
    philox_round(s.key0, s.key1, out);
    s.key0 += BASIN_PHILOX_WEYL_0;
    s.key1 += BASIN_PHILOX_WEYL_1;
  }
}

/*
 * The words of two lanes, round by round: in one alone every multiplication waits for the one before, and a CPU does
 * not look ahead as far as the next block.
 */
BASIN_FUNCTION void philox_two_blocks(
    streams s, word purpose, words step, words first_lane, words second_lane, words *first, words *second) {
  philox_counter(s, purpose, step, first_lane, first);
  philox_counter(s, purpose, step, second_lane, second);
  BASIN_UNROLL(BASIN_PHILOX_ROUNDS)
  for (int round = 0; round < BASIN_PHILOX_ROUNDS; round++) {
    philox_round(s.key0, s.key1, first);
    philox_round(s.key0, s.key1, second);
    s.key0 += BASIN_PHILOX_WEYL_0;
    s.key1 += BASIN_PHILOX_WEYL_1;
  }
}
