/*
 * Invariants of a random start, the twin of org.basinsim.start.ConvStart.state; the laws and which
 * word decides what are described there. In double precision the bits are the same. In single
 * precision the same operations are carried out in single, so that devices without doubles draw
 * starts too.
 *
 * All components of a vector belong to one cell: p, k and the radius are the same for them.
 * BASIN_FILTER_LAW: 0 sphere, 1 cube, 2 normal, 3 the shortcut, 1/sqrt(p) in every coordinate.
 * BASIN_OUTPUT_LAW: 0 ball, 1 sphere, 2 normal, 3 zero, 4 average output, which has no start. BASIN_QUADRUPLE: 1 where restarts 4i .. 4i + 3 are
 * (v, a), (-v, a), (v, -a), (-v, -a). `index` is the low word of each restart's index.
 *
 * Needs gaussian.h.
 */

/* The invariants of org.basinsim.model.conv.ConvState. */
typedef struct {
  reals x, y, mean, contrast, rest;
} conv_state;

/* x, its sign changed where the restart has the other filter of its quadruple. */
BASIN_FUNCTION reals start_filter_sign(reals x, words index) {
#if BASIN_QUADRUPLE
  return elementary_flip(x, index << 31);
#else
  return x;
#endif
}

/* x, its sign changed where the restart has the other output weights of its quadruple. */
BASIN_FUNCTION reals start_output_sign(reals x, words index) {
#if BASIN_QUADRUPLE
  return elementary_flip(x, index << 30);
#else
  return x;
#endif
}

/* 2 u - 1 for the uniform u of a word, without the rounding of u: a coordinate of the cube. */
BASIN_FUNCTION reals start_symmetric(words w) {
  words centred = (w | 1u) ^ 0x80000000u;
  return BASIN_TO_REALS(BASIN_TO_SIGNED(centred)) * BASIN_REAL(4.656612873077392578125e-10);
}

/* u^power - 1 for the uniform u of a word, accurate also where it is small. */
BASIN_FUNCTION reals start_power_complement(words w, real power) {
  return elementary_expm1(BASIN_REAL(-0.5) * power * gaussian_exponential(w));
}

#if BASIN_FILTER_LAW == 1
/* The words are drawn twice: an array of run-time length p would not stay in registers. */
BASIN_FUNCTION void start_filter_plane(
    streams s, int p, BASIN_GLOBAL const real *unit_filter, conv_state *start) {
  reals x = (reals)(BASIN_REAL(0.0));
  reals squares = x;
  for (int pass = 0; pass < 2; pass++) {
    for (int first = 0; first < p; first += 4) {
      words block[4];
      philox_block(
          s, BASIN_PURPOSE_FILTER_START, (words)0u, (words)((word)first / 4u), block);
      BASIN_UNROLL(4)
      for (int i = 0; i < 4; i++) {
        if (first + i < p) {
          reals v = start_symmetric(block[i]);
          real axis = unit_filter[first + i];
          if (pass == 0) {
            x += v * axis;
          } else {
            reals left = v - x * axis;
            squares += left * left;
          }
        }
      }
    }
  }
  start->x = x;
  start->y = BASIN_SQRT(squares);
}
#elif BASIN_FILTER_LAW == 3
BASIN_FUNCTION void start_filter_plane(
    streams s, int p, BASIN_GLOBAL const real *unit_filter, conv_state *start) {
  real v = 1 / BASIN_SQRT((real)p);
  real x = 0;
  real squares = 0;
  for (int c = 0; c < p; c++) {
    x += v * unit_filter[c];
  }
  for (int c = 0; c < p; c++) {
    real left = v - x * unit_filter[c];
    squares += left * left;
  }
  start->x = (reals)(x);
  start->y = (reals)(BASIN_SQRT(squares));
}
#else
BASIN_FUNCTION void start_filter_plane(
    streams s, int p, BASIN_GLOBAL const real *unit_filter, conv_state *start) {
  words block[4];
  reals pair[2];
  philox_block(s, BASIN_PURPOSE_FILTER_START, (words)0u, (words)0u, block);
  gaussian_pair(block[0], block[1], pair);
  reals x = pair[0];
  reals across = gaussian_chi_square(s, BASIN_PURPOSE_FILTER_ACROSS, (words)0u, p - 1);
  reals y = BASIN_SQRT(across);
#if BASIN_FILTER_LAW == 0
  reals norm = BASIN_SQRT(BASIN_FMA(x, x, across));
  x = x / norm;
  y = y / norm;
#endif
  start->x = x;
  start->y = y;
}
#endif

#if BASIN_OUTPUT_LAW < 2
/* Squared radius in the plane and squared norm beside it are `part` and `beside` of radius^2. */
BASIN_FUNCTION void start_plane(
    real radius, reals part, words turn, reals beside, conv_state *start) {
  reals in_plane = radius * BASIN_SQRT(part);
  reals cosine, sine;
  elementary_turn(turn, &cosine, &sine);
  start->mean = in_plane * cosine;
  start->contrast = in_plane * sine;
  start->rest = radius * BASIN_SQRT(beside);
}
#endif

BASIN_FUNCTION void start_output_plane(streams s, int k, real radius, conv_state *start) {
  reals zero = (reals)(BASIN_REAL(0.0));
  start->mean = zero;
  start->contrast = zero;
  start->rest = zero;
#if BASIN_OUTPUT_LAW < 3
  words block[4];
  philox_block(s, BASIN_PURPOSE_OUTPUT_START, (words)0u, (words)0u, block);
#endif
#if BASIN_OUTPUT_LAW == 0
  if (k == 1) {
    start->mean = radius * start_symmetric(block[0]);
  } else {
    reals part = -start_power_complement(block[0], BASIN_REAL(2.0) / (real)k);
    reals beside = zero;
    if (k > 2) {
      reals left = BASIN_REAL(1.0) - part;
      real power = BASIN_REAL(2.0) / (real)(k - 2);
      beside = left * (BASIN_REAL(1.0) + start_power_complement(block[2], power));
    }
    start_plane(radius, part, block[1], beside, start);
  }
#elif BASIN_OUTPUT_LAW == 1
  if (k == 1) {
    start->mean = elementary_flip((reals)(radius), block[0]);
  } else {
    reals part = (reals)(BASIN_REAL(1.0));
    if (k > 2) {
      part = -start_power_complement(block[0], BASIN_REAL(2.0) / (real)(k - 2));
    }
    start_plane(radius, part, block[1], BASIN_REAL(1.0) - part, start);
  }
#elif BASIN_OUTPUT_LAW == 2
  real deviation = radius / BASIN_SQRT((real)k);
  reals pair[2];
  gaussian_pair(block[0], block[1], pair);
  start->mean = deviation * pair[0];
  if (k > 1) {
    reals rest = gaussian_chi_square(s, BASIN_PURPOSE_OUTPUT_ACROSS, (words)0u, k - 2);
    start->contrast = deviation * pair[1];
    start->rest = deviation * BASIN_SQRT(rest);
  }
#endif
}

/*
 * The invariants of each restart's start; output parts are 0 for average output.
 *
 * unit_filter: the teacher's unit filter, p numbers, read for the cube and the shortcut alone.
 */
BASIN_FUNCTION conv_state conv_start(
    streams s, words index, int p, int k, real radius, BASIN_GLOBAL const real *unit_filter) {
  conv_state start;
  start_filter_plane(s, p, unit_filter, &start);
  start_output_plane(s, k, radius, &start);
  start.x = start_filter_sign(start.x, index);
  start.mean = start_output_sign(start.mean, index);
  start.contrast = start_output_sign(start.contrast, index);
  return start;
}
