/*
 * Over-parameterized networks (DU19, DZ19): what one restart has in memory, and everything of a step
 * but the products of matrices. Layers h = 1 ... H, rows (i, p) for position p of sample i:
 *
 *   Z_h = Phi_h W_h^T    X_h = skip X_(h-1) + gain sigma(Z_h)    f_i = sum_p <a_p, X_H,ip>
 *   B_H = c_i a_p        D_h = B_h o gain sigma'(Z_h)            B_(h-1) = skip B_h + fold(D_h W_h)
 *   W_h += D_h^T Phi_h   a_p += sum_i c_i X_H,ip
 *
 * Phi_h has the columns of X_(h-1) that a unit sees side by side, fold is its transpose. With c_i = 1
 * the D_h are derivatives of f_i, with c_i = -eta r_i a step is made, with c_i = r_i the target, all
 * zeros before, gets the gradient. Z_h, its slopes and D_h follow one another in the same place.
 *
 * A function does part `part` of `parts` of its work, with all work-items of a group. Sums run in an
 * order that depends on nothing: an output is DEEP_LANES sums over every DEEP_LANES-th term, then
 * their sum. A restart whose idle flag is set gets zeros for X_h and D_h: no weight of it changes.
 *
 * Needs deep_activation.h.
 */

/* The shape, as DeepShape writes it. Strides are in numbers. */
#define DEEP_RESTARTS 0
#define DEEP_SAMPLES 1
#define DEEP_POSITIONS 2
#define DEEP_WINDOW 3
#define DEEP_WIDTH 4
#define DEEP_DEPTH 5
#define DEEP_CHANNELS 6
#define DEEP_SKIP 7
#define DEEP_ACTIVATION 8
#define DEEP_TRAINS_OUTPUT 9
#define DEEP_WEIGHTS 10
#define DEEP_FIRST_WEIGHTS 11
#define DEEP_REST_WEIGHTS 12
#define DEEP_STATE 13
#define DEEP_SCRATCH 14
#define DEEP_INPUTS 15
#define DEEP_LABELS 16
#define DEEP_LOSSES 17
#define DEEP_GRAM 18
#define DEEP_KERNEL 19

#define DEEP_LANES 32

/* What the output is multiplied by on its way back. */
#define DEEP_UNIT 0
#define DEEP_STEP 1

/* Parameters of every kernel, and their names. */
#define DEEP_PARAMETERS                                                                           \
  BASIN_GLOBAL const int *shape, BASIN_GLOBAL const real *gains, BASIN_GLOBAL const int *number,  \
      BASIN_GLOBAL int *idle, BASIN_GLOBAL real *weights, BASIN_GLOBAL real *target,              \
      BASIN_GLOBAL real *states, BASIN_GLOBAL real *slopes, BASIN_GLOBAL real *back,              \
      BASIN_GLOBAL real *scratch, BASIN_GLOBAL const real *inputs,                                \
      BASIN_GLOBAL const real *labels, BASIN_GLOBAL real *outputs, BASIN_GLOBAL const real *rule, \
      BASIN_GLOBAL real *losses, BASIN_GLOBAL real *grams, BASIN_GLOBAL real *kernels
#define DEEP_NAMES                                                                             \
  shape, gains, number, idle, weights, target, states, slopes, back, scratch, inputs, labels, \
      outputs, rule, losses, grams, kernels

/* One restart. */
typedef struct {
  BASIN_GLOBAL const int *shape;
  int samples, positions, window, width, depth, rows, outputs;
  BASIN_GLOBAL int *idle;
  BASIN_GLOBAL const real *gains, *inputs, *labels, *rule;
  BASIN_GLOBAL real *weights, *target, *states, *slopes, *back, *scratch, *partial, *residuals;
  BASIN_GLOBAL real *losses, *inputs_gram, *back_gram, *tangent, *last;
} deep_restart;

BASIN_FUNCTION deep_restart deep_of(int restart, DEEP_PARAMETERS) {
  deep_restart d;
  wide r = (wide)restart;
  d.shape = shape;
  d.gains = gains;
  d.samples = shape[DEEP_SAMPLES];
  d.positions = shape[DEEP_POSITIONS];
  d.window = shape[DEEP_WINDOW];
  d.width = shape[DEEP_WIDTH];
  d.depth = shape[DEEP_DEPTH];
  d.rows = d.samples * d.positions;
  d.outputs = d.positions * d.width;
  d.idle = idle + r;
  d.weights = weights + r * shape[DEEP_WEIGHTS];
  d.target = target + r * shape[DEEP_WEIGHTS];
  d.states = states + r * d.depth * shape[DEEP_STATE];
  d.slopes = slopes + r * d.depth * shape[DEEP_STATE];
  d.back = back + r * shape[DEEP_STATE];
  d.scratch = scratch + r * shape[DEEP_SCRATCH];
  d.inputs = inputs + r * shape[DEEP_INPUTS];
  d.labels = labels + r * shape[DEEP_LABELS];
  d.residuals = outputs + r * d.samples * (1 + DEEP_LANES);
  d.partial = d.residuals + d.samples;
  d.rule = rule + 3 * r;
  d.losses = losses + r * shape[DEEP_LOSSES];
  d.inputs_gram = grams + 2 * r * shape[DEEP_GRAM];
  d.back_gram = d.inputs_gram + shape[DEEP_GRAM];
  d.tangent = kernels + 2 * r * shape[DEEP_KERNEL];
  d.last = d.tangent + shape[DEEP_KERNEL];
  return d;
}

