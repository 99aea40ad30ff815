/*
 * Entry points for verification and tests: the words of philox.h, the normals of gaussian.h, the
 * functions of elementary.h, each as training kernels call them.
 *
 * The request of every kernel, ints: [0] and [1] low and high word of the key, [2] and [3] low 32
 * and high 16 bits of a stream, [4] the purpose, [5] the step, [6] the count n.
 *
 * A work-item takes BASIN_WIDTH consecutive lanes, arguments or restarts at a time, one in each
 * component of a vector, and goes on after those of all others. Rows of every array have the length
 * n rounded up to a multiple of BASIN_WIDTH; nothing is shared.
 */

#define PROBE_ROW(count) (((count) + BASIN_WIDTH - 1) / BASIN_WIDTH * BASIN_WIDTH)

/* Sets `at` to the first of the elements that a work-item takes at a time, again and again. */
#define PROBE_EACH(at, row)                                                            \
  for (int at = (BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH; at < row; \
       at += BASIN_GROUPS * BASIN_GROUP_SIZE * BASIN_WIDTH)

BASIN_FUNCTION void probe_streams(BASIN_GLOBAL const int *request, streams *s) {
  s->key0 = (word)request[0];
  s->key1 = (word)request[1];
  s->low = (words)((word)request[2]);
  s->high = (words)((word)request[3]);
}

/*
 * Word i of lanes 0 .. n - 1 of the sequence of (stream, purpose, step): philox(key; lane, step,
 * stream, purpose)_i. Row i of `out` holds word i, column l lane l.
 */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void probe_words(
    BASIN_GLOBAL const int *request, BASIN_GLOBAL word *out) {
  streams s;
  probe_streams(request, &s);
  int row = PROBE_ROW(request[6]);
  PROBE_EACH(at, row) {
    words block[4];
    words lane = BASIN_LANES + (word)at;
    philox_block(s, (word)request[4], (words)((word)request[5]), lane, block);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      BASIN_STORE(block[i], out + i * row + at);
    }
  }
}

/* The four normals made of those words: sqrt(-2 ln u) (cos t, sin t); rows as of probe_words. */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void probe_normals(
    BASIN_GLOBAL const int *request, BASIN_GLOBAL real *out) {
  streams s;
  probe_streams(request, &s);
  int row = PROBE_ROW(request[6]);
  PROBE_EACH(at, row) {
    reals normals[4];
    words lane = BASIN_LANES + (word)at;
    gaussian_block(s, (word)request[4], (words)((word)request[5]), lane, normals);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      BASIN_STORE(normals[i], out + i * row + at);
    }
  }
}

/*
 * Functions of given arguments. `arguments`: row 0 words w, `points`: rows x and y. Rows of `out`:
 * -2 ln u of w, cos and sin of w 2^-32 of a turn, the normal pair of (w, step ^ w), ln y,
 * atan2(y, x), e^x - 1. A row of `points` serves every function whose domain it lies in.
 */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void probe_elementary(
    BASIN_GLOBAL const int *request, BASIN_GLOBAL const word *arguments,
    BASIN_GLOBAL const real *points, BASIN_GLOBAL real *out) {
  int row = PROBE_ROW(request[6]);
  PROBE_EACH(at, row) {
    words w = BASIN_LOAD(arguments + at);
    reals x = BASIN_LOAD(points + at);
    reals y = BASIN_LOAD(points + row + at);
    reals cosine, sine, pair[2];
    elementary_turn(w, &cosine, &sine);
    gaussian_pair(w, w ^ (word)request[5], pair);
    BASIN_STORE(gaussian_exponential(w), out + at);
    BASIN_STORE(cosine, out + row + at);
    BASIN_STORE(sine, out + 2 * row + at);
    BASIN_STORE(pair[0], out + 3 * row + at);
    BASIN_STORE(pair[1], out + 4 * row + at);
    BASIN_STORE(elementary_ln(y), out + 5 * row + at);
    BASIN_STORE(elementary_atan2(y, x), out + 6 * row + at);
    BASIN_STORE(elementary_expm1(x), out + 7 * row + at);
  }
}
