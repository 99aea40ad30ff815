/*
 * The full filter and output weights of a random start, the twin of ConvStart.filter and .output:
 * a uniform direction beside the teacher's axes, and on the axes the invariants that conv_start
 * gave. In double precision the bits are the same.
 *
 * BASIN_P is the length p of the filter v, BASIN_K the number k of output weights a; component c of
 * v stands at v[c * stride]. Where v or a is an array that must lie in registers, an index must be
 * a number to the compiler: there BASIN_UNROLL_FILTER and BASIN_UNROLL_OUTPUT are the lengths, so
 * that loops over components are unrolled whole. Elsewhere they are absent and the loops stay
 * loops, which compile faster and fit the instruction cache.
 *
 * Needs start.h.
 */

#ifndef BASIN_UNROLL_FILTER
#define BASIN_UNROLL_FILTER 1
#endif
#ifndef BASIN_UNROLL_OUTPUT
#define BASIN_UNROLL_OUTPUT 1
#endif

#ifdef BASIN_P
#if BASIN_FILTER_LAW == 1
/* v, length BASIN_P, of each restart; with the invariants `start` for the given unit filter. */
BASIN_FUNCTION void conv_start_filter(
    streams s, words index, int p, conv_state start, BASIN_GLOBAL const real *unit_filter,
    BASIN_FILTER_SPACE reals *v, int stride) {
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int first = 0; first < BASIN_P; first += 4) {
    words block[4];
    philox_block(s, BASIN_PURPOSE_FILTER_START, (words)0u, (words)((word)first / 4u), block);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_P) {
        v[(first + i) * stride] = start_filter_sign(start_symmetric(block[i]), index);
      }
    }
  }
}
#else
/* v becomes a uniform unit vector orthogonal to the axis. */
BASIN_FUNCTION void start_filter_direction(
    streams s, BASIN_GLOBAL const real *axis, BASIN_FILTER_SPACE reals *v, int stride) {
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int first = 0; first < BASIN_P; first += 4) {
    reals normals[4];
    gaussian_block(
        s, BASIN_PURPOSE_FILTER_REST, (words)0u, (words)((word)first / 4u), normals);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_P) {
        v[(first + i) * stride] = normals[i];
      }
    }
  }
  /* Twice is enough: the second pass removes what rounding left of the first. */
  for (int pass = 0; pass < 2; pass++) {
    reals along = (reals)(BASIN_REAL(0.0));
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int c = 0; c < BASIN_P; c++) {
      along += v[c * stride] * axis[c];
    }
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int c = 0; c < BASIN_P; c++) {
      v[c * stride] -= along * axis[c];
    }
  }
  reals norm = (reals)(BASIN_REAL(0.0));
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    norm += v[c * stride] * v[c * stride];
  }
  norm = BASIN_SQRT(norm);
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    v[c * stride] /= norm;
  }
}

/* v, length BASIN_P, of each restart; with the invariants `start` for the given unit filter. */
BASIN_FUNCTION void conv_start_filter(
    streams s, words index, int p, conv_state start, BASIN_GLOBAL const real *unit_filter,
    BASIN_FILTER_SPACE reals *v, int stride) {
  start_filter_direction(s, unit_filter, v, stride);
  reals x = start_filter_sign(start.x, index);
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    reals sum = x * unit_filter[c] + start.y * v[c * stride];
    v[c * stride] = start_filter_sign(sum, index);
  }
}
#endif
#endif

#ifdef BASIN_K
/* a becomes a uniform unit vector orthogonal to both axes. */
BASIN_FUNCTION void start_output_direction(
    streams s, BASIN_GLOBAL const real *mean_axis, BASIN_GLOBAL const real *contrast_axis,
    BASIN_OUTPUT_SPACE reals *a, int stride) {
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int first = 0; first < BASIN_K; first += 4) {
    reals normals[4];
    gaussian_block(
        s, BASIN_PURPOSE_OUTPUT_REST, (words)0u, (words)((word)first / 4u), normals);
    BASIN_UNROLL(4)
    for (int i = 0; i < 4; i++) {
      if (first + i < BASIN_K) {
        a[(first + i) * stride] = normals[i];
      }
    }
  }
  /* Both axes in turn, and again. */
  for (int pass = 0; pass < 4; pass++) {
    BASIN_GLOBAL const real *axis = pass % 2 == 0 ? mean_axis : contrast_axis;
    reals along = (reals)(BASIN_REAL(0.0));
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      along += a[j * stride] * axis[j];
    }
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      a[j * stride] -= along * axis[j];
    }
  }
  reals norm = (reals)(BASIN_REAL(0.0));
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    norm += a[j * stride] * a[j * stride];
  }
  norm = BASIN_SQRT(norm);
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    a[j * stride] /= norm;
  }
}

/* a, length BASIN_K, of each restart; with the invariants `start` for the given axes. */
BASIN_FUNCTION void conv_start_output(
    streams s, words index, int k, conv_state start, BASIN_GLOBAL const real *mean_axis,
    BASIN_GLOBAL const real *contrast_axis, BASIN_OUTPUT_SPACE reals *a, int stride) {
  reals zero = (reals)(BASIN_REAL(0.0));
#if BASIN_K > 2 && BASIN_OUTPUT_LAW < 3
  start_output_direction(s, mean_axis, contrast_axis, a, stride);
#else
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    a[j * stride] = zero;
  }
#endif
  reals mean = start_output_sign(start.mean, index);
  reals contrast = start_output_sign(start.contrast, index);
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    /* A rest of 0 has no direction. */
    reals beside = start.rest > zero ? a[j * stride] : zero;
    reals sum = mean * mean_axis[j] + contrast * contrast_axis[j] + start.rest * beside;
    a[j * stride] = start_output_sign(sum, index);
  }
}
#endif