/* Entries of a column of X_h. */
BASIN_FUNCTION int deep_channels(deep_restart d, int h) {
  return h == 0 ? d.shape[DEEP_CHANNELS] : d.width;
}

/* Where W_h begins; for h = H + 1: the output weights. */
BASIN_FUNCTION int deep_layer(deep_restart d, int h) {
  return h == 1 ? 0 : d.shape[DEEP_FIRST_WEIGHTS] + (h - 2) * d.shape[DEEP_REST_WEIGHTS];
}

/* Where X_h, h >= 1, and what is as large as it begin among the states. */
BASIN_FUNCTION int deep_state(deep_restart d, int h) { return (h - 1) * d.shape[DEEP_STATE]; }

BASIN_FUNCTION BASIN_GLOBAL const real *deep_x(deep_restart d, int h) {
  return h == 0 ? d.inputs : d.states + deep_state(d, h);
}

BASIN_FUNCTION int deep_skips(deep_restart d, int h) { return h > 1 && d.shape[DEEP_SKIP]; }

/* c_i. */
BASIN_FUNCTION real deep_seed_of(deep_restart d, int sample, int mode) {
  real residual = d.residuals[sample];
  if (mode == DEEP_UNIT) {
    return BASIN_REAL(1.0);
  }
  return mode == DEEP_STEP ? -(d.rule[0] * residual) : residual;
}

/* Phi_h into the scratch. */
BASIN_FUNCTION void deep_unfold(deep_restart d, int h, int part, int parts) {
  int channels = deep_channels(d, h - 1);
  BASIN_GLOBAL const real *x = deep_x(d, h - 1);
  for (int row = part; row < d.rows; row += parts) {
    for (int seen = 0; seen < d.window; seen++) {
      int from = row % d.positions + seen - d.window / 2;
      int inside = from >= 0 && from < d.positions;
      BASIN_GLOBAL const real *source = x + (row + (inside ? seen - d.window / 2 : 0)) * channels;
      BASIN_GLOBAL real *to = d.scratch + (row * d.window + seen) * channels;
      for (int c = BASIN_ITEM; c < channels; c += BASIN_GROUP_SIZE) {
        to[c] = inside ? source[c] : BASIN_REAL(0.0);
      }
    }
  }
}

/* B_(h-1) = skip B_h + fold of the scratch. */
BASIN_FUNCTION void deep_fold(deep_restart d, int h, int part, int parts) {
  for (int row = part; row < d.rows; row += parts) {
    BASIN_GLOBAL real *to = d.back + row * d.width;
    for (int c = BASIN_ITEM; c < d.width; c += BASIN_GROUP_SIZE) {
      real sum = deep_skips(d, h) ? to[c] : BASIN_REAL(0.0);
      for (int seen = 0; seen < d.window; seen++) {
        int by = row % d.positions - seen + d.window / 2;
        if (by >= 0 && by < d.positions) {
          sum += d.scratch[((row - seen + d.window / 2) * d.window + seen) * d.width + c];
        }
      }
      to[c] = sum;
    }
  }
}

