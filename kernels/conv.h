/*
 * The mathematics of one convolutional network without overlap, k patches in R^p: what
 * org.basinsim.model.conv states, restated. No index of a thread in sight; `reals` holds one number
 * for each restart of a work-item, and every function acts on each restart alone.
 *
 * A state is (x, y) of the filter along and beside the teacher's and (mean, contrast, rest) of the
 * output weights along the teacher's two axes and beside them; b* = ||w*|| a*.
 */

#define CONV_PI BASIN_REAL(3.14159265358979323846)

/* Numbers of one cell, in this order as the host sends them. */
typedef struct {
  real patches;                  /* k */
  real step_size;                /* eta */
  real rate;                     /* s eta / 2 pi, s = 1 with ReLU */
  real mean;                     /* b* along its mean axis */
  real contrast;                 /* b* along its contrast axis */
  real squared_output;           /* ||b*||^2 */
  real spurious_mean;            /* the spurious critical point */
  real spurious_contrast;
  real mean_contraction;         /* 1 - s eta (k + pi + b - 1) / 2 pi, b = 0 with ReLU */
  real contrast_contraction;     /* 1 - s eta (pi + b - 1) / 2 pi */
  real overshoot;                /* part of its targets' range that the mean overshoots; 0 where it does not */
  real angle;                    /* near: phi <= angle; negative: never */
  real squared_radius;           /* near: ||a - b*||^2; negative: never */
  real squared_spurious_radius;  /* near: ||a - a_sp||^2; negative: never */
  real filter_norm;              /* ||w*|| */
  real squared_distance;         /* average output, near: ||w - w*||^2; negative: never */
  real squared_limit;            /* beyond: diverged */
  real start_radius;             /* R of the start's output weights */
  real loss;                     /* data sets: global at loss * (loss of the zero function); no number: never */
  real gradient;                 /* data sets: stationary at gradient * (norm at the start); no number: never */
#if BASIN_LEAKY
  real slope;                    /* alpha: sigma(z) = alpha z where z is not above 0 */
  real bent;                     /* s = (1 - alpha)^2, what of the population is ReLU */
  real tilt;                     /* b = 2 pi alpha / s, what of it is linear */
#endif
#if BASIN_OPTIMIZER
  real keep_mean, take_mean;     /* optimizer.h: m <- keep m + take g */
  real keep_square, take_square; /* s <- keep s + take g^2 */
  real epsilon;                  /* beside sqrt s */
  real log_mean, log_square;     /* logarithms of what is kept */
#endif
} conv_cell;

/* alpha of a cell, and what stands for x where the activation is not above 0. */
#if BASIN_LEAKY
#define CONV_SLOPE(c) ((c).slope)
#define CONV_BELOW(type, x, slope) ((x) * (slope))
#else
#define CONV_SLOPE(c) BASIN_REAL(0.0)
#define CONV_BELOW(type, x, slope) ((type)(0))
#endif

/*
 * With leaky ReLU formulas of the population are those of ReLU with G(phi) = g(phi) + b cos phi for
 * g, pi - phi + b for pi - phi, pi + b for pi as g(0), s eta for eta, and s times the loss.
 */
#if BASIN_LEAKY
#define CONV_TILTED(x, c) ((x) + (c).tilt)
#define CONV_BENT(x, c) ((x) * (c).bent)
#else
#define CONV_TILTED(x, c) (x)
#define CONV_BENT(x, c) (x)
#endif

#define CONV_UNDECIDED 0
#define CONV_GLOBAL 1
#define CONV_SPURIOUS 2
#define CONV_DIVERGED 3

/* What step and rules need of a filter. left = pi - phi, accurate near 0; g = G(phi). */
typedef struct {
  reals squared_norm, norm, cosine, sine, left, g;
} conv_geometry;

/* G(phi) = (pi - phi + b) cos phi + sin phi */
BASIN_FUNCTION conv_geometry conv_measure(reals x, reals y, conv_cell c) {
  conv_geometry m;
  m.squared_norm = BASIN_FMA(x, x, y * y);
  m.norm = BASIN_SQRT(m.squared_norm);
  m.cosine = x / m.norm;
  m.sine = y / m.norm;
  m.left = elementary_atan2(y, -x);
  m.g = BASIN_FMA(CONV_TILTED(m.left, c), m.cosine, m.sine);
  return m;
}

/* q = a'b* */
BASIN_FUNCTION reals conv_product(conv_state s, conv_cell c) {
  return BASIN_FMA(s.mean, (reals)(c.mean), s.contrast * c.contrast);
}

BASIN_FUNCTION reals conv_squared_output(reals mean, reals contrast, reals rest) {
  return BASIN_FMA(mean, mean, BASIN_FMA(contrast, contrast, rest * rest));
}

