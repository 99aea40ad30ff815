/*
 * The mathematics of one network of n students w_i in R^k beside k teachers v_j, the standard basis: what
 * org.basinsim.model.twolayer states, restated. Every function acts on each restart of a vector alone.
 *
 *   F = 1/2 sum kappa(w_i, w_j) - sum kappa(w_i, v_j) + 1/2 sum kappa(v_i, v_j),
 *   kappa(u, v) = |u| |v| (sin t + (pi - t) cos t) / 2 pi, t the angle of u and v.
 *
 * 2 pi dF/dW = M W - L: L_ic = pi - t of student i and teacher c, M_ij = pi - t of students i and j, and
 * M_ii = pi + (sum_j |w_j| sin t_ij - sum_c sin t_ic) / |w_i|. So each pair is looked at once.
 *
 * Angles come from cosines. A cosine off by e leaves the angle off by e / sin t, but kappa and its gradient by e
 * only: sine, cosine and angle agree, and what depends on the angle changes there by sin t times as much.
 *
 * BASIN_STUDENTS and BASIN_TEACHERS are n and k. A row is filled up with zeros, of which four coordinates at a time
 * may be taken: these stay zero. Needs elementary.h and gaussian.h.
 */

#define TWO_LAYER_BLOCK 4
#define TWO_LAYER_ROW ((BASIN_TEACHERS + TWO_LAYER_BLOCK - 1) / TWO_LAYER_BLOCK * TWO_LAYER_BLOCK)
#define TWO_LAYER_SIZE (BASIN_STUDENTS * TWO_LAYER_ROW) /* of an array of rows */

/* Numbers of one cell, in this order as the host sends them. */
typedef struct {
  real step_size;      /* eta, of dF/dW */
  real teachers_alone; /* 1/2 sum kappa(v_i, v_j) */
  real loss;           /* below: global */
  real gradient;       /* up to here: spurious; negative: never */
  real limit;          /* a longer student: diverged */
} two_layer_cell;

#define TWO_LAYER_UNDECIDED 0
#define TWO_LAYER_GLOBAL 1
#define TWO_LAYER_SPURIOUS 2
#define TWO_LAYER_DIVERGED 3

/* What an outcome is read from: F, 2 pi times the longest gradient of a student, the longest student. */
typedef struct {
  reals loss, gradient, norm;
} two_layer_state;

/* Students of a start, normals / sqrt(k): coordinate c of student i is normal i k + c. */
BASIN_FUNCTION void two_layer_start(streams s, reals *w) {
  const real root = BASIN_SQRT((real)BASIN_TEACHERS);
  BASIN_UNROLL(1)
  for (int first = 0; first < BASIN_STUDENTS * BASIN_TEACHERS; first += 4) {
    reals normals[4];
    gaussian_block(s, BASIN_PURPOSE_FILTER_START, (words)0u, (words)((word)first / 4u), normals);
    BASIN_UNROLL(4)
    for (int b = 0; b < 4; b++) {
      int at = first + b;
      if (at < BASIN_STUDENTS * BASIN_TEACHERS) {
        w[at / BASIN_TEACHERS * TWO_LAYER_ROW + at % BASIN_TEACHERS] = normals[b] / root;
      }
    }
  }
}

/* sin t and pi - t of a cosine, which rounding may have taken past 1. */
BASIN_FUNCTION void two_layer_angle(reals cosine, reals *sine, reals *left) {
  reals side = BASIN_ABS(cosine);
  reals gap = 1 - side;
  gap = gap < 0 ? (reals)(0) : gap;
  *sine = BASIN_SQRT(gap * (1 + side));
  *left = elementary_atan2(*sine, -cosine);
}

BASIN_FUNCTION reals two_layer_product(const reals *u, const reals *v) {
  reals product = 0;
  BASIN_UNROLL(4)
  for (int c = 0; c < TWO_LAYER_ROW; c++) {
    product = BASIN_FMA(u[c], v[c], product);
  }
  return product;
}

/*
 * Row i of M W - L in `row`, where -L was: blocks of four columns, so that a number of M is read once for them.
 * Returns the squared length of the row.
 */