/* X_h of Z_h, which gives way to gain sigma'(Z_h). */
BASIN_FUNCTION void deep_activate(deep_restart d, int h, int part, int parts) {
  int which = d.shape[DEEP_ACTIVATION];
  int skips = deep_skips(d, h);
  reals gain = (reals)(d.gains[h > 1]);
  BASIN_GLOBAL real *x = d.states + deep_state(d, h);
  BASIN_GLOBAL real *z = d.slopes + deep_state(d, h);
  BASIN_GLOBAL const real *before = skips ? deep_x(d, h - 1) : x;
  int at = (part * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH;
  for (; at < d.rows * d.width; at += parts * BASIN_GROUP_SIZE * BASIN_WIDTH) {
    reals slope;
    reals value = deep_activation(which, BASIN_LOAD(z + at), &slope) * gain;
    value = skips ? BASIN_LOAD(before + at) + value : value;
    /* A diverged restart may have numbers that are not finite: zero times them would be no zero. */
    value = *d.idle ? (reals)(BASIN_REAL(0.0)) : value;
    BASIN_STORE(value, x + at);
    slope = slope * gain;
    BASIN_STORE(slope, z + at);
  }
}

/* Parts of the outputs, DEEP_LANES to a sample. */
BASIN_FUNCTION void deep_output(deep_restart d, int part, int parts) {
  BASIN_GLOBAL const real *a = d.weights + deep_layer(d, d.depth + 1);
  BASIN_GLOBAL const real *x = deep_x(d, d.depth);
  int at = (part * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH;
  for (; at < d.samples * DEEP_LANES; at += parts * BASIN_GROUP_SIZE * BASIN_WIDTH) {
    BASIN_GLOBAL const real *row = x + at / DEEP_LANES * d.outputs;
    reals sum = (reals)(BASIN_REAL(0.0));
    for (int i = at % DEEP_LANES; i < d.outputs; i += DEEP_LANES) {
      reals more = BASIN_FMA(BASIN_LOAD(a + i), BASIN_LOAD(row + i), sum);
      sum = BASIN_WIDEN(BASIN_LANES) < (bits)(d.outputs - i) ? more : sum;
    }
    BASIN_STORE(sum, d.partial + at);
  }
}

BASIN_FUNCTION void deep_residuals(deep_restart d, int part, int parts) {
  int i = part * BASIN_GROUP_SIZE + BASIN_ITEM;
  for (; i < d.samples; i += parts * BASIN_GROUP_SIZE) {
    real sum = BASIN_REAL(0.0);
    for (int lane = 0; lane < DEEP_LANES; lane++) {
      sum += d.partial[i * DEEP_LANES + lane];
    }
    d.residuals[i] = sum - d.labels[i];
  }
}

/* Notes the loss; whether it is one that ends the restart. By one work-item. */
BASIN_FUNCTION void deep_judge(deep_restart d, int t) {
  real sum = BASIN_REAL(0.0);
  for (int i = 0; i < d.samples; i++) {
    sum = BASIN_FMA(d.residuals[i], d.residuals[i], sum);
  }
  real loss = sum / BASIN_REAL(2.0);
  d.losses[t] = loss;
  *d.idle = loss > d.rule[1] && loss <= d.rule[2] ? 0 : 1;
}

/* B_H. */
BASIN_FUNCTION void deep_seed(deep_restart d, int mode, int part, int parts) {
  BASIN_GLOBAL const real *a = d.weights + deep_layer(d, d.depth + 1);
  for (int i = part; i < d.samples; i += parts) {
    real seed = *d.idle ? BASIN_REAL(0.0) : deep_seed_of(d, i, mode);
    for (int c = BASIN_ITEM; c < d.outputs; c += BASIN_GROUP_SIZE) {
      d.back[i * d.outputs + c] = seed * a[c];
    }
  }
}

/* D_h of B_h and the slopes. */
BASIN_FUNCTION void deep_sensitivities(deep_restart d, int h, int part, int parts) {
  BASIN_GLOBAL real *slopes = d.slopes + deep_state(d, h);
  int at = (part * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH;
  for (; at < d.rows * d.width; at += parts * BASIN_GROUP_SIZE * BASIN_WIDTH) {
    reals product = BASIN_LOAD(d.back + at) * BASIN_LOAD(slopes + at);
    product = *d.idle ? (reals)(BASIN_REAL(0.0)) : product;
    BASIN_STORE(product, slopes + at);
  }
}

/* The output weights' step, or gradient. */
BASIN_FUNCTION void deep_output_step(deep_restart d, int mode, int part, int parts) {
  BASIN_GLOBAL real *a = d.target + deep_layer(d, d.depth + 1);
  BASIN_GLOBAL const real *x = deep_x(d, d.depth);
  int at = (part * BASIN_GROUP_SIZE + BASIN_ITEM) * BASIN_WIDTH;
  for (; !*d.idle && at < d.outputs; at += parts * BASIN_GROUP_SIZE * BASIN_WIDTH) {
    reals sum = BASIN_LOAD(a + at);
    for (int i = 0; i < d.samples; i++) {
      reals seed = (reals)(deep_seed_of(d, i, mode));
      sum = BASIN_FMA(seed, BASIN_LOAD(x + i * d.outputs + at), sum);
    }
    BASIN_STORE(sum, a + at);
  }
}

/*
 * Adds layer h to the tangent kernel: sums over positions of products of the inner products of Phi_h
 * and of D_h. Layer 1 comes first, layer H last; then h = 0, the output weights.
 */
BASIN_FUNCTION void deep_gram(deep_restart d, int h, int part, int parts) {
  int e = part * BASIN_GROUP_SIZE + BASIN_ITEM;
  for (; e < d.samples * d.samples; e += parts * BASIN_GROUP_SIZE) {
    real sum = BASIN_REAL(0.0);
    for (int p = 0; p < d.positions; p++) {
      int row = (e / d.samples * d.positions + p) * d.rows + e % d.samples * d.positions;
      for (int q = 0; q < d.positions; q++) {
        real other = h == 0 ? (p == q ? BASIN_REAL(1.0) : BASIN_REAL(0.0)) : d.back_gram[row + q];
        sum = BASIN_FMA(d.inputs_gram[row + q], other, sum);
      }
    }
    d.tangent[e] = h == 1 ? sum : d.tangent[e] + sum;
    d.last[e] = h == 0 ? d.last[e] : sum;
  }
}