/* Whether a number is not finite or a norm is beyond the limit. */
BASIN_FUNCTION integers conv_diverged(conv_state s, reals squared_norm, conv_cell c) {
  integers filter = squared_norm <= c.squared_limit;
  integers output = conv_squared_output(s.mean, s.contrast, s.rest) <= c.squared_limit;
  return !(filter && output);
}

#if BASIN_LEARNED

/*
 * Population descent: h = s eta q (pi - phi + b) / (2 pi n), x <- x + h sin^2, y <- |y - h cos sin|,
 * mean <- mean - (s eta/2pi) [(k + pi + b - 1) mean - (k + G - 1) mean*], likewise contrast and rest.
 */
BASIN_FUNCTION conv_state conv_population_step(conv_state s, conv_geometry m, conv_cell c) {
  conv_state next;
  reals h = CONV_TILTED(m.left, c) * c.rate * m.sine * conv_product(s, c) / m.norm;
  next.x = BASIN_FMA(h, m.sine, s.x);
  next.y = BASIN_ABS(BASIN_FMA(-h, m.cosine, s.y));
  reals meanPush = (m.g + (c.patches - 1)) * (c.rate * c.mean);
  reals contrastPush = (m.g - 1) * (c.rate * c.contrast);
  next.mean = BASIN_FMA(s.mean, (reals)(c.mean_contraction), meanPush);
  next.contrast = BASIN_FMA(s.contrast, (reals)(c.contrast_contraction), contrastPush);
  /* Subnormal numbers cost a CPU a hundred times more than others: what is next to nothing is 0. */
  reals shrunk = BASIN_ABS(s.rest * c.contrast_contraction);
  next.rest = shrunk < BASIN_REAL(1e-30) ? (reals)(0) : shrunk;
  return next;
}

/* The absorbing verdict of org.basinsim.model.conv.LearnedReduction. */
BASIN_FUNCTION integers conv_verdict(conv_state s, conv_geometry m, conv_cell c) {
  reals q = conv_product(s, c);
  reals highest = s.mean > c.mean ? s.mean : (reals)(c.mean);
  reals lowest = s.mean < c.spurious_mean ? s.mean : (reals)(c.spurious_mean);
  reals largest = BASIN_ABS(s.mean);
  largest = largest > c.mean ? largest : (reals)(c.mean);
  if (c.mean_contraction < 0) {
    /* The mean overshoots its targets, which lie on this side of today's. */
    reals target = BASIN_FMA(
        CONV_TILTED(m.g, c), (reals)(c.mean / (c.patches + CONV_TILTED(CONV_PI, c) - 1)), (reals)(c.spurious_mean));
    reals high = q > 0 ? (reals)(c.mean) : target;
    reals low = q > 0 ? target : (reals)(c.spurious_mean);
    reals margin = (high - low) * c.overshoot;
    margin = s.mean - high > margin ? s.mean - high : margin;
    margin = low - s.mean > margin ? low - s.mean : margin;
    highest = high + margin;
    lowest = low - margin;
    largest = margin + c.mean;
  }
  reals contrast = BASIN_ABS(s.contrast);
  contrast = contrast > c.contrast ? contrast : (reals)(c.contrast);
  reals most = BASIN_FMA(largest, (reals)(c.mean), contrast * c.contrast);
#if BASIN_LEAKY
  /* eta (1 + alpha^2) = s eta (pi + b) / pi */
  integers holds = most * (c.rate * (CONV_PI + c.tilt)) < 2 * m.squared_norm;
#else
  integers holds = most * c.step_size < 4 * m.squared_norm;
#endif
  real pull = c.patches * c.mean;
  reals drift = (m.g - 1) * c.squared_output;
  integers good = q > 0 && (highest - c.mean) * pull <= drift;
  integers bad = q < 0 && (lowest - c.mean) * pull >= drift;
  integers verdict = good ? (integers)(CONV_GLOBAL) : (integers)(CONV_UNDECIDED);
  verdict = bad ? (integers)(CONV_SPURIOUS) : verdict;
  return holds ? verdict : (integers)(CONV_UNDECIDED);
}

/* Nearness of angle and output weights to one of the minima. */
BASIN_FUNCTION integers conv_near(conv_state s, conv_geometry m, conv_cell c) {
  reals phi = CONV_PI - m.left;
  reals to_global = conv_squared_output(s.mean - c.mean, s.contrast - c.contrast, s.rest);
  reals to_spurious =
      conv_squared_output(s.mean - c.spurious_mean, s.contrast - c.spurious_contrast, s.rest);
  integers good = phi <= c.angle && to_global <= c.squared_radius;
  integers bad = m.left <= 2 * c.angle && to_spurious <= c.squared_spurious_radius;
  integers near = bad ? (integers)(CONV_SPURIOUS) : (integers)(CONV_UNDECIDED);
  return good ? (integers)(CONV_GLOBAL) : near;
}

