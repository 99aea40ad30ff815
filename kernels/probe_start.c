/*
 * Entry points for verification and tests of start.h and start_full.h: the starts of restarts
 * 0 .. n - 1 of one cell, as ConvStart draws them.
 *
 * The request of both kernels, ints: [0] and [1] low and high word of the key, [2] and [3] low 32
 * and high 16 bits of the first restart's stream, [4] the number n of restarts, [5] p, [6] k.
 * `teacher`, reals: the output radius, the unit filter (p), the mean axis (k), the contrast axis
 * (k). A quadruple has one stream, other restarts one each.
 *
 * A work-item takes BASIN_WIDTH consecutive restarts at a time, one in each component of a vector,
 * and goes on after those of all others. Rows of `out`, a column a restart, have the length n
 * rounded up to a multiple of BASIN_WIDTH; nothing is shared.
 */

#define PROBE_ROW(count) (((count) + BASIN_WIDTH - 1) / BASIN_WIDTH * BASIN_WIDTH)

/* Sets `at` to the first of the restarts that a work-item takes at a time, again and again. */
#define PROBE_EACH(at, row)                                                            \
  for (int at = (BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH; at < row; \
       at += BASIN_GROUPS * BASIN_GROUP_SIZE * BASIN_WIDTH)

BASIN_FUNCTION void probe_streams(BASIN_GLOBAL const int *request, words index, streams *s) {
  words first = (words)((word)request[2]);
  s->key0 = (word)request[0];
  s->key1 = (word)request[1];
#if BASIN_QUADRUPLE
  s->low = first + (index >> 2);
#else
  s->low = first + index;
#endif
  s->high = (word)request[3] + (s->low < first ? (words)1u : (words)0u);
}

/* Rows of `out`: x, y, mean, contrast, rest. */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void probe_start(
    BASIN_GLOBAL const int *request, BASIN_GLOBAL const real *teacher, BASIN_GLOBAL real *out) {
  int row = PROBE_ROW(request[4]);
  PROBE_EACH(at, row) {
    words index = BASIN_LANES + (word)at;
    streams s;
    probe_streams(request, index, &s);
    conv_state start = conv_start(s, index, request[5], request[6], teacher[0], teacher + 1);
    BASIN_STORE(start.x, out + at);
    BASIN_STORE(start.y, out + row + at);
    BASIN_STORE(start.mean, out + 2 * row + at);
    BASIN_STORE(start.contrast, out + 3 * row + at);
    BASIN_STORE(start.rest, out + 4 * row + at);
  }
}

#if defined(BASIN_P) && defined(BASIN_K)
/* Rows of `out`: the filter, BASIN_P = p of them, then the output weights, BASIN_K = k. */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void probe_start_full(
    BASIN_GLOBAL const int *request, BASIN_GLOBAL const real *teacher, BASIN_GLOBAL real *out) {
  int row = PROBE_ROW(request[4]);
  BASIN_GLOBAL const real *unit_filter = teacher + 1;
  BASIN_GLOBAL const real *mean_axis = unit_filter + BASIN_P;
  PROBE_EACH(at, row) {
    reals v[BASIN_P], a[BASIN_K];
    words index = BASIN_LANES + (word)at;
    streams s;
    probe_streams(request, index, &s);
    conv_state start = conv_start(s, index, BASIN_P, BASIN_K, teacher[0], unit_filter);
    conv_start_filter(s, index, BASIN_P, start, unit_filter, v);
    conv_start_output(s, index, BASIN_K, start, mean_axis, mean_axis + BASIN_K, a);
    BASIN_UNROLL(1)
    for (int c = 0; c < BASIN_P; c++) {
      BASIN_STORE(v[c], out + c * row + at);
    }
    BASIN_UNROLL(1)
    for (int j = 0; j < BASIN_K; j++) {
      BASIN_STORE(a[j], out + (BASIN_P + j) * row + at);
    }
  }
}
#endif
