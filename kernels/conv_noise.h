/*
 * Annealed noise: the gradient is that at u = v + xi and a + eps, xi uniform in the ball of radius rho_w of R^p, eps in
 * that of radius rho_a of R^k. Of org.basinsim.model.conv.LearnedReduction the noisy step; which word decides what is
 * described at the reference's NoisyDescent.
 *
 * Needs start.h and conv.h.
 */

#if BASIN_NOISE

/* A row of a cell's schedule, which follows its unit filter; the last holds for all later epochs. */
#define CONV_NOISE_ROW 3 /* eta / 2 pi, rho_w, rho_a */

typedef struct {
  reals rate, filter, output;
} conv_epoch;

/* Two components of a point uniform in the unit ball of R^d, and the squared radius of the ball that is left beside. */
typedef struct {
  reals first, second, left;
} conv_ball;

/* The epochs that restarts are in. */
BASIN_FUNCTION conv_epoch conv_read_epoch(
    integers step, BASIN_GLOBAL const int *cell, BASIN_GLOBAL const real *schedule) {
  conv_epoch e;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    int row = (int)WORK_LANE(&step, l) / cell[CONV_EPOCH];
    int last = cell[CONV_EPOCHS] - 1;
    BASIN_GLOBAL const real *from = schedule + CONV_NOISE_ROW * (row < last ? row : last);
    WORK_REAL(&e.rate, l) = from[0];
    WORK_REAL(&e.filter, l) = from[1];
    WORK_REAL(&e.output, l) = from[2];
  }
  return e;
}

BASIN_FUNCTION conv_ball conv_in_ball(int d, words radius, words turn) {
  conv_ball b;
  b.first = b.second = b.left = (reals)(BASIN_REAL(0.0));
  if (d == 1) {
    b.first = start_symmetric(radius);
  } else if (d > 1) {
    reals part = -start_power_complement(radius, BASIN_REAL(2.0) / (real)d);
    reals in_plane = BASIN_SQRT(part);
    reals cosine, sine;
    elementary_turn(turn, &cosine, &sine);
    b.first = in_plane * cosine;
    b.second = in_plane * sine;
    if (d > 2) {
      b.left = BASIN_REAL(1.0) - part;
    }
  }
  return b;
}

/* The squared norm of a point uniform in the unit ball of R^d, 0 where there is no room. */
BASIN_FUNCTION reals conv_squared_radius(int d, words w) {
  if (d < 1) {
    return (reals)(BASIN_REAL(0.0));
  }
  return BASIN_REAL(1.0) + start_power_complement(w, BASIN_REAL(2.0) / (real)d);
}

/*
 * h = eta (a + eps)'b* (pi - phi) / (2 pi n), phi and n of u = (x', y'): x <- x + h (y'/n)^2; beside the teacher
 * v <- v - h (x'/n^2) u, one component along what is there and the rest across. Likewise the output weights.
 */
BASIN_FUNCTION conv_state conv_noisy_step(
    conv_state s, conv_cell c, conv_epoch e, streams of, words step, int p, int k) {
  words filter[4], output[4];
  philox_two_blocks(of, BASIN_PURPOSE_NOISE, step, (words)0u, (words)1u, filter, output);
  conv_ball plane = conv_in_ball(p, filter[0], filter[1]);
  reals along = BASIN_FMA(plane.second, e.filter, s.y);
  reals across = plane.left * conv_squared_radius(p - 2, output[2]) * (e.filter * e.filter);
  conv_geometry m =
      conv_measure(BASIN_FMA(plane.first, e.filter, s.x), BASIN_SQRT(BASIN_FMA(along, along, across)), c);

  conv_ball axes = conv_in_ball(k, filter[2], filter[3]);
  conv_state seen = s;
  seen.mean = BASIN_FMA(axes.first, e.output, s.mean);
  seen.contrast = BASIN_FMA(axes.second, e.output, s.contrast);
  reals h = m.left * e.rate * conv_product(seen, c) / m.norm;
  reals turn = h * m.cosine / m.norm;
  reals off = BASIN_FMA(-turn, along, s.y);
  conv_state next;
  next.x = BASIN_FMA(h * m.sine, m.sine, s.x);
  next.y = BASIN_SQRT(BASIN_FMA(off, off, turn * turn * across));
  reals meanPush = BASIN_FMA(m.g + (c.patches - 1), (reals)(c.mean), seen.mean * -(c.patches + (CONV_PI - 1)));
  reals contrastPush = BASIN_FMA(m.g - 1, (reals)(c.contrast), seen.contrast * (1 - CONV_PI));
  next.mean = BASIN_FMA(e.rate, meanPush, s.mean);
  next.contrast = BASIN_FMA(e.rate, contrastPush, s.contrast);

  conv_ball beside = conv_in_ball(k - 2, output[0], output[1]);
  reals left = beside.left * conv_squared_radius(k - 4, output[3]);
  reals radius = e.output * BASIN_SQRT(axes.left);
  reals shrink = e.rate * (CONV_PI - 1);
  reals kept = BASIN_FMA(-shrink, BASIN_FMA(beside.first, radius, s.rest), s.rest);
  reals moved = shrink * radius;
  reals squares = BASIN_FMA(beside.second, beside.second, left) * (moved * moved);
  reals rest = BASIN_SQRT(BASIN_FMA(kept, kept, squares));
  /* As without noise: what is next to nothing is 0. */
  next.rest = rest < BASIN_REAL(1e-30) ? (reals)(0) : rest;
  return next;
}

#endif
