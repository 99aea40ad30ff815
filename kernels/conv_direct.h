/*
 * The network on inputs that are there: f(Z) = sum_j a_j sigma(v.Z_j) / ||v|| with learned output, (1/k) sum_j
 * sigma(v.Z_j) with average output; sigma(z) = z above 0, slope z elsewhere. Every form of the direct kernel sums in this order: coordinates of a patch,
 * patches of an input, inputs of a batch.
 *
 * Arrays hold BASIN_VECTORS vectors of restarts for each coordinate or weight: BASIN_FILTER_STRIDE and
 * BASIN_OUTPUT_STRIDE vectors apart. An input's number is one for all restarts, or, where they draw their
 * own, one for each (BASIN_INPUT). An input has BASIN_D numbers; patch j begins at number j BASIN_STRIDE, which is
 * BASIN_P unless patches overlap (BASIN_OVERLAPS).
 */

/*
 * Where an input is read anew, `zero` being what no compiler knows: its numbers are not kept in registers since they
 * were drawn or last read. Where they are kept, nothing.
 */
#define CONV_ANEW(z, zero) ((z) + 4 * BASIN_REREAD * (zero))

/* How often loops over the coordinates of one restart's own input are unrolled. */
#if BASIN_SOURCE == 0 && !BASIN_REREAD
#define CONV_UNROLL_INPUT BASIN_UNROLL_FILTER
#else
#define CONV_UNROLL_INPUT 1
#endif

/*
 * Forward pass of BASIN_PATCHES patches that follow one another, so many at once as registers allow: hidden_j =
 * sigma(v.z_j) / ||v||, back_j = a_j sigma'(v.z_j); adds a_j hidden_j to the output.
 */
BASIN_FUNCTION void conv_forward(
    BASIN_INPUT_SPACE const BASIN_INPUT *z, const reals *v, const reals *per_norm, real slope,
    BASIN_OUTPUT_SPACE const reals *weight, BASIN_OUTPUT_SPACE reals *hidden, reals *output, reals *back) {
  reals sum[BASIN_PATCHES * WORK_VECTORS];
  BASIN_UNROLL(BASIN_PATCHES * WORK_VECTORS)
  for (int n = 0; n < BASIN_PATCHES * WORK_VECTORS; n++) {
    sum[n] = 0;
  }
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    BASIN_UNROLL(BASIN_PATCHES)
    for (int j = 0; j < BASIN_PATCHES; j++) {
      BASIN_UNROLL(WORK_VECTORS)
      for (int i = 0; i < WORK_VECTORS; i++) {
        sum[j * WORK_VECTORS + i] = BASIN_FMA(
            v[c * WORK_VECTORS + i], (reals)(z[j * BASIN_STRIDE + c]), sum[j * WORK_VECTORS + i]);
      }
    }
  }
  BASIN_UNROLL(BASIN_PATCHES)
  for (int j = 0; j < BASIN_PATCHES; j++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      reals own = sum[j * WORK_VECTORS + i];
      reals a = weight[j * BASIN_OUTPUT_STRIDE + i];
      reals active = own > 0 ? own * per_norm[i] : CONV_BELOW(reals, own * per_norm[i], slope);
      hidden[j * BASIN_OUTPUT_STRIDE + i] = active;
      back[j * WORK_VECTORS + i] = own > 0 ? a : CONV_BELOW(reals, a, slope);
      output[i] = BASIN_FMA(a, active, output[i]);
    }
  }
}

#if BASIN_TWO_PASSES

/*
 * Backward pass of an input once its residual r is known: adds r sum_j back_j z_j, BASIN_COORDINATES at once. For a
 * CPU, which reads an input twice at no cost and has no register for a sum that waits for r.
 */
BASIN_FUNCTION void conv_backward(
    BASIN_INPUT_SPACE const BASIN_INPUT *z, const reals *r, const reals *back, reals *filter_gradient) {
  BASIN_UNROLL(1)
  for (int first = 0; first < BASIN_P; first += BASIN_COORDINATES) {
    reals pull[BASIN_COORDINATES * WORK_VECTORS];
    BASIN_UNROLL(BASIN_COORDINATES * WORK_VECTORS)
    for (int n = 0; n < BASIN_COORDINATES * WORK_VECTORS; n++) {
      pull[n] = 0;
    }
    BASIN_UNROLL(1)
    for (int j = 0; j < BASIN_K; j++) {
      BASIN_UNROLL(BASIN_COORDINATES)
      for (int c = 0; c < BASIN_COORDINATES; c++) {
        BASIN_UNROLL(WORK_VECTORS)
        for (int i = 0; i < WORK_VECTORS; i++) {
          pull[c * WORK_VECTORS + i] = BASIN_FMA(
              back[j * WORK_VECTORS + i], (reals)(z[j * BASIN_STRIDE + first + c]), pull[c * WORK_VECTORS + i]);
        }
      }
    }
    BASIN_UNROLL(BASIN_COORDINATES)
    for (int c = 0; c < BASIN_COORDINATES; c++) {
      BASIN_UNROLL(WORK_VECTORS)
      for (int i = 0; i < WORK_VECTORS; i++) {
        int at = (first + c) * WORK_VECTORS + i;
        filter_gradient[at] = BASIN_FMA(r[i], pull[c * WORK_VECTORS + i], filter_gradient[at]);
      }
    }
  }
}

