/*
 * The full filter and output weights of a random start, the twin of ConvStart.filter and .output:
 * a uniform direction beside the teacher's axes, and on the axes the invariants that conv_start
 * gave. In double precision the bits are the same.
 *
 * BASIN_P is the length p of the filter v, BASIN_K the number k of output weights a; component c of
 * v stands at v[c]. All loops stay loops, also on a GPU, where v and a lie in local memory for that:
 * a start is drawn once, and unrolled it would take more code and registers than the steps.
 *
 * Needs start.h.
 */

#ifdef BASIN_P
#if BASIN_FILTER_LAW == 1
/* v, length BASIN_P, of each restart; with the invariants `start` for the given unit filter. */
BASIN_FUNCTION void conv_start_filter(
    streams s, words index, int p, conv_state start, BASIN_GLOBAL const real *unit_filter,
    reals *v) {
  BASIN_UNROLL(1)
  for (int first = 0; first < BASIN_P; first += 4) {
    words block[4];
    philox_block(s, BASIN_PURPOSE_FILTER_START, (words)0u, (words)((word)first / 4u), block);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_P) {
        v[first + i] = start_filter_sign(start_symmetric(block[i]), index);
      }
    }
  }
}
#elif BASIN_FILTER_LAW == 3
/* v, length BASIN_P, of each restart: the same for all. */
BASIN_FUNCTION void conv_start_filter(
    streams s, words index, int p, conv_state start, BASIN_GLOBAL const real *unit_filter,
    reals *v) {
  BASIN_UNROLL(1)
  for (int c = 0; c < BASIN_P; c++) {
    v[c] = start_filter_sign((reals)(1 / BASIN_SQRT((real)BASIN_P)), index);
  }
}
#else
/* v becomes a uniform unit vector orthogonal to the axis. */
BASIN_FUNCTION void start_filter_direction(
    streams s, BASIN_GLOBAL const real *axis, reals *v) {
  BASIN_UNROLL(1)
  for (int first = 0; first < BASIN_P; first += 4) {
    reals normals[4];
    gaussian_block(
        s, BASIN_PURPOSE_FILTER_REST, (words)0u, (words)((word)first / 4u), normals);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_P) {
        v[first + i] = normals[i];
      }
    }
  }
  /* Twice is enough: the second pass removes what rounding left of the first. */
  for (int pass = 0; pass < 2; pass++) {
    reals along = (reals)(BASIN_REAL(0.0));
    BASIN_UNROLL(1)
    for (int c = 0; c < BASIN_P; c++) {
      along += v[c] * axis[c];
    }
    BASIN_UNROLL(1)
    for (int c = 0; c < BASIN_P; c++) {
      v[c] -= along * axis[c];
    }
  }
  reals norm = (reals)(BASIN_REAL(0.0));
  BASIN_UNROLL(1)
  for (int c = 0; c < BASIN_P; c++) {
    norm += v[c] * v[c];
  }
  norm = BASIN_SQRT(norm);
  BASIN_UNROLL(1)
  for (int c = 0; c < BASIN_P; c++) {
    v[c] /= norm;
  }
}

/* v, length BASIN_P, of each restart; with the invariants `start` for the given unit filter. */
BASIN_FUNCTION void conv_start_filter(
    streams s, words index, int p, conv_state start, BASIN_GLOBAL const real *unit_filter,
    reals *v) {
  start_filter_direction(s, unit_filter, v);
  reals x = start_filter_sign(start.x, index);
  BASIN_UNROLL(1)
  for (int c = 0; c < BASIN_P; c++) {
    reals sum = x * unit_filter[c] + start.y * v[c];
    v[c] = start_filter_sign(sum, index);
  }
}
#endif
#endif

#ifdef BASIN_K
/* a becomes a uniform unit vector orthogonal to both axes. */
BASIN_FUNCTION void start_output_direction(
    streams s, BASIN_GLOBAL const real *mean_axis, BASIN_GLOBAL const real *contrast_axis,
    reals *a) {
  BASIN_UNROLL(1)
  for (int first = 0; first < BASIN_K; first += 4) {
    reals normals[4];
    gaussian_block(
        s, BASIN_PURPOSE_OUTPUT_REST, (words)0u, (words)((word)first / 4u), normals);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_K) {
        a[first + i] = normals[i];
      }
    }
  }
  /* Both axes in turn, and again. */
  for (int pass = 0; pass < 4; pass++) {
    BASIN_GLOBAL const real *axis = pass % 2 == 0 ? mean_axis : contrast_axis;
    reals along = (reals)(BASIN_REAL(0.0));
    BASIN_UNROLL(1)
    for (int j = 0; j < BASIN_K; j++) {
      along += a[j] * axis[j];
    }
    BASIN_UNROLL(1)
    for (int j = 0; j < BASIN_K; j++) {
      a[j] -= along * axis[j];
    }
  }
  reals norm = (reals)(BASIN_REAL(0.0));
  BASIN_UNROLL(1)
  for (int j = 0; j < BASIN_K; j++) {
    norm += a[j] * a[j];
  }
  norm = BASIN_SQRT(norm);
  BASIN_UNROLL(1)
  for (int j = 0; j < BASIN_K; j++) {
    a[j] /= norm;
  }
}

/* a, length BASIN_K, of each restart; with the invariants `start` for the given axes. */
BASIN_FUNCTION void conv_start_output(
    streams s, words index, int k, conv_state start, BASIN_GLOBAL const real *mean_axis,
    BASIN_GLOBAL const real *contrast_axis, reals *a) {
  reals zero = (reals)(BASIN_REAL(0.0));
#if BASIN_K > 2 && BASIN_OUTPUT_LAW < 3
  start_output_direction(s, mean_axis, contrast_axis, a);
#else
  BASIN_UNROLL(1)
  for (int j = 0; j < BASIN_K; j++) {
    a[j] = zero;
  }
#endif
  reals mean = start_output_sign(start.mean, index);
  reals contrast = start_output_sign(start.contrast, index);
  BASIN_UNROLL(1)
  for (int j = 0; j < BASIN_K; j++) {
    /* A rest of 0 has no direction. */
    reals beside = start.rest > zero ? a[j] : zero;
    reals sum = mean * mean_axis[j] + contrast * contrast_axis[j] + start.rest * beside;
    a[j] = start_output_sign(sum, index);
  }
}
#endif

#if defined(BASIN_P) && defined(BASIN_K)
/* Both, for average output v alone. Once in a kernel: the vectors of a work-item call it one after the other. */
BASIN_CALLED void conv_start_weights(
    streams s, words index, real radius, BASIN_GLOBAL const real *unit_filter,
    BASIN_GLOBAL const real *mean_axis, BASIN_GLOBAL const real *contrast_axis, reals *v, reals *a) {
  conv_state start = conv_start(s, index, BASIN_P, BASIN_K, radius, unit_filter);
  conv_start_filter(s, index, BASIN_P, start, unit_filter, v);
#if BASIN_LEARNED
  conv_start_output(s, index, BASIN_K, start, mean_axis, contrast_axis, a);
#endif
}
#endif