/* (s/4pi) [(pi+b-1)(||a||^2 + ||b*||^2) + k (mean^2 + mean*^2) - 2 ((G-1) q + k mean mean*)] */
BASIN_FUNCTION reals conv_population_loss(conv_state s, conv_geometry m, conv_cell c) {
  reals squares = conv_squared_output(s.mean, s.contrast, s.rest) + c.squared_output;
  reals sums = BASIN_FMA(s.mean, s.mean, (reals)(c.mean * c.mean)) * c.patches;
  reals cross = BASIN_FMA(m.g - 1, conv_product(s, c), s.mean * (c.patches * c.mean));
  return CONV_BENT(squares * (CONV_TILTED(CONV_PI, c) - 1) + sums - 2 * cross, c) / (4 * CONV_PI);
}

#else

#if BASIN_LEAKY
#define CONV_GAMMA(beta, k, c) ((beta) + (k) * (1 + (c).slope * (c).slope) / (2 * (c).bent))
#else
#define CONV_GAMMA(beta, k, c) ((beta) + (k) / 2)
#endif

/*
 * Population descent with average output: w <- w - (s eta/k^2) [2 gamma w - (k/pi) (||w*|| sin phi w/||w||
 * + (pi - phi + b) w*) - 2 beta ||w*|| w/||w||], beta = (k^2 - k)/2pi, gamma = beta + k (1 + alpha^2) / 2s.
 */
BASIN_FUNCTION conv_state conv_population_step(conv_state s, conv_geometry m, conv_cell c) {
  conv_state next = s;
  real k = c.patches;
  real scale = CONV_BENT(c.step_size, c) / (k * k);
  real beta = (k * k - k) / (2 * CONV_PI);
  real turn = scale * (k / CONV_PI) * c.filter_norm;
  reals pull = BASIN_FMA(m.sine, (reals)(turn), (reals)(2 * scale * beta * c.filter_norm)) / m.norm;
  reals keep = pull + (1 - 2 * scale * CONV_GAMMA(beta, k, c));
  next.x = BASIN_FMA(s.x, keep, CONV_TILTED(m.left, c) * turn);
  next.y = BASIN_ABS(s.y * keep);
  return next;
}

BASIN_FUNCTION integers conv_verdict(conv_state s, conv_geometry m, conv_cell c) {
  return (integers)(CONV_UNDECIDED);
}

/* ||w - w*|| <= distance; without overlap nothing is spurious. */
BASIN_FUNCTION integers conv_near(conv_state s, conv_geometry m, conv_cell c) {
  reals along = s.x - c.filter_norm;
  integers good = BASIN_FMA(along, along, s.y * s.y) <= c.squared_distance;
  return good ? (integers)(CONV_GLOBAL) : (integers)(CONV_UNDECIDED);
}

/* (s/k^2) [ gamma (||w||^2 + ||w*||^2) - (k/pi) ||w|| ||w*|| G - 2 beta ||w|| ||w*|| ] */
BASIN_FUNCTION reals conv_population_loss(conv_state s, conv_geometry m, conv_cell c) {
  real k = c.patches;
  real beta = (k * k - k) / (2 * CONV_PI);
  reals squares = (m.squared_norm + c.filter_norm * c.filter_norm) * CONV_GAMMA(beta, k, c);
  reals cross = m.norm * c.filter_norm * BASIN_FMA(m.g, (reals)(k / CONV_PI), (reals)(2 * beta));
  return CONV_BENT(squares - cross, c) / (k * k);
}

#endif

/* What ends a restart of the population and the online oracles. */
BASIN_FUNCTION integers conv_end(conv_state s, conv_geometry m, conv_cell c) {
#if BASIN_VERDICT
  integers end = conv_verdict(s, m, c);
#else
  integers end = conv_near(s, m, c);
#endif
  return conv_diverged(s, m.squared_norm, c) ? (integers)(CONV_DIVERGED) : end;
}

/* Phase one is over within pi/4 of the teacher's direction with a'b* >= ||b*||^2 / 2, or of the opposite. */
BASIN_FUNCTION integers conv_phase_one_over(conv_state s, conv_geometry m, conv_cell c) {
#if BASIN_LEARNED
  integers enough = conv_product(s, c) >= BASIN_REAL(0.5) * c.squared_output;
#else
  integers enough = m.left >= 0;
#endif
  integers good = m.left >= BASIN_REAL(0.75) * CONV_PI && enough;
  return m.left <= BASIN_REAL(0.25) * CONV_PI || good;
}