#else

/* Both passes at once: adds back_j z_j to `pull`, which the residual multiplies later. */
BASIN_FUNCTION void conv_patches(
    BASIN_INPUT_SPACE const BASIN_INPUT *z, const reals *v, const reals *per_norm, real slope,
    BASIN_OUTPUT_SPACE const reals *weight, BASIN_OUTPUT_SPACE reals *hidden, reals *output, reals *pull,
    int zero) {
  reals back[BASIN_PATCHES * WORK_VECTORS];
  conv_forward(z, v, per_norm, slope, weight, hidden, output, back);
  BASIN_INPUT_SPACE const BASIN_INPUT *again = CONV_ANEW(z, zero);
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      reals add = pull[c * WORK_VECTORS + i];
      BASIN_UNROLL(BASIN_PATCHES)
      for (int j = 0; j < BASIN_PATCHES; j++) {
        add = BASIN_FMA(back[j * WORK_VECTORS + i], (reals)(again[j * BASIN_STRIDE + c]), add);
      }
      pull[c * WORK_VECTORS + i] = add;
    }
  }
}

#endif

/*
 * w*.z, of which the label is a*_j sigma(w*.z). The teacher's filter is zero from coordinate BASIN_TEACHER_SUPPORT on.
 * A macro, as one number serves all restarts where they share inputs.
 */
#define CONV_SEEN(type, result, z, filter) \
  type result = (z)[0] * (type)((filter)[0]); \
  BASIN_UNROLL(CONV_UNROLL_INPUT) \
  for (int c_ = 1; c_ < BASIN_TEACHER_SUPPORT; c_++) { \
    result = BASIN_FMA((z)[c_], (type)((filter)[c_]), result); \
  }

/* Residual r of an input, and what it adds to the sums: r pull, r hidden_j, r^2. Empties `pull`. */
BASIN_FUNCTION void conv_residual(
    const reals *output, BASIN_INPUT label, BASIN_OUTPUT_SPACE const reals *hidden,
#if BASIN_TWO_PASSES
    BASIN_INPUT_SPACE const BASIN_INPUT *z, const reals *back,
#else
    reals *pull,
#endif
    reals *filter_gradient, BASIN_OUTPUT_SPACE reals *output_gradient, reals *squares) {
  reals r[WORK_VECTORS];
  BASIN_UNROLL(WORK_VECTORS)
  for (int i = 0; i < WORK_VECTORS; i++) {
    r[i] = output[i] - label;
    squares[i] = BASIN_FMA(r[i], r[i], squares[i]);
  }
#if BASIN_TWO_PASSES
  conv_backward(z, r, back, filter_gradient);
#else
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      int at = c * WORK_VECTORS + i;
      filter_gradient[at] = BASIN_FMA(r[i], pull[at], filter_gradient[at]);
      pull[at] = 0;
    }
  }
#endif
#if BASIN_LEARNED
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      int at = j * BASIN_OUTPUT_STRIDE + i;
      output_gradient[at] = BASIN_FMA(r[i], hidden[at], output_gradient[at]);
    }
  }
#endif
}

/*
 * Turns sums into the gradient: over the batch, and, with weight normalization, (I - v v'/||v||^2) / ||v|| times
 * the gradient in v/||v||. Returns its squared norm. The loss of average output has no 1/2: twice the gradient.
 */
BASIN_FUNCTION reals conv_finish_gradient(
    int i, const reals *v, reals per_norm, int batch, reals *filter_gradient,
    BASIN_OUTPUT_SPACE reals *output_gradient) {
  reals squares = 0;
#if BASIN_LEARNED
  reals per_batch = BASIN_REAL(1.0) / batch;
  reals radial = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    radial = BASIN_FMA(filter_gradient[c * WORK_VECTORS + i], v[c * WORK_VECTORS + i], radial);
  }
  radial = radial * per_norm * per_norm;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    int at = c * WORK_VECTORS + i;
    filter_gradient[at] =
        BASIN_FMA(-radial, v[at], filter_gradient[at]) * per_norm * per_batch;
    squares = BASIN_FMA(filter_gradient[at], filter_gradient[at], squares);
  }
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    int at = j * BASIN_OUTPUT_STRIDE + i;
    output_gradient[at] = output_gradient[at] * per_batch;
    squares = BASIN_FMA(output_gradient[at], output_gradient[at], squares);
  }
#else
  reals per_batch = BASIN_REAL(2.0) / batch;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    int at = c * WORK_VECTORS + i;
    /* The weight 1/k is in `pull` already. */
    filter_gradient[at] = filter_gradient[at] * per_batch;
    squares = BASIN_FMA(filter_gradient[at], filter_gradient[at], squares);
  }
#endif
  return squares;
}

/* x and y of the filter: along and beside the teacher's. */
BASIN_FUNCTION void conv_beside_teacher(
    conv_state *s, int i, const reals *v, BASIN_GLOBAL const real *unit_filter, int zero) {
  reals x = 0, y = 0;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    x = BASIN_FMA(v[c * WORK_VECTORS + i], (reals)(unit_filter[c]), x);
  }
  unit_filter += zero;
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    reals left = BASIN_FMA(-x, (reals)(unit_filter[c]), v[c * WORK_VECTORS + i]);
    y = BASIN_FMA(left, left, y);
  }
  s->x = x;
  s->y = BASIN_SQRT(y);
}
