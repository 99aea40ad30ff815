/*
 * The mathematics of one network with average output whose patches overlap: what org.basinsim.model.conv.Overlap
 * states, restated. Every function acts on each restart of a vector alone.
 *
 *   pi k^2 dl = sum_s (k - |s|) { |w| [sin t_s u + (pi - t_s) T_s u] - |w*| [sin t*_s u + (pi - t*_s) T_s u*] },
 *   u = w / |w|, (T_s v)_c = v_{c + s stride}, t_s the angle of u at patch s and u at patch 0, t*_s that with u*;
 *
 * patches that have nothing in common are orthogonal, and stand in `apart` together. With x = |u + v| = 2 cos t/2 and
 * y = |u - v| = 2 sin t/2 angles are accurate at both ends.
 *
 * BASIN_P numbers of a filter, BASIN_STRIDE, BASIN_REACH the largest shift of patches that overlap. Loops over them
 * are unrolled BASIN_UNROLL_FILTER and BASIN_UNROLL_SHIFTS times. Needs elementary.h.
 */

/* Numbers of one cell, in this order as the host sends them. */
typedef struct {
  real step_size;          /* eta */
  real patches;            /* k */
  real apart;              /* ordered pairs of patches that have nothing in common */
  real filter_norm;        /* ||w*|| */
  real labels;             /* 2 pi k^2 E f*^2 without those pairs */
  real squared_distance;   /* near: ||w - w*||^2; negative: never */
  real squared_stationary; /* stationary: ||dl||^2; negative: never */
  real bad_loss;           /* a minimum of a larger loss is not the teacher's */
  real squared_limit;      /* beyond: diverged */
  real difference;         /* of second derivatives, relative to ||w|| */
  real least_curvature;    /* of a minimum, relative to the mean one */
#if BASIN_LEAKY
  real tilt;               /* b: leaky ReLU has pi - t + b for pi - t, */
  real bent;               /* and s times the loss */
#endif
} overlap_cell;

#if BASIN_LEAKY
#define OVERLAP_TILTED(x, c) ((x) + (c).tilt)
#define OVERLAP_BENT(x, c) ((x) * (c).bent)
#else
#define OVERLAP_TILTED(x, c) (x)
#define OVERLAP_BENT(x, c) (x)
#endif

#define OVERLAP_UNDECIDED 0
#define OVERLAP_GLOBAL 1
#define OVERLAP_SPURIOUS 2
#define OVERLAP_DIVERGED 3

/* What two unit filters at a shift have to do with one another: sin t, pi - t and cos t. */
typedef struct {
  reals sine, left, cosine;
} overlap_angle;

BASIN_FUNCTION overlap_angle overlap_turn(reals squared_difference, reals squared_sum) {
  overlap_angle a;
  reals y = BASIN_SQRT(squared_difference);
  reals x = BASIN_SQRT(squared_sum);
  a.sine = y * x * BASIN_REAL(0.5);
  a.left = BASIN_PI - 2 * elementary_atan2(y, x);
  a.cosine = (squared_sum - squared_difference) * BASIN_REAL(0.25);
  return a;
}

/* Of u and itself `by` > 0 numbers further. */
BASIN_FUNCTION overlap_angle overlap_own(const reals *u, int by) {
  reals difference = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    if (c < by) {
      difference = BASIN_FMA(u[c], u[c], BASIN_FMA(u[BASIN_P - 1 - c], u[BASIN_P - 1 - c], difference));
    }
  }
  reals sum = difference;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    if (c >= by) {
      reals minus = u[c] - u[c - by];
      reals plus = u[c] + u[c - by];
      difference = BASIN_FMA(minus, minus, difference);
      sum = BASIN_FMA(plus, plus, sum);
    }
  }
  return overlap_turn(difference, sum);
}

/* Of u, `by` numbers further, and the teacher's unit filter: number c meets number c + by. */
BASIN_FUNCTION overlap_angle overlap_cross(const reals *u, BASIN_GLOBAL const real *teacher, int by) {
  real alone = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    alone += c - by >= 0 && c - by < BASIN_P ? 0 : teacher[c] * teacher[c];
  }
  reals difference = alone, sum = alone;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    reals other = c + by >= 0 && c + by < BASIN_P ? teacher[c + by] : 0;
    reals minus = u[c] - other;
    reals plus = u[c] + other;
    difference = BASIN_FMA(minus, minus, difference);
    sum = BASIN_FMA(plus, plus, sum);
  }
  return overlap_turn(difference, sum);
}

/* u = w / |w|; returns |w|. */
BASIN_FUNCTION reals overlap_unit(const reals *w, reals *u) {
  reals squares = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    squares = BASIN_FMA(w[c], w[c], squares);
  }
  reals norm = BASIN_SQRT(squares);
  reals per_norm = 1 / norm;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    u[c] = w[c] * per_norm;
  }
  return norm;
}