BASIN_FUNCTION reals two_layer_slope(const reals *w, const reals *m, reals *row) {
  reals squares = 0;
  BASIN_UNROLL(1)
  for (int c = 0; c < TWO_LAYER_ROW; c += TWO_LAYER_BLOCK) {
    reals sums[TWO_LAYER_BLOCK];
    BASIN_UNROLL(TWO_LAYER_BLOCK)
    for (int b = 0; b < TWO_LAYER_BLOCK; b++) {
      sums[b] = row[c + b];
    }
    BASIN_UNROLL(1)
    for (int j = 0; j < BASIN_STUDENTS; j++) {
      BASIN_UNROLL(TWO_LAYER_BLOCK)
      for (int b = 0; b < TWO_LAYER_BLOCK; b++) {
        sums[b] = BASIN_FMA(m[j], w[j * TWO_LAYER_ROW + c + b], sums[b]);
      }
    }
    BASIN_UNROLL(TWO_LAYER_BLOCK)
    for (int b = 0; b < TWO_LAYER_BLOCK; b++) {
      row[c + b] = sums[b];
      squares = BASIN_FMA(sums[b], sums[b], squares);
    }
  }
  return squares;
}

/*
 * The state of students `w`. Leaves 2 pi dF/dW in `slope`, like `w` of TWO_LAYER_SIZE, and M in `m`, of n n numbers.
 */
BASIN_FUNCTION two_layer_state two_layer_measure(
    const reals *w, two_layer_cell c, reals *slope, reals *m) {
  reals norm[BASIN_STUDENTS], per_norm[BASIN_STUDENTS];
  two_layer_state s;
  reals kernels = 0; /* 2 pi times those that count in F */
  s.norm = 0;
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_STUDENTS; i++) {
    const reals *own = w + i * TWO_LAYER_ROW;
    reals squares = two_layer_product(own, own);
    norm[i] = BASIN_SQRT(squares);
    per_norm[i] = 1 / norm[i];
    s.norm = norm[i] > s.norm ? norm[i] : s.norm;
    reals sines = 0;
    reals along = 0;
    BASIN_UNROLL(1)
    for (int t = 0; t < BASIN_TEACHERS; t++) {
      reals sine, left;
      two_layer_angle(own[t] * per_norm[i], &sine, &left);
      slope[i * TWO_LAYER_ROW + t] = -left;
      sines += sine;
      along = BASIN_FMA(left, own[t], along);
    }
    BASIN_UNROLL(1)
    for (int t = BASIN_TEACHERS; t < TWO_LAYER_ROW; t++) {
      slope[i * TWO_LAYER_ROW + t] = 0;
    }
    /* With itself: pi |w_i|^2, of which half counts. */
    kernels += BASIN_PI / 2 * squares - BASIN_FMA(norm[i], sines, along);
    reals pull = -sines;
    BASIN_UNROLL(1)
    for (int j = 0; j < i; j++) {
      reals sine, left;
      reals product = two_layer_product(own, w + j * TWO_LAYER_ROW);
      two_layer_angle(product * (per_norm[i] * per_norm[j]), &sine, &left);
      m[i * BASIN_STUDENTS + j] = left;
      m[j * BASIN_STUDENTS + i] = left;
      pull = BASIN_FMA(norm[j], sine, pull);
      m[j * (BASIN_STUDENTS + 1)] = BASIN_FMA(norm[i], sine, m[j * (BASIN_STUDENTS + 1)]);
      kernels += BASIN_FMA(norm[i] * norm[j], sine, left * product);
    }
    m[i * (BASIN_STUDENTS + 1)] = pull;
  }
  reals steepest = 0;
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_STUDENTS; i++) {
    m[i * (BASIN_STUDENTS + 1)] = BASIN_FMA(m[i * (BASIN_STUDENTS + 1)], per_norm[i], BASIN_PI);
    reals squares = two_layer_slope(w, m + i * BASIN_STUDENTS, slope + i * TWO_LAYER_ROW);
    steepest = squares > steepest ? squares : steepest;
  }
  s.gradient = BASIN_SQRT(steepest);
  s.loss = kernels / (2 * BASIN_PI) + c.teachers_alone;
  return s;
}

/* What a state establishes. */
BASIN_FUNCTION integers two_layer_end(two_layer_state s, two_layer_cell c) {
  integers end = s.gradient <= c.gradient ? (integers)(TWO_LAYER_SPURIOUS) : (integers)(TWO_LAYER_UNDECIDED);
  end = s.loss < c.loss ? (integers)(TWO_LAYER_GLOBAL) : end;
  integers finite = s.norm <= c.limit && s.loss == s.loss;
  return finite ? end : (integers)(TWO_LAYER_DIVERGED);
}

/* W <- W - eta dF/dW where `open`. */
BASIN_FUNCTION void two_layer_step(reals *w, const reals *slope, two_layer_cell c, integers open) {
  const reals rate = -c.step_size / (2 * BASIN_PI);
  BASIN_UNROLL(TWO_LAYER_BLOCK)
  for (int at = 0; at < TWO_LAYER_SIZE; at++) {
    w[at] = open ? BASIN_FMA(slope[at], rate, w[at]) : w[at];
  }
}
