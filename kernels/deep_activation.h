/*
 * Activations of over-parameterized networks and their slopes, by the number that the shape has for
 * them: all restarts of a launch take the same branch. The twin of backend.cpu's activation tile,
 * in its order: by polynomials, add, multiply, divide and bit operations alone.
 *
 *   softplus  max(z, 0) + ln(1 + e), e = e^-|z|    1 / (1 + e) above 0, e / (1 + e) below
 *   ReLU      max(z, 0)                            1 above 0
 *   tanh      -m / (2 + m), m = e^(-2|z|) - 1      (1 - t)(1 + t)
 *   erf       1 - e^(ln(1 - erf |z|))              2 / sqrt(pi) e^(-z z)
 *
 * Needs elementary.h.
 */

#define DEEP_SOFTPLUS 0
#define DEEP_RELU 1
#define DEEP_TANH 2

#define DEEP_ZERO ((reals)(BASIN_REAL(0.0)))
#define DEEP_ONE ((reals)(BASIN_REAL(1.0)))
#define DEEP_TWO_PER_ROOT_PI ((reals)(BASIN_REAL(1.1283791670955126)))

/* From here on erf is 1 to rounding. */
#if BASIN_DOUBLE
#define DEEP_ERF_END ((reals)(BASIN_REAL(6.0)))
#else
#define DEEP_ERF_END ((reals)(BASIN_REAL(4.0)))
#endif

BASIN_FUNCTION reals deep_softplus(reals z, reals *slope) {
  reals e = elementary_expm1(-BASIN_ABS(z)) + DEEP_ONE;
  reals sum = e + DEEP_ONE;
  *slope = (z < DEEP_ZERO ? e : DEEP_ONE) / sum;
  return elementary_ln(sum) + (z > DEEP_ZERO ? z : DEEP_ZERO);
}

BASIN_FUNCTION reals deep_relu(reals z, reals *slope) {
  *slope = z > DEEP_ZERO ? DEEP_ONE : DEEP_ZERO;
  return z > DEEP_ZERO ? z : DEEP_ZERO;
}

BASIN_FUNCTION reals deep_tanh(reals z, reals *slope) {
  reals m = elementary_expm1(BASIN_ABS(z) * (reals)(BASIN_REAL(-2.0)));
  reals t = m / (m + DEEP_ONE + DEEP_ONE);
  reals value = z < DEEP_ZERO ? t : -t;
  *slope = (DEEP_ONE - value) * (DEEP_ONE + value);
  return value;
}

BASIN_FUNCTION reals deep_erf(reals z, reals *slope) {
  reals size = BASIN_ABS(z);
  reals bounded = size > DEEP_ERF_END ? DEEP_ERF_END : size;
  reals less = elementary_expm1(-(bounded * BASIN_POLYNOMIAL_ERROR_FUNCTION(bounded)));
  *slope = (elementary_expm1(-(z * z)) + DEEP_ONE) * DEEP_TWO_PER_ROOT_PI;
  return z < DEEP_ZERO ? less : -less;
}

/* sigma(z), and its slope. */
BASIN_FUNCTION reals deep_activation(int which, reals z, reals *slope) {
  if (which == DEEP_SOFTPLUS) {
    return deep_softplus(z, slope);
  }
  if (which == DEEP_RELU) {
    return deep_relu(z, slope);
  }
  return which == DEEP_TANH ? deep_tanh(z, slope) : deep_erf(z, slope);
}