/* The gradient at w. */
BASIN_FUNCTION void overlap_gradient(
    const reals *w, overlap_cell c, BASIN_GLOBAL const real *teacher, reals *gradient) {
  reals u[BASIN_P];
  reals norm = overlap_unit(w, u);
  reals radial = BASIN_FMA(norm - c.filter_norm, (reals)(c.apart), norm * (c.patches * OVERLAP_TILTED(BASIN_PI, c)));
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int n = 0; n < BASIN_P; n++) {
    gradient[n] = 0;
  }
  BASIN_UNROLL(BASIN_UNROLL_SHIFTS)
  for (int s = 1; s <= BASIN_REACH; s++) {
    const int by = s * BASIN_STRIDE;
    overlap_angle a = overlap_own(u, by);
    /* Both signs of the shift. */
    reals weight = norm * (c.patches - s);
    radial = BASIN_FMA(2 * weight, a.sine, radial);
    reals left = weight * OVERLAP_TILTED(a.left, c);
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      if (n + by < BASIN_P) {
        gradient[n] = BASIN_FMA(left, u[n + by], gradient[n]);
        gradient[n + by] = BASIN_FMA(left, u[n], gradient[n + by]);
      }
    }
  }
  BASIN_UNROLL(BASIN_UNROLL_SHIFTS)
  for (int s = -BASIN_REACH; s <= BASIN_REACH; s++) {
    const int by = s * BASIN_STRIDE;
    overlap_angle a = overlap_cross(u, teacher, by);
    real weight = (s < 0 ? -s : s) - c.patches;
    weight = weight * c.filter_norm;
    radial = BASIN_FMA(a.sine, (reals)(weight), radial);
    reals left = OVERLAP_TILTED(a.left, c) * weight;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      if (n + by >= 0 && n + by < BASIN_P) {
        gradient[n] = BASIN_FMA(left, (reals)(teacher[n + by]), gradient[n]);
      }
    }
  }
  const reals scale = OVERLAP_BENT(1 / (BASIN_PI * c.patches * c.patches), c);
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int n = 0; n < BASIN_P; n++) {
    gradient[n] = BASIN_FMA(radial, u[n], gradient[n]) * scale;
  }
}

/* G = (pi - t + b) cos t + sin t */
BASIN_FUNCTION reals overlap_g(overlap_angle a, overlap_cell c) {
  return BASIN_FMA(OVERLAP_TILTED(a.left, c), a.cosine, a.sine);
}

/* E(f - f*)^2 at w. */
BASIN_FUNCTION reals overlap_loss(const reals *w, overlap_cell c, BASIN_GLOBAL const real *teacher) {
  reals u[BASIN_P];
  reals norm = overlap_unit(w, u);
  reals off = norm - c.filter_norm;
  reals same = norm * norm * (c.patches * OVERLAP_TILTED(BASIN_PI, c));
  reals sum = BASIN_FMA(off * off, (reals)(c.apart), same) + c.labels;
  BASIN_UNROLL(1)
  for (int s = -BASIN_REACH; s <= BASIN_REACH; s++) {
    int shift = s < 0 ? -s : s;
    real pairs = c.patches - shift;
    if (s > 0) {
      sum = BASIN_FMA(norm * norm * (2 * pairs), overlap_g(overlap_own(u, s * BASIN_STRIDE), c), sum);
    }
    reals cross = overlap_g(overlap_cross(u, teacher, s * BASIN_STRIDE), c);
    sum = BASIN_FMA(norm * (-2 * pairs * c.filter_norm), cross, sum);
  }
  return OVERLAP_BENT(sum / (2 * BASIN_PI * c.patches * c.patches), c);
}

/* w, its number i moved by h. */
BASIN_FUNCTION void overlap_move(const reals *w, int i, reals h, reals *moved) {
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int n = 0; n < BASIN_P; n++) {
    moved[n] = n == i ? w[n] + h : w[n];
  }
}

/*
 * Whether the loss curves upwards in every direction: second derivatives by central differences of the gradient, and
 * the pivots of Cholesky.
 */
BASIN_FUNCTION integers overlap_curves_upwards(
    const reals *w, overlap_cell c, BASIN_GLOBAL const real *teacher) {
  reals a[BASIN_P * BASIN_P], moved[BASIN_P], up[BASIN_P], down[BASIN_P];
  reals h = overlap_unit(w, moved) * c.difference;
  reals trace = 0;
  /* No array that lies in registers is indexed by i. */
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_P; i++) {
    overlap_move(w, i, h, moved);
    overlap_gradient(moved, c, teacher, up);
    overlap_move(w, i, -h, moved);
    overlap_gradient(moved, c, teacher, down);
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int j = 0; j < BASIN_P; j++) {
      a[i * BASIN_P + j] = (up[j] - down[j]) / (2 * h);
    }
    trace += a[i * BASIN_P + i];
  }
  integers positive = trace > 0;
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_P; i++) {
    BASIN_UNROLL(1)
    for (int j = 0; j < i; j++) {
      reals mean = (a[i * BASIN_P + j] + a[j * BASIN_P + i]) * BASIN_REAL(0.5);
      a[i * BASIN_P + j] = mean;
      a[j * BASIN_P + i] = mean;
    }
    a[i * BASIN_P + i] -= trace * (c.least_curvature / BASIN_P);
  }
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_P; i++) {
    positive = positive && a[i * BASIN_P + i] > 0;
    BASIN_UNROLL(1)
    for (int j = i + 1; j < BASIN_P; j++) {
      reals factor = a[j * BASIN_P + i] / a[i * BASIN_P + i];
      BASIN_UNROLL(1)
      for (int n = i; n < BASIN_P; n++) {
        a[j * BASIN_P + n] = BASIN_FMA(-factor, a[i * BASIN_P + n], a[j * BASIN_P + n]);
      }
    }
  }
  return positive;
}

/* (x, y) of w along and beside the teacher. */
BASIN_FUNCTION void overlap_plane(const reals *w, BASIN_GLOBAL const real *teacher, reals *x, reals *y) {
  *x = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    *x = BASIN_FMA(w[c], (reals)(teacher[c]), *x);
  }
  reals beside = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    reals left = BASIN_FMA(-*x, (reals)(teacher[c]), w[c]);
    beside = BASIN_FMA(left, left, beside);
  }
  *y = BASIN_SQRT(beside);
}
