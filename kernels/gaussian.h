/*
 * Standard normals and chi-squares, the twin of org.basinsim.random.Gaussian and ChiSquare. By Box
 * and Muller the words (w0, w1) of a block give (r cos t, r sin t), r = sqrt(-2 ln u), u the uniform
 * of w0, t the turn of w1; the words (w2, w3) give the other two.
 *
 * Needs philox.h and elementary.h.
 */

/*
 * -2 ln u, u = (w | 1) 2^-32. Read as a signed number, w | 1 is 2^32 u below u = 1/2 and
 * 2^32 (u - 1) from there on, where the whole is 1.
 */
BASIN_FUNCTION reals gaussian_exponential(words w) {
  reals whole = BASIN_AS_REALS((0 - BASIN_WIDEN(w >> 31)) & BASIN_BITS_OF_ONE);
  reals part = BASIN_TO_REALS(BASIN_TO_SIGNED(w | 1u)) * BASIN_REAL(2.3283064365386962890625e-10);
  return BASIN_REAL(-2.0) * elementary_ln_of_sum(whole, part);
}

/* Two normals from two words. */
BASIN_FUNCTION void gaussian_pair(words w0, words w1, reals *normals) {
  reals radius = BASIN_SQRT(gaussian_exponential(w0));
  reals cosine, sine;
  elementary_turn(w1, &cosine, &sine);
  normals[0] = radius * cosine;
  normals[1] = radius * sine;
}

/* Four normals from the four words of a block. */
BASIN_FUNCTION void gaussian_normals(const words *block, reals *normals) {
  gaussian_pair(block[0], block[1], normals);
  gaussian_pair(block[2], block[3], normals + 2);
}

/* Four normals: those of one lane of the sequence of (stream, purpose, step). */
BASIN_FUNCTION void gaussian_block(
    streams s, word purpose, words step, words lane, reals *normals) {
  words block[4];
  philox_block(s, purpose, step, lane, block);
  gaussian_normals(block, normals);
}

typedef struct {
  reals z[4];
} gaussian_four;

BASIN_CALLED gaussian_four gaussian_inputs(streams s, words step, words lane) {
  gaussian_four four;
  gaussian_block(s, BASIN_PURPOSE_INPUTS, step, lane, four.z);
  return four;
}

/* Those of two lanes; see philox_two_blocks. */
BASIN_FUNCTION void gaussian_two_inputs(
    streams s, words step, words first_lane, words second_lane, gaussian_four *first, gaussian_four *second) {
  words block[4], other[4];
  philox_two_blocks(s, BASIN_PURPOSE_INPUTS, step, first_lane, second_lane, block, other);
  gaussian_normals(block, first->z);
  gaussian_normals(other, second->z);
}

/*
 * A chi-square with n >= 0 degrees of freedom, n the same for all components, from the words of
 * (stream, purpose, step): for odd n the first two are a pair whose cosine normal is squared, each
 * of the next n div 2 gives one term -2 ln u. Terms are added in the order of their words.
 */
BASIN_FUNCTION reals gaussian_chi_square(streams s, word purpose, words step, int n) {
  int odd = n % 2;
  int count = n / 2 + 2 * odd;
  reals sum = (reals)(BASIN_REAL(0.0));
  for (int first = 0; first < count; first += 4) {
    words block[4];
    philox_block(s, purpose, step, (words)((word)first / 4u), block);
    if (first == 0 && odd == 1) {
      reals normals[2];
      gaussian_pair(block[0], block[1], normals);
      sum = normals[0] * normals[0];
    }
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i >= 2 * odd && first + i < count) {
        sum += gaussian_exponential(block[i]);
      }
    }
  }
  return sum;
}
